using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>v3 with engines that misbehave and people in between (reliability T5, RFC 3414 §3.2).</summary>
public sealed class UsmAttackTests : IAsyncLifetime
{
    private static readonly byte[] OtherEngine = UsmAuthority.MakeEngineId(8_072, "agent-2"u8);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private readonly ConcurrentQueue<SnmpEngineEvent> _news = new();
    private readonly FakeTimeProvider _ourClock = new();
    private SnmpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _client = new SnmpClient(new SnmpClientOptions { EngineNews = _news.Enqueue });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public static TheoryData<AuthProtocol, PrivProtocol> Pairs()
    {
        var pairs = new TheoryData<AuthProtocol, PrivProtocol> { { AuthProtocol.None, PrivProtocol.None } };
        foreach (var auth in Enum.GetValues<AuthProtocol>().Where(auth => auth != AuthProtocol.None && (auth != AuthProtocol.HmacSha224 || Sha224.IsSupported)))
        {
            foreach (var priv in Enum.GetValues<PrivProtocol>())
            {
                pairs.Add(auth, priv);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_variable_is_read_with_every_pair_of_protocols(AuthProtocol auth, PrivProtocol priv)
    {
        var user = new UsmUser("perf", auth, "authpassword", priv, "privpassword");
        await using var agent = new ScriptedV3Agent(user: user);

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Security = new SnmpV3Security(user) }));
        Assert.Equal("sw-12", await NameAsync(agent.Target with { Security = new SnmpV3Security(user) }));

        // Discovery, the time, two questions; without authentication there is no time to learn.
        Assert.Equal(auth == AuthProtocol.None ? 3 : 4, agent.Datagrams);
        Assert.Equal(0, _client.Statistics.Dropped);
    }

    [Fact]
    public async Task Discovery_and_clock_cost_two_datagrams_once_and_are_told()
    {
        await using var agent = new ScriptedV3Agent();
        await NameAsync(agent.Target);
        await Eventually.IsAsync(() => !_news.IsEmpty);

        Assert.True(_news.TryPeek(out var news) && news is { News: SnmpEngineNews.Learned, Boots: 7 } && news.EngineId.Span.SequenceEqual(ScriptedV3Agent.EngineId));
    }

    [Fact]
    public async Task A_forged_clock_is_believed_from_nobody_and_three_requests_succeed()
    {
        await using var agent = new ScriptedV3Agent(async call =>
        {
            await call.SendAsync(call.ForgedReport(UsmStatistics.NotInTimeWindows, ScriptedV3Agent.EngineId, 900_000, 900_000));
            await call.AnswerAsync();
        });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("sw-12", await NameAsync(agent.Target));
        }

