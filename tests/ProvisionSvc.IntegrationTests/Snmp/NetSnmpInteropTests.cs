using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>Our manager with Net-SNMP's agent, and Net-SNMP's tools with an agent on our codec.</summary>
public sealed class NetSnmpInteropTests(NetSnmpAgent agent) : IClassFixture<NetSnmpAgent>, IAsyncLifetime
{
    private static readonly Oid NoSuchIfIndex = IfMib.IfAdminStatus.Append(99_999);
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SnmpTarget Reader => new(agent.EndPoint) { Community = "public" };

    private SnmpTarget Writer => new(agent.EndPoint) { Community = "private" };

    public ValueTask InitializeAsync()
    {
        agent.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Every_type_the_agent_has_is_read_as_its_own_tools_read_it()
    {
        var walk = await _client.WalkAsync(Reader, Oid.Parse("1.3.6.1.2.1.1"), SnmpReadLimits.Default, Ct);
        var theirs = await NetSnmpTool.RunAsync("snmpbulkwalk", "-v2c", "-c", "public", "-On", agent.EndPoint.ToString(), ".1.3.6.1.2.1.1");

        Assert.True(walk.Complete, walk.End.ToString());
        Assert.Equal(theirs.Select(line => line.Split(' ')[0].TrimStart('.')), walk.VarBinds.Select(varBind => varBind.Oid.ToString()));
    }

    [Theory]
    [InlineData(SnmpVersion.V1)]
    [InlineData(SnmpVersion.V2c)]
    public async Task The_interface_table_has_this_machines_interfaces(SnmpVersion version)
    {
        var table = await _client.ReadTableAsync(
            Reader with { Version = version }, [IfMib.IfDescr, IfMib.IfAdminStatus, IfMib.IfOperStatus, IfMib.IfSpeed], SnmpReadLimits.Default, Ct);

        Assert.True(table.Complete, table.End.ToString());
        var lo = Assert.Single(table.Rows, row => row[0].Text == "lo");
        Assert.Equal([SnmpValue.Integer32(1), SnmpValue.Integer32(1)], [lo[1], lo[2]]);
        Assert.Equal(SnmpType.Gauge32, lo[3].Type);
    }

    [Fact]
    public async Task A_whole_agent_is_walked_to_its_end()
    {
        var walk = await _client.WalkAsync(Reader, Oid.Parse("1.3.6.1.2.1"), SnmpReadLimits.Default, Ct);

        Assert.True(walk.Complete, walk.End.ToString());
        Assert.True(walk.VarBinds.Count > 100);
        Assert.Equal(0, _client.Statistics.Dropped);
    }

    [Fact]
    public async Task What_is_set_is_read_back()
    {
        var name = new VarBind(SystemMib.SysName, SnmpValue.OctetString("sw-" + Random.Shared.Next().ToString(CultureInfo.InvariantCulture)));

        Assert.Equal([name], await _client.SetAsync(Writer, [name], Ct));
        Assert.Equal([name], await _client.GetAsync(Reader, [SystemMib.SysName], Ct));
    }

    [Fact]
    public async Task Refusals_are_told_apart()
    {
        Assert.Equal(SnmpFault.InvalidValue, await SetFaultAsync(Writer, SystemMib.SysName, SnmpValue.Integer32(5)));
        Assert.Equal(SnmpFault.NotWritable, await SetFaultAsync(Writer, IfMib.IfDescr.Append(1), SnmpValue.OctetString("x")));
        Assert.Equal(SnmpFault.NoCreation, await SetFaultAsync(Writer, NoSuchIfIndex, SnmpValue.Integer32(2)));
        Assert.Equal(SnmpFault.NotPermitted, await SetFaultAsync(Reader, SystemMib.SysName, SnmpValue.OctetString("x")));
        Assert.Equal(SnmpFault.NoSuchName, await SetFaultAsync(Reader with { Version = SnmpVersion.V1 }, SystemMib.SysName, SnmpValue.OctetString("x")));
        Assert.Equal(SnmpFault.Timeout, await SetFaultAsync(Writer with { Community = "unknown", Timeout = TimeSpan.FromMilliseconds(200) }, SystemMib.SysName, SnmpValue.OctetString("x")));
    }

    [Fact]
    public async Task The_second_variable_refused_leaves_the_first_as_it_was()
    {
        var before = await _client.GetAsync(Reader, [SystemMib.SysName], Ct);
        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(
            Writer, [new VarBind(SystemMib.SysName, SnmpValue.OctetString("not-me")), new VarBind(NoSuchIfIndex, SnmpValue.Integer32(2))], Ct));

        Assert.Equal(NoSuchIfIndex, exception.Oid);
        Assert.Equal(before, await _client.GetAsync(Reader, [SystemMib.SysName], Ct));
    }

