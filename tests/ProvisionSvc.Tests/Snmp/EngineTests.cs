using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>One question, one answer, over a network that does what networks do (reliability F37-F39, T4).</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private static readonly Mib Mib = new([new VarBind(SystemMib.SysName, SnmpValue.OctetString("sw-12"))]);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task A_variable_is_read()
    {
        await using var agent = new ScriptedAgent(Mib);

        Assert.Equal("sw-12", await NameAsync(agent.Target));
        Assert.Equal("lab"u8.ToArray(), agent.Requests.Single().Community);
    }

    [Fact]
    public async Task An_agent_on_IPv6_is_read()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var agent = new ScriptedAgent(Mib, IPAddress.IPv6Loopback);

        Assert.Equal("sw-12", await NameAsync(agent.Target));
    }

    [Fact]
    public async Task An_IPv4_address_written_as_IPv6_is_the_same_agent()
    {
        await using var agent = new ScriptedAgent(Mib);

        Assert.Equal("sw-12", await NameAsync(agent.Target with { EndPoint = new IPEndPoint(agent.EndPoint.Address.MapToIPv6(), agent.EndPoint.Port) }));
    }

    [Fact]
    public async Task A_lost_answer_is_asked_again_with_another_id()
    {
        await using var agent = new ScriptedAgent(call => call.Number < 3 ? Task.CompletedTask : call.SendAsync(Mib.Answer(call.Request)));

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Timeout = Soon, Retries = 10 }));
        Assert.Equal(agent.Requests.Count, agent.Requests.Select(request => request.Pdu.RequestId).Distinct().Count());
        Assert.True(_client.Statistics.Retries >= 2);
    }

    [Fact]
    public async Task An_agent_whose_usual_time_is_known_is_asked_again_early()
    {
        await using var agent = new ScriptedAgent(call => call.Number == 2 ? Task.CompletedTask : call.SendAsync(Mib.Answer(call.Request)));
        var patient = agent.Target with { Timeout = TimeSpan.FromMinutes(10), MaxTimeout = TimeSpan.FromMinutes(10), Retries = 1 };

        Assert.Equal("sw-12", await NameAsync(patient));
        Assert.Equal("sw-12", await NameAsync(patient)); // ends at all: within the test's time only by the early attempt
        Assert.Equal(3, agent.Requests.Count);
    }

    [Fact]
    public async Task A_late_answer_to_an_earlier_attempt_is_taken_once()
    {
        SnmpMessage? first = null;
        await using var agent = new ScriptedAgent(async call =>
        {
            first ??= call.Request;
            if (call.Number == 2)
            {
                await call.SendAsync(Mib.Answer(first));
                await call.SendAsync(Mib.Answer(first));
                await call.SendAsync(Mib.Answer(call.Request));
            }
        });

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Timeout = Soon, Retries = 10 }));
        await Eventually.IsAsync(() => _client.Statistics.Unmatched == 2);
    }

    [Fact]
    public async Task An_answer_from_another_port_is_not_heard()
    {
        await using var agent = new ScriptedAgent(call => call.SendFromElsewhereAsync(Mib.Answer(call.Request)));

        await IsNotHeardAsync(agent, () => _client.Statistics.WrongSource == 1);
    }

    [Fact]
    public async Task An_answer_with_another_id_is_not_heard()
    {
        await using var agent = new ScriptedAgent(call =>
            call.SendAsync(Mib.Answer(call.Request with { Pdu = call.Request.Pdu with { RequestId = call.Request.Pdu.RequestId ^ 1 } })));

        await IsNotHeardAsync(agent, () => _client.Statistics.Unmatched == 1);
    }

    [Fact]
    public async Task An_answer_with_another_community_is_not_heard()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(Mib.Answer(call.Request) with { Community = "other"u8.ToArray() }));

        await IsNotHeardAsync(agent, () => _client.Statistics.WrongCommunity == 1);
    }

    [Fact]
    public async Task Malformed_answers_are_dropped_and_named_when_nothing_better_comes()
    {
        await using var agent = new ScriptedAgent(async call =>
        {
            await call.SendAsync([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]);
            var datagram = ScriptedAgent.Call.Encoded(Mib.Answer(call.Request));
            datagram[^7] = 0x1F; // the tag of the value
            await call.SendAsync(datagram);
        });

        var clock = new FakeTimeProvider();
        await using var client = new SnmpClient(clock: clock);
        var question = client.GetAsync(agent.Target, [SystemMib.SysName], Ct);
        await Eventually.IsAsync(() => client.Statistics.Malformed == 2);
        clock.Advance(TimeSpan.FromMinutes(1));

        var exception = await Assert.ThrowsAsync<SnmpException>(() => question);
        Assert.Equal(SnmpFault.Malformed, exception.Fault);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task An_answer_about_another_variable_is_a_fault()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer([new VarBind(SystemMib.SysDescr, SnmpValue.OctetString("x"))])));

        Assert.Equal(SnmpFault.BadAnswer, (await FaultAsync(agent.Target)).Fault);
    }

    [Fact]
    public async Task A_silent_agent_is_a_transient_fault_that_names_it()
    {
        await using var agent = new ScriptedAgent(_ => Task.CompletedTask);

        var exception = await FaultAsync(agent.Target with { Timeout = TimeSpan.FromMilliseconds(20), Retries = 2 });
        Assert.True(exception is { Fault: SnmpFault.Timeout, IsTransient: true, OutcomeUnknown: false });
        Assert.Contains(agent.EndPoint.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("lab", exception.Message, StringComparison.Ordinal);
        await Eventually.IsAsync(() => agent.Requests.Count == 3);
    }

    [Fact]
    public async Task A_silent_agent_delays_nobody()
    {
        await using var silent = new ScriptedAgent(_ => Task.CompletedTask);
        await using var agent = new ScriptedAgent(Mib);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Enumerable.Range(0, 50).Select(_ => _client.GetAsync(silent.Target with { Timeout = TimeSpan.FromMinutes(1) }, [SystemMib.SysName], giveUp.Token)).ToArray();

        Assert.Equal("sw-12", await NameAsync(agent.Target));
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        await giveUp.CancelAsync();
        foreach (var task in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }
    }

    [Fact]
    public async Task No_more_than_the_allowed_number_of_questions_wait_for_one_agent()
    {
        var waiting = new List<ScriptedAgent.Call>();
        var most = 0;
        await using var agent = new ScriptedAgent(async call =>
        {
            waiting.Add(call);
            most = Math.Max(most, waiting.Count);
            if (waiting.Count == 2)
            {
                await waiting[0].SendAsync(Mib.Answer(waiting[0].Request));
                waiting.RemoveAt(0);
            }
        });

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asked = Enumerable.Range(0, 20).Select(_ => _client.GetAsync(agent.Target, [SystemMib.SysName], giveUp.Token)).ToArray();
        await Eventually.IsAsync(() => asked.Count(task => task.IsCompletedSuccessfully) == 19);
        await giveUp.CancelAsync();
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task A_cancelled_question_ends_at_once_and_its_answer_finds_nobody()
    {
        var asked = new TaskCompletionSource<ScriptedAgent.Call>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var agent = new ScriptedAgent(call =>
        {
            asked.TrySetResult(call);
            return Task.CompletedTask;
        });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var question = _client.GetAsync(agent.Target with { Timeout = TimeSpan.FromMinutes(1) }, [SystemMib.SysName], cancel.Token);
        var call = await asked.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
        await call.SendAsync(Mib.Answer(call.Request));
        await Eventually.IsAsync(() => _client.Statistics.Unmatched == 1);
    }

    [Fact]
    public async Task A_closed_client_ends_what_is_under_way_and_takes_nothing_new()
    {
        await using var agent = new ScriptedAgent(_ => Task.CompletedTask);
        var client = new SnmpClient();
        var question = client.GetAsync(agent.Target with { Timeout = TimeSpan.FromMinutes(1) }, [SystemMib.SysName], Ct);
        await Eventually.IsAsync(() => !agent.Requests.IsEmpty);

        await client.DisposeAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => question);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync(agent.Target, [SystemMib.SysName], Ct));
    }

    [Fact]
    public async Task Request_ids_of_one_target_say_nothing_about_the_next()
    {
        await using var agent = new ScriptedAgent(Mib);
        for (var i = 0; i < 200; i++)
        {
            await NameAsync(agent.Target);
        }

        int[] ids = [.. agent.Requests.Select(request => request.Pdu.RequestId)];
        Assert.All(ids, id => Assert.True(id >= 0));
        Assert.Equal(199, ids.Zip(ids.Skip(1)).Select(pair => pair.Second - pair.First).Distinct().Count());
    }

    [Fact]
    public async Task A_guesser_who_knows_the_port_but_not_the_id_is_not_heard()
    {
        var guessed = false;
        await using var agent = new ScriptedAgent(async call =>
        {
            var answer = Mib.Answer(call.Request);
            for (var i = 1; i <= 20_000; i++)
            {
                await call.SendAsync(answer with { Pdu = answer.Pdu with { RequestId = unchecked(answer.Pdu.RequestId + i) } });
            }

            Volatile.Write(ref guessed, true);
        });

        await IsNotHeardAsync(agent, () => guessed && _client.Statistics.Unmatched > 0);
    }

    [Fact]
    public async Task A_flood_of_damaged_datagrams_stops_nothing()
    {
        await using var agent = new ScriptedAgent(async call =>
        {
            var random = new Random(7);
            for (var i = 0; i < 2_000 && call.Number == 1; i++)
            {
                var datagram = ScriptedAgent.Call.Encoded(Mib.Answer(call.Request with { Pdu = call.Request.Pdu with { RequestId = i } }));
                datagram[random.Next(datagram.Length)] = (byte)random.Next(256);
                await call.SendAsync(datagram[..random.Next(1, datagram.Length)]);
            }

            await call.SendAsync(Mib.Answer(call.Request));
        });

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Retries = 5 }));
        Assert.Equal("sw-12", await NameAsync(agent.Target));
        Assert.True(_client.Statistics.Malformed > 0);
    }

    [Fact]
    public async Task Requests_and_drops_are_metered()
    {
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "ProvisionSvc.Snmp")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => seen.AddOrUpdate(instrument.Name, 1, (_, sum) => sum + 1));
        listener.Start();
        await using var agent = new ScriptedAgent(async call =>
        {
            await call.SendAsync([0x30]);
            await call.SendAsync(call.Request.Refuse(SnmpErrorStatus.GenErr, 1));
        });

        await FaultAsync(agent.Target);
        Assert.Superset(
            new HashSet<string> { "snmp.requests", "snmp.requests.active", "snmp.request.duration", "snmp.refusals", "snmp.datagrams.dropped" }, seen.Keys.ToHashSet());
    }

    [Fact]
    public async Task Many_agents_are_asked_at_once()
    {
        var agents = Enumerable.Range(0, 100).Select(_ => new ScriptedAgent(Mib)).ToArray();
        var names = await Task.WhenAll(agents.SelectMany(agent => Enumerable.Range(0, 5).Select(_ => NameAsync(agent.Target with { Retries = 3 }))));

        Assert.All(names, name => Assert.Equal("sw-12", name));
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }
    }

    private async Task<string> NameAsync(SnmpTarget target) => Assert.Single(await _client.GetAsync(target, [SystemMib.SysName], Ct)).Value.Text;

    /// <summary>What came was counted, and the question still waits.</summary>
    private async Task IsNotHeardAsync(ScriptedAgent agent, Func<bool> isCounted)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var question = _client.GetAsync(agent.Target with { Timeout = TimeSpan.FromMinutes(1) }, [SystemMib.SysName], giveUp.Token);
        await Eventually.IsAsync(isCounted);

        Assert.False(question.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    private Task<SnmpException> FaultAsync(SnmpTarget target) => Assert.ThrowsAsync<SnmpException>(() => _client.GetAsync(target, [SystemMib.SysName], Ct));
}