        await Eventually.IsAsync(() => _client.Statistics.NotAuthentic >= 3);
    }

    [Fact]
    public async Task A_forged_engine_id_before_the_first_proof_heals_by_itself()
    {
        await using var agent = new ScriptedV3Agent(async call =>
        {
            if (call.IsDiscovery)
            {
                await call.SendAsync(call.ForgedReport(UsmStatistics.UnknownEngineIds, OtherEngine, 1, 1));
            }

            await call.AnswerAsync();
        });

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Timeout = Soon, Retries = 10 }));
    }

    [Fact]
    public async Task A_proven_engine_id_is_pinned_and_another_one_is_an_alarm()
    {
        await using var agent = new ScriptedV3Agent();
        await NameAsync(agent.Target);
        agent.Authority = new UsmAuthority(OtherEngine, 1, [ScriptedV3Agent.User]);

        var exception = await FaultAsync(agent.Target with { Timeout = Soon, Retries = 3 });
        Assert.Equal(SnmpFault.EngineIdChanged, exception.Fault);
        Assert.False(exception.IsTransient);
        Assert.Contains(Convert.ToHexString(OtherEngine), exception.Message, StringComparison.Ordinal);
        await Eventually.IsAsync(() => _news.Any(news => news.News == SnmpEngineNews.IdChanged));

        // A person has looked: enrolled like a new one.
        _client.ForgetEngine(agent.EndPoint);
        Assert.Equal("sw-12", await NameAsync(agent.Target));
    }

    [Fact]
    public async Task An_engine_id_from_the_inventory_is_never_given_up()
    {
        await using var agent = new ScriptedV3Agent(engineId: OtherEngine);
        var pinned = new SnmpV3Security(ScriptedV3Agent.User) { EngineId = ScriptedV3Agent.EngineId };

        Assert.Equal(SnmpFault.EngineIdChanged, (await FaultAsync(agent.Target with { Timeout = Soon, Security = pinned })).Fault);
        Assert.Equal("sw-12", await NameAsync(agent.Target with { Security = pinned with { EngineId = OtherEngine } }));
    }

    [Fact]
    public async Task A_forged_alarm_does_not_stop_the_true_answer()
    {
        await using var agent = new ScriptedV3Agent(async call =>
        {
            await call.SendAsync(call.ForgedReport(UsmStatistics.UnknownEngineIds, OtherEngine, 1, 1));
            await call.SendAsync(call.ForgedReport(UsmStatistics.WrongDigests, ScriptedV3Agent.EngineId, 1, 1));
            await call.AnswerAsync();
        });

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Security = new SnmpV3Security(ScriptedV3Agent.User) { EngineId = ScriptedV3Agent.EngineId } }));
    }

    [Fact]
    public async Task Proven_lower_boots_are_an_alarm_and_the_agent_is_enrolled_anew()
    {
        await using var agent = new ScriptedV3Agent(boots: 7);
        await NameAsync(agent.Target);
        agent.Authority = new UsmAuthority(ScriptedV3Agent.EngineId, 2, [ScriptedV3Agent.User]);

        Assert.Equal("sw-12", await NameAsync(agent.Target));
        await Eventually.IsAsync(() => _news.Any(news => news is { News: SnmpEngineNews.BootsWentBack, Boots: 2 }));
        Assert.Equal("sw-12", await NameAsync(agent.Target));
    }

    [Fact]
    public async Task Boots_lower_than_the_inventory_knows_are_an_alarm_at_the_first_contact()
    {
        await using var agent = new ScriptedV3Agent(boots: 2);

        Assert.Equal("sw-12", await NameAsync(agent.Target with { Security = new SnmpV3Security(ScriptedV3Agent.User) { KnownBoots = 9 } }));
        await Eventually.IsAsync(() => _news.Any(news => news.News == SnmpEngineNews.BootsWentBack));
    }

    [Fact]
    public async Task A_restart_is_noticed_and_no_alarm()
    {
        await using var agent = new ScriptedV3Agent(boots: 7);
        await NameAsync(agent.Target);
        agent.Authority = new UsmAuthority(ScriptedV3Agent.EngineId, 8, [ScriptedV3Agent.User]);

        Assert.Equal("sw-12", await NameAsync(agent.Target));
        await Eventually.IsAsync(() => _news.Any(news => news is { News: SnmpEngineNews.Rebooted, Boots: 8 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(32)]
    public Task An_HMAC_of_another_length_is_refused(int length) => IsDroppedAsync(call =>
    {
        var answer = call.RightAnswer;
        Assert.True(V3Frame.TryRead(answer, out var frame, out _));
        byte[] mac = [.. frame.Mac, .. new byte[16]];
        return Rebuilt(answer, mac[..length]);
    });

    [Fact]
    public Task A_wrong_HMAC_is_refused() => IsDroppedAsync(call =>
    {
        Assert.True(V3Frame.TryRead(call.RightAnswer, out var frame, out _));
        byte[] mac = [.. frame.Mac];
        mac[^1] ^= 1;
        return Rebuilt(call.RightAnswer, mac);
    });

    [Fact]
    public Task A_changed_octet_of_the_ciphertext_is_refused() => IsDroppedAsync(call =>
    {
        byte[] answer = [.. call.RightAnswer];
        answer[^5] ^= 1;
        return answer;
    });

    [Fact]
    public Task An_answer_at_a_lower_level_is_dropped() => IsDroppedAsync(call => call.Seal(ScriptedV3Agent.Call.Answer(call.Request!), call.Request! with { Level = SecurityLevel.AuthNoPriv }));

    [Fact]
    public Task An_answer_without_any_proof_is_dropped() => IsDroppedAsync(call => call.Seal(ScriptedV3Agent.Call.Answer(call.Request!), call.Request! with { Level = SecurityLevel.NoAuthNoPriv }));

    [Fact]
    public Task An_answer_with_another_request_id_is_dropped() => IsDroppedAsync(call =>
    {
        var answer = ScriptedV3Agent.Call.Answer(call.Request!);
        return call.Seal(answer with { RequestId = answer.RequestId ^ 1 });
    });

    [Fact]
    public Task An_answer_about_another_context_is_dropped() => IsDroppedAsync(call =>
        call.Seal(ScriptedV3Agent.Call.Answer(call.Request!), call.Request! with { Context = "vlan-7"u8.ToArray() }));

    [Fact]
    public Task An_answer_of_another_engine_is_dropped()
    {
        var other = new UsmAuthority(OtherEngine, 7, [ScriptedV3Agent.User]);
        return IsDroppedAsync(call => call.Seal(ScriptedV3Agent.Call.Answer(call.Request!), authority: other));
    }

    [Fact]
    public Task An_answer_of_fewer_boots_is_dropped()
    {
        var before = new UsmAuthority(ScriptedV3Agent.EngineId, 6, [ScriptedV3Agent.User]);
        return IsDroppedAsync(call => call.Seal(ScriptedV3Agent.Call.Answer(call.Request!), authority: before));
    }

    [Fact]
    public async Task A_replay_after_151_seconds_is_refused()
    {
        // The agent's clock stands still from the first answer on: what it seals is as old as a recording.
        var agentClock = new FakeTimeProvider();
        await using var client = new SnmpClient(clock: _ourClock);
        var recorded = new UsmAuthority(ScriptedV3Agent.EngineId, 7, [ScriptedV3Agent.User], agentClock);
        var isReplaying = false;
        await using var agent = new ScriptedV3Agent(
            call => isReplaying && call.Request is not null ? call.SendAsync(call.Seal(ScriptedV3Agent.Call.Answer(call.Request), authority: recorded)) : call.AnswerAsync(),
            clock: _ourClock);
        Assert.Equal("sw-12", Name(await client.GetAsync(agent.Target, [SystemMib.SysName], Ct)));

        isReplaying = true;
        _ourClock.Advance(TimeSpan.FromSeconds(149));
        Assert.Equal("sw-12", Name(await client.GetAsync(agent.Target, [SystemMib.SysName], Ct)));

        _ourClock.Advance(TimeSpan.FromSeconds(2));
        var question = client.GetAsync(agent.Target, [SystemMib.SysName], Ct);
        await Eventually.IsAsync(() => client.Statistics.NotAuthentic == 1);
        Assert.False(question.IsCompleted);
        _ourClock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<SnmpException>(() => question);
    }

    [Fact]
    public async Task A_replay_of_an_earlier_answer_finds_nobody()
    {
        byte[]? first = null;
        await using var agent = new ScriptedV3Agent(async call =>
        {
            first ??= call.Request is null ? null : call.RightAnswer;
            if (call.Request is not null)
            {
                await call.SendAsync(first!);
            }

            await call.AnswerAsync();
        });

        await NameAsync(agent.Target);
        Assert.Equal("sw-12", await NameAsync(agent.Target));
        await Eventually.IsAsync(() => _client.Statistics.Unmatched >= 2);
    }

    [Theory]
    [InlineData("other-user", "authpassword", "privpassword")]
    [InlineData("perf", "wrongpassword", "privpassword")]
    [InlineData("perf", "authpassword", "wrongpassword")]
    public async Task A_wrong_user_or_password_is_asked_once_and_named(string name, string auth, string priv)
    {
        await using var agent = new ScriptedV3Agent();
        var wrong = new SnmpV3Security(new UsmUser(name, AuthProtocol.HmacSha256, auth, PrivProtocol.Aes128, priv));

        var exception = await FaultAsync(agent.Target with { Timeout = Soon, Retries = 3, Security = wrong });
        Assert.Equal(SnmpFault.AuthenticationFailed, exception.Fault);
        Assert.False(exception.IsTransient);
        Assert.True(agent.Datagrams <= 3, "Trying on may lock the user out (reliability T19).");
        Assert.DoesNotContain("password\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_walked_over_v3()
    {
        await using var agent = new ScriptedV3Agent();

        var walk = await _client.WalkAsync(agent.Target, Oid.Parse("1.3.6.1.2.1"), SnmpReadLimits.Default, Ct);
        Assert.True(walk.Complete, walk.End.ToString());
        Assert.Equal("sw-12", Assert.Single(walk.VarBinds).Value.Text);
    }

    private async Task<string> NameAsync(SnmpTarget target) => Name(await _client.GetAsync(target, [SystemMib.SysName], Ct));

    private static string Name(IReadOnlyList<VarBind> found) => Assert.Single(found).Value.Text;

    private Task<SnmpException> FaultAsync(SnmpTarget target) => Assert.ThrowsAsync<SnmpException>(() => _client.GetAsync(target, [SystemMib.SysName], Ct));

    /// <summary>The answer made is dropped and counted; the right one that follows it is taken.</summary>
    private async Task IsDroppedAsync(Func<ScriptedV3Agent.Call, byte[]> make)
    {
        await using var agent = new ScriptedV3Agent(async call =>
        {
            if (call.Request is not null)
            {
                await call.SendAsync(make(call));
            }

            await call.AnswerAsync();
        });

        // Pinned, so that everything is in force from the first question on.
        Assert.Equal("sw-12", await NameAsync(agent.Target));
        Assert.Equal("sw-12", await NameAsync(agent.Target));
        await Eventually.IsAsync(() => _client.Statistics.NotAuthentic >= 2);
    }

    /// <summary>The same message with another mac, every length around it put right.</summary>
    private static byte[] Rebuilt(byte[] answer, byte[] mac)
    {
        Assert.True(V3Frame.TryRead(answer, out var frame, out _));
        var buffer = new byte[2_000];
        var writer = new BerWriter(buffer);
        writer.WriteOctets(4, frame.Data);
        var mark = writer.Length;
        writer.WriteOctets(4, frame.Salt);
        writer.WriteOctets(4, mac);
        writer.WriteOctets(4, frame.User);
        writer.WriteSigned(2, frame.Time);
        writer.WriteSigned(2, frame.Boots);
        writer.WriteOctets(4, frame.EngineId);
        writer.WriteHeader(0x30, mark);
        writer.WriteHeader(4, mark);
        mark = writer.Length;
        writer.WriteSigned(2, 3);
        writer.WriteOctets(4, [3]);
        writer.WriteSigned(2, frame.MaxSize);
        writer.WriteSigned(2, frame.MsgId);
        writer.WriteHeader(0x30, mark);
        writer.WriteSigned(2, 3);
        writer.WriteHeader(0x30, 0);
        return writer.Written.ToArray();
    }
}