    [Fact]
    public async Task What_is_not_there_is_said_so_in_v2c_and_in_v1()
    {
        Oid[] asked = [Oid.Parse("1.3.6.1.2.1.99.0"), SystemMib.SysUpTime, NoSuchIfIndex];

        var v2 = await _client.GetAsync(Reader, asked, Ct);
        var v1 = await _client.GetAsync(Reader with { Version = SnmpVersion.V1 }, asked, Ct);

        Assert.Equal([SnmpType.NoSuchObject, SnmpType.TimeTicks, SnmpType.NoSuchInstance], v2.Select(varBind => varBind.Value.Type));
        Assert.Equal([SnmpType.NoSuchInstance, SnmpType.TimeTicks, SnmpType.NoSuchInstance], v1.Select(varBind => varBind.Value.Type));
    }

    [Fact]
    public async Task A_raw_getnext_and_getbulk_answer_as_the_protocol_says()
    {
        var next = await _client.GetNextAsync(Reader, [Oid.Parse("1.3.6.1.2.1.1.5")], Ct);
        var bulk = await _client.GetBulkAsync(Reader, [Oid.Parse("1.3.6.1.2.1.1.3"), Oid.Parse("1.3.6.1.2.1.1")], 1, 3, Ct);
        var end = await _client.GetNextAsync(Reader, [Oid.Parse("2.99")], Ct);

        Assert.Equal(SystemMib.SysName, next[0].Oid);
        Assert.Equal(SystemMib.SysUpTime, bulk[0].Oid);
        Assert.Equal(4, bulk.Count);
        Assert.Equal(SnmpType.EndOfMibView, end[0].Value.Type);
    }

    [Fact]
    public async Task Their_tools_read_and_write_an_agent_on_our_codec()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var mib = new SortedDictionary<Oid, SnmpValue>
        {
            [SystemMib.SysName] = SnmpValue.OctetString("sw-12"),
            [IfMib.IfHCInOctets.Append(4_194_316_032)] = SnmpValue.Counter64(ulong.MaxValue),
            [IfMib.IfAdminStatus.Append(7)] = SnmpValue.Integer32(-1),
            [SystemMib.SysObjectId] = SnmpValue.ObjectIdentifier(new Oid(1, 3, 6, 1, 4, 1, 2011, uint.MaxValue)),
        };
        var serving = ServeAsync(socket, mib, stop.Token);
        var address = socket.LocalEndPoint!.ToString()!;

        var walk = await NetSnmpTool.RunAsync("snmpbulkwalk", "-v2c", "-c", "lab", "-On", address, ".1.3");
        var set = await NetSnmpTool.RunAsync("snmpset", "-v1", "-c", "lab", "-On", address, ".1.3.6.1.2.1.1.5.0", "s", "sw-13");
        await stop.CancelAsync();
        await serving;

        Assert.Equal(
            [
                ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.2011.4294967295",
                ".1.3.6.1.2.1.1.5.0 = STRING: \"sw-12\"",
                ".1.3.6.1.2.1.2.2.1.7.7 = INTEGER: -1",
                ".1.3.6.1.2.1.31.1.1.1.6.4194316032 = Counter64: 18446744073709551615",
            ],
            walk.Take(4));
        Assert.Equal([".1.3.6.1.2.1.1.5.0 = STRING: \"sw-13\""], set);
        Assert.Equal("sw-13", mib[SystemMib.SysName].Text);
    }

    private static async Task ServeAsync(Socket socket, SortedDictionary<Oid, SnmpValue> mib, CancellationToken ct)
    {
        var buffer = new byte[65_507];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), ct);
                Assert.True(SnmpMessageCodec.TryDecode(buffer.AsSpan(0, received.ReceivedBytes), out var request, out var error), error);
                Assert.True(SnmpMessageCodec.TryEncode(request.Answer([.. request.Pdu.VarBinds.SelectMany(asked => Answer(mib, request.Pdu, asked))]), buffer, out var length));
                await socket.SendToAsync(buffer.AsMemory(0, length), SocketFlags.None, received.RemoteEndPoint, ct);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static IEnumerable<VarBind> Answer(SortedDictionary<Oid, SnmpValue> mib, SnmpPdu request, VarBind asked)
    {
        if (request.Type == PduType.Set)
        {
            mib[asked.Oid] = asked.Value;
            return [asked];
        }

        var next = mib.Where(variable => variable.Key > asked.Oid).Select(variable => new VarBind(variable.Key, variable.Value));
        return next.Append(new VarBind(asked.Oid, SnmpValue.EndOfMibView)).Take(Math.Max(1, request.MaxRepetitions));
    }

    private async Task<SnmpFault> SetFaultAsync(SnmpTarget target, Oid oid, SnmpValue value) =>
        (await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(target, [new VarBind(oid, value)], Ct))).Fault;
}
