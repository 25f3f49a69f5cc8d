using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Tables and walks against agents that are well, slow of wit, or hostile (reliability F40-F42, T17).</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private static readonly Oid Table = Oid.Parse("1.3.6.1.2.1.2.2.1");
    private static readonly Oid[] Columns = [Table.Append(2), Table.Append(7), Table.Append(8)];
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<SnmpVersion> Versions => [SnmpVersion.V1, SnmpVersion.V2c];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_table_is_read_whole_and_its_rows_are_aligned(SnmpVersion version)
    {
        await using var agent = new ScriptedAgent(Mib.Table(Table, 52, 1, 2, 7, 8, 9));

        var table = await ReadAsync(agent, version);

        Assert.True(table.Complete);
        Assert.Equal(Enumerable.Range(1, 52).Select(i => new Oid((uint)i)), table.Rows.Select(row => row.Index));
        Assert.All(table.Rows, row => Assert.Equal(
            [SnmpValue.Gauge32(200 + row.Index[0]), SnmpValue.Gauge32(700 + row.Index[0]), SnmpValue.Gauge32(800 + row.Index[0])], [row[0], row[1], row[2]]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Holes_and_columns_of_other_lengths_misplace_nothing(SnmpVersion version)
    {
        var full = Mib.Table(Table, 30, 2, 7, 8);
        var holed = new Mib(full.All.Where(v => v.Oid[9] != 7 || v.Oid[10] % 3 != 0).Where(v => v.Oid[9] != 8 || v.Oid[10] < 10));
        await using var agent = new ScriptedAgent(holed);

        var table = await ReadAsync(agent, version);

        Assert.True(table.Complete);
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < Columns.Length; i++)
            {
                Assert.Equal(holed.Find(Columns[i].Append(row.Index)).Value is { HasValue: true } value ? value : default, row[i]);
            }
        }

        Assert.Equal(holed.All.Count, table.Rows.Sum(row => Enumerable.Range(0, 3).Count(i => row[i].Type != SnmpType.None)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_column_that_is_not_there_is_empty_and_the_table_complete(SnmpVersion version)
    {
        await using var agent = new ScriptedAgent(Mib.Table(Table, 5, 2, 8));

        var table = await ReadAsync(agent, version);

        Assert.True(table.Complete);
        Assert.All(table.Rows, row => Assert.Equal(SnmpType.None, row[1].Type));
    }

    [Fact]
    public async Task Several_columns_share_one_question()
    {
        await using var agent = new ScriptedAgent(Mib.Table(Table, 10, 2, 7, 8, 9));

        Assert.True((await ReadAsync(agent, SnmpVersion.V2c)).Complete);
        Assert.Single(agent.Requests);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_walk_finds_the_subtree_and_nothing_else(SnmpVersion version)
    {
        var mib = Mib.Table(Table, 40, 2, 7, 8);
        await using var agent = new ScriptedAgent(mib);

        var walk = await _client.WalkAsync(agent.Target with { Version = version }, Columns[1], SnmpReadLimits.Default, Ct);

        Assert.True(walk.Complete);
        Assert.Equal(mib.All.Where(v => v.Oid.StartsWith(Columns[1])), walk.VarBinds);
    }

    [Fact]
    public async Task Oids_that_do_not_increase_end_a_reading_as_incomplete()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer(
            [.. call.Request.Pdu.VarBinds.Select(_ => new VarBind(Columns[0].Append(5), SnmpValue.Integer32(1)))])));

        var walk = await _client.WalkAsync(agent.Target, Columns[0], SnmpReadLimits.Default, Ct);
        var table = await _client.ReadTableAsync(agent.Target, [Columns[0]], SnmpReadLimits.Default, Ct);

        Assert.Equal(IncompleteReason.NonIncreasing, walk.End.Incomplete);
        Assert.Single(walk.VarBinds);
        Assert.Equal(IncompleteReason.NonIncreasing, table.End.Incomplete);
        Assert.False(table.Complete);
    }

    [Fact]
    public async Task An_endless_table_ends_at_the_caps()
    {
        await using var agent = Endless();
        var target = agent.Target;

        var rows = await _client.WalkAsync(target, Columns[0], new SnmpReadLimits { MaxRows = 500 }, Ct);
        var octets = await _client.WalkAsync(target, Columns[0], new SnmpReadLimits { MaxOctets = 10_000 }, Ct);
        var time = await _client.WalkAsync(target, Columns[0], new SnmpReadLimits { MaxTime = Soon }, Ct);
        var table = await _client.ReadTableAsync(target, Columns, new SnmpReadLimits { MaxRows = 500 }, Ct);

        Assert.Equal((IncompleteReason.RowLimit, 500), (rows.End.Incomplete, rows.VarBinds.Count));
        Assert.Equal(IncompleteReason.OctetLimit, octets.End.Incomplete);
        Assert.Equal(IncompleteReason.TimeLimit, time.End.Incomplete);
        Assert.Equal((IncompleteReason.RowLimit, 500), (table.End.Incomplete, table.Rows.Count));
    }

    [Fact]
    public async Task An_end_of_mib_view_before_the_end_is_not_believed()
    {
        var mib = Mib.Table(Table, 20, 2, 7, 8);
        await using var agent = new ScriptedAgent(call =>
        {
            var answer = mib.Answer(call.Request);
            return call.SendAsync(answer with
            {
                Pdu = answer.Pdu with { VarBinds = [.. answer.Pdu.VarBinds.Select(v => v.Oid[9] == 2 && v.Oid[10] > 5 ? v with { Value = SnmpValue.EndOfMibView } : v)] },
            });
        });

        Assert.Equal(IncompleteReason.ContradictoryEnd, (await ReadAsync(agent, SnmpVersion.V2c)).End.Incomplete);
    }

    [Fact]
    public async Task An_empty_answer_is_no_end()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer([])));

        Assert.Equal(IncompleteReason.BadAnswer, (await ReadAsync(agent, SnmpVersion.V2c)).End.Incomplete);
    }

    [Fact]
    public async Task Too_big_halves_the_question_and_is_remembered_for_that_table()
    {
        var mib = Mib.Table(Table, 52, 2, 7, 8);
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Pdu.MaxRepetitions * call.Request.Pdu.VarBinds.Count > 6
            ? call.Request.Refuse(SnmpErrorStatus.TooBig, 0)
            : mib.Answer(call.Request)));

        var first = await ReadAsync(agent, SnmpVersion.V2c);
        var asked = agent.Requests.Count;
        var second = await ReadAsync(agent, SnmpVersion.V2c);

        Assert.True(first.Complete && second.Complete);
        Assert.Equal(52, second.Rows.Count);
        Assert.All(agent.Requests.Skip(asked), request => Assert.True(request.Pdu.MaxRepetitions * request.Pdu.VarBinds.Count <= 6));
    }

    [Fact]
    public async Task An_agent_with_room_for_one_variable_is_read_all_the_same()
    {
        var mib = Mib.Table(Table, 8, 2, 7, 8);
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Pdu.MaxRepetitions > 1 || call.Request.Pdu.VarBinds.Count > 1
            ? call.Request.Refuse(SnmpErrorStatus.TooBig, 0)
            : mib.Answer(call.Request)));

        var table = await ReadAsync(agent, SnmpVersion.V2c);
        var values = await _client.GetAsync(agent.Target, [.. mib.All.Select(v => v.Oid)], Ct);

        Assert.True(table.Complete);
        Assert.Equal(8, table.Rows.Count);
        Assert.Equal(mib.All, values);
    }

    [Fact]
    public async Task An_agent_that_sends_more_than_was_asked_for_is_read_all_the_same()
    {
        var mib = new Mib(Mib.Table(Table, 52, 2, 7, 8).All) { MaxMessage = 60_000 };
        await using var agent = new ScriptedAgent(call =>
            call.SendAsync(mib.Answer(call.Request with { Pdu = call.Request.Pdu with { MaxRepetitions = 1_000 } })));

        var table = await ReadAsync(agent, SnmpVersion.V2c);
        Assert.True(table.Complete);
        Assert.Equal(52, table.Rows.Count);
    }

    [Fact]
    public async Task Large_answers_that_never_arrive_are_asked_for_in_smaller_pieces()
    {
        var mib = Mib.Table(Table, 30, 2);
        var isSilent = false;
        await using var agent = new ScriptedAgent(call =>
        {
            isSilent = call.Number > 1 && call.Request.Pdu.MaxRepetitions > 4;
            return isSilent ? Task.CompletedTask : call.SendAsync(mib.Answer(call.Request));
        });

        var walk = await WalkWithClockAsync(agent.Target with { Retries = 3, MaxRepetitions = 20 }, () => isSilent);
        Assert.Equal((true, 30), (walk.Complete, walk.VarBinds.Count));
    }

    [Fact]
    public async Task An_agent_that_falls_silent_on_the_way_leaves_an_incomplete_reading()
    {
        var mib = Mib.Table(Table, 300, 2);
        await using var agent = new ScriptedAgent(call => call.Number > 2 ? Task.CompletedTask : call.SendAsync(mib.Answer(call.Request)));

        var walk = await WalkWithClockAsync(agent.Target, () => agent.Requests.Count > 2);
        Assert.Equal(IncompleteReason.Timeout, walk.End.Incomplete);
        Assert.NotEmpty(walk.VarBinds);
        Assert.Equal(SnmpFault.Timeout, walk.End.Cause?.Fault);
    }

    [Fact]
    public async Task An_agent_that_never_speaks_is_an_exception()
    {
        await using var agent = new ScriptedAgent(_ => Task.CompletedTask);

        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.WalkAsync(agent.Target with { Timeout = Soon }, Columns[0], SnmpReadLimits.Default, Ct));
        Assert.Equal(SnmpFault.Timeout, exception.Fault);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_get_gives_what_is_there_in_order_and_says_what_is_not(SnmpVersion version)
    {
        var mib = Mib.Table(Table, 100, 7);
        await using var agent = new ScriptedAgent(mib);
        Oid[] oids = [.. Enumerable.Range(0, 110).Select(i => Columns[1].Append((uint)(i * 7 % 110)))];

        var values = await _client.GetAsync(agent.Target with { Version = version }, oids, Ct);
        Assert.Equal(oids.Select(mib.Find), values);
    }

    /// <summary>Walks the first column with a clock that goes on only while nothing is to be expected from the agent.</summary>
    private static async Task<SnmpWalk> WalkWithClockAsync(SnmpTarget target, Func<bool> isSilent)
    {
        var clock = new FakeTimeProvider();
        await using var client = new SnmpClient(clock: clock);
        var walk = client.WalkAsync(target, Columns[0], SnmpReadLimits.Default with { MaxTime = TimeSpan.FromDays(1) }, Ct);
        await Eventually.IsAsync(() =>
        {
            clock.Advance(isSilent() ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
            return walk.IsCompleted;
        });
        return await walk;
    }

    private static ScriptedAgent Endless() => new(call => call.SendAsync(call.Request.Answer(
        [.. Enumerable.Range(1, Math.Max(1, call.Request.Pdu.MaxRepetitions)).SelectMany(step => call.Request.Pdu.VarBinds.Select(asked =>
            new VarBind(asked.Oid.Length == Table.Length + 1 ? asked.Oid.Append((uint)step) : asked.Oid[..^1].Append(asked.Oid[^1] + (uint)step), SnmpValue.Integer32(1))))])));

    private Task<SnmpTable> ReadAsync(ScriptedAgent agent, SnmpVersion version) =>
        _client.ReadTableAsync(agent.Target with { Version = version }, Columns, SnmpReadLimits.Default, Ct);
}
