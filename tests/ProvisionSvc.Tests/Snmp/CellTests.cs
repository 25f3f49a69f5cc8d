using System.Collections.Concurrent;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>The typed way to read tables: the same cells as the convenient way, whatever the agent does, and nothing allocated per message.</summary>
public sealed class CellTests : IAsyncLifetime
{
    private static readonly Oid Table = Oid.Parse("1.3.6.1.2.1.2.2.1");
    private static readonly SnmpColumns Columns = new(Table.Append(7), Table.Append(8), Table.Append(9));
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Theory]
    [InlineData(SnmpVersion.V1)]
    [InlineData(SnmpVersion.V2c)]
    public async Task Every_cell_of_a_table_arrives_once(SnmpVersion version)
    {
        await using var agent = new ScriptedAgent(Mib.Table(Table, 52, 7, 8, 9, 10));
        var sink = new Collector();

        for (var sweep = 1; sweep <= 3; sweep++)
        {
            sink.Cells.Clear();
            var read = await _client.ReadCellsAsync(agent.Target with { Version = version }, Columns, sink, SnmpReadLimits.Default, Ct);
            Assert.True(read.Complete, read.End.ToString());
            Assert.Equal(156, read.Cells);
            Assert.Equal(156, sink.Cells.Count);
            Assert.All(sink.Cells, cell => Assert.Equal((100 * (cell.Key.Column + 7)) + long.Parse(cell.Key.Index), cell.Value));
        }
    }

    [Fact]
    public async Task Holes_and_columns_of_different_lengths_misplace_nothing()
    {
        var random = new Random(11);
        var variables = Mib.Table(Table, 80, 7, 8, 9).All.Where(_ => random.Next(3) > 0).ToArray();
        await using var agent = new ScriptedAgent(new Mib([.. variables, new VarBind(SystemMib.SysName, SnmpValue.OctetString("sw"))]));
        var sink = new Collector();

        Assert.True((await _client.ReadCellsAsync(agent.Target, Columns, sink, SnmpReadLimits.Default, Ct)).Complete);
        Assert.Equal(
            variables.Select(variable => (Column: (int)variable.Oid[Table.Length] - 7, Index: variable.Oid[^1].ToString())).Order(),
            sink.Cells.Keys.Order());
    }

    [Fact]
    public async Task An_index_above_2_to_the_31_and_one_of_many_parts_are_kept_whole()
    {
        var mib = new Mib([new VarBind(Table.Append(7, 4_194_316_032), SnmpValue.Integer32(1)), new VarBind(Table.Append(8, 10, 0, 0, 255, uint.MaxValue), SnmpValue.Integer32(-5))]);
        await using var agent = new ScriptedAgent(mib);
        var sink = new Collector();

        Assert.True((await _client.ReadCellsAsync(agent.Target, Columns, sink, SnmpReadLimits.Default, Ct)).Complete);
        Assert.Equal([((0, "4194316032"), 1L), ((1, "10.0.0.255.4294967295"), -5L)], sink.Cells.Select(cell => (cell.Key, cell.Value)).Order());
    }

    [Fact]
    public async Task A_loop_is_incomplete_and_never_complete()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer([new VarBind(Table.Append(7, 5), SnmpValue.Integer32(1))])));

        Assert.Equal(IncompleteReason.NonIncreasing, (await _client.ReadCellsAsync(agent.Target, new SnmpColumns(Table.Append(7)), new Collector(), SnmpReadLimits.Default, Ct)).End.Incomplete);
    }

    [Fact]
    public async Task An_end_in_the_middle_is_contradictory()
    {
        // Column 7 "ends the MIB", yet column 8 exists behind it.
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer([.. call.Request.Pdu.VarBinds.Select(asked =>
            asked.Oid.StartsWith(Table.Append(8)) && asked.Oid.Length == Table.Length + 1
                ? new VarBind(Table.Append(8, 1), SnmpValue.Integer32(1))
                : new VarBind(asked.Oid, SnmpValue.EndOfMibView))])));

        var read = await _client.ReadCellsAsync(agent.Target, new SnmpColumns(Table.Append(7), Table.Append(8)), new Collector(), SnmpReadLimits.Default, Ct);
        Assert.Equal(IncompleteReason.ContradictoryEnd, read.End.Incomplete);
    }

    [Fact]
    public async Task An_endless_table_stops_at_the_caps()
    {
        var next = 0u;
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Answer([.. Enumerable.Range(0, 10).Select(_ => new VarBind(Table.Append(7, ++next), SnmpValue.Integer32(1)))])));
        var column = new SnmpColumns(Table.Append(7));

        Assert.Equal(IncompleteReason.RowLimit, (await _client.ReadCellsAsync(agent.Target, column, new Collector(), new SnmpReadLimits { MaxRows = 35 }, Ct)).End.Incomplete);
        Assert.Equal(IncompleteReason.OctetLimit, (await _client.ReadCellsAsync(agent.Target, column, new Collector(), new SnmpReadLimits { MaxOctets = 2_000 }, Ct)).End.Incomplete);
        Assert.Equal(IncompleteReason.TimeLimit, (await _client.ReadCellsAsync(agent.Target, column, new Collector(), new SnmpReadLimits { MaxTime = TimeSpan.FromMilliseconds(50) }, Ct)).End.Incomplete);
    }

    [Fact]
    public async Task TooBig_halves_what_is_asked_and_is_remembered()
    {
        var mib = Mib.Table(Table, 30, 7, 8, 9);
        await using var agent = new ScriptedAgent(call => call.SendAsync(
            call.Request.Pdu.MaxRepetitions * call.Request.Pdu.VarBinds.Count > 2 ? call.Request.Refuse(SnmpErrorStatus.TooBig, 0) : mib.Answer(call.Request)));
        var sink = new Collector();

        Assert.True((await _client.ReadCellsAsync(agent.Target, Columns, sink, SnmpReadLimits.Default, Ct)).Complete);
        Assert.Equal(90, sink.Cells.Count);
        sink.Cells.Clear();
        var asked = agent.Requests.Count;
        Assert.True((await _client.ReadCellsAsync(agent.Target, Columns, sink, SnmpReadLimits.Default, Ct)).Complete);
        Assert.DoesNotContain(agent.Requests.Skip(asked), request => request.Pdu.MaxRepetitions * request.Pdu.VarBinds.Count > 2);
    }

    [Fact]
    public async Task An_agent_that_falls_silent_leaves_an_incomplete_table_and_one_that_never_spoke_an_exception()
    {
        var mib = Mib.Table(Table, 200, 7, 8, 9);
        await using var agent = new ScriptedAgent(call => call.Number < 3 ? call.SendAsync(mib.Answer(call.Request)) : Task.CompletedTask);
        var hasty = agent.Target with { Timeout = TimeSpan.FromMilliseconds(50) };

        var read = await _client.ReadCellsAsync(hasty, Columns, new Collector(), SnmpReadLimits.Default, Ct);
        Assert.Equal(IncompleteReason.Timeout, read.End.Incomplete);
        Assert.True(read.Cells > 0);
        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.ReadCellsAsync(hasty, Columns, new Collector(), SnmpReadLimits.Default, Ct).AsTask());
        Assert.Equal(SnmpFault.Timeout, exception.Fault);
    }

    [Fact]
    public async Task A_sink_that_throws_ends_its_own_reading_only()
    {
        await using var agent = new ScriptedAgent(Mib.Table(Table, 5, 7, 8, 9));

        await Assert.ThrowsAsync<InvalidDataException>(() => _client.ReadCellsAsync(agent.Target, Columns, new Thrower(), SnmpReadLimits.Default, Ct).AsTask());
        Assert.True((await _client.ReadCellsAsync(agent.Target, Columns, new Collector(), SnmpReadLimits.Default, Ct)).Complete);
    }

    [Fact]
    public async Task A_cancelled_reading_ends_at_once()
    {
        await using var agent = new ScriptedAgent(_ => Task.CompletedTask);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var reading = _client.ReadCellsAsync(agent.Target with { Timeout = TimeSpan.FromMinutes(1) }, Columns, new Collector(), SnmpReadLimits.Default, cancel.Token).AsTask();
        await Eventually.IsAsync(() => !agent.Requests.IsEmpty);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Cells_are_read_over_v3_too()
    {
        await using var agent = new ScriptedV3Agent();
        var sink = new Collector();

        var read = await _client.ReadCellsAsync(agent.Target, new SnmpColumns(Oid.Parse("1.3.6.1.2.1.1.5")), sink, SnmpReadLimits.Default, Ct);
        Assert.True(read.Complete, read.End.ToString());
        Assert.Equal("0", Assert.Single(sink.Cells).Key.Index);
    }

    [Theory]
    [InlineData(SnmpTransport.Batches)]
    [InlineData(SnmpTransport.Sockets)]
    public async Task Both_transports_give_the_same_and_say_which_they_are(SnmpTransport transport)
    {
        Assert.SkipUnless(transport == SnmpTransport.Sockets || LinuxSockets.IsSupported, "Batches need Linux.");
        await using var client = new SnmpClient(new SnmpClientOptions { Transport = transport });
        await using var agent = new ScriptedAgent(Mib.Table(Table, 52, 7, 8, 9));
        await using var large = new ScriptedAgent(new Mib([new VarBind(Table.Append(7, 1), SnmpValue.OctetString(new byte[12_000]))]) { MaxMessage = 60_000 });
        var sink = new Collector();

        Assert.Equal(transport == SnmpTransport.Batches ? "recvmmsg and sendmmsg" : "asynchronous sockets", client.Transport);
        Assert.True((await client.ReadCellsAsync(agent.Target, Columns, sink, SnmpReadLimits.Default, Ct)).Complete);
        Assert.Equal(156, sink.Cells.Count);
        var found = await client.GetAsync(large.Target, [Table.Append(7, 1)], Ct);
        Assert.Equal(12_000, found[0].Value.Octets.Length);
    }

    private sealed class Collector : ISnmpCellSink
    {
        public ConcurrentDictionary<(int Column, string Index), long> Cells { get; } = new();

        public void OnCell(int column, ReadOnlySpan<uint> index, in SnmpCell cell) =>
            Assert.True(Cells.TryAdd((column, string.Join('.', index.ToArray())), cell.Number));
    }

    private sealed class Thrower : ISnmpCellSink
    {
        public void OnCell(int column, ReadOnlySpan<uint> index, in SnmpCell cell) => throw new InvalidDataException("No.");
    }
}
