using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Snmp;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Switches;

/// <summary>Who is behind a port, read from what recorded agents of nine makers show.</summary>
public class NeighbourTests
{
    private const NeighbourKinds L3Switch = NeighbourKinds.Bridge | NeighbourKinds.Router;

    [Theory]
    [InlineData("arista_eos_vrf", "Ethernet1", "switchname2", NeighbourKinds.Bridge)]
    [InlineData("dlink_des-3526", "1/26", "PCM F10 SW 121.152", NeighbourKinds.Repeater | NeighbourKinds.Bridge)]
    [InlineData("edgecos_ecs4100-28t", "Port28", "hu17-sw", NeighbourKinds.Bridge)]
    [InlineData("eltex-mes24xx_mes2424bac", "te 0/4", "sw22.soada", L3Switch)]
    [InlineData("junos_qfx5100", "xe-0/0/0", "devicea", L3Switch)]
    [InlineData("vrp_5720", "GigabitEthernet0/0/14", "LNS-Huawei", NeighbourKinds.Bridge)]
    public async Task A_recorded_neighbour_is_found_at_its_port_however_the_agent_numbers_ports(string recording, string ifName, string neighbour, NeighbourKinds kinds)
    {
        var shown = await ReadAsync(recording);

        Assert.True(shown.ContainsKey(ifName), $"Behind {string.Join(", ", shown.Where(s => s.Value.Neighbours.Count > 0).Select(s => $"{s.Key} {s.Value.Neighbours[0].Name}"))}");
        Assert.Contains(new Neighbour(neighbour, kinds), shown[ifName].Neighbours);
    }

    [Theory]
    [InlineData("cumulus_edgecore-as4610-54p")]
    [InlineData("comware_a5500")]
    [InlineData("dlink_des-3526")]
    [InlineData("ios_2960x")]
    [InlineData("junos_qfx5100")]
    public async Task Recorded_addresses_are_counted_once_at_the_port_that_learnt_them(string recording)
    {
        var rows = Rows(recording);
        var learnt = rows.Where(r => r.Key.StartsWith("1.3.6.1.2.1.17.7.1.2.2.1.2.", StringComparison.Ordinal)).ToList();
        learnt = learnt.Count > 0 ? learnt : [.. rows.Where(r => r.Key.StartsWith("1.3.6.1.2.1.17.4.3.1.2.", StringComparison.Ordinal))];
        var known = rows.Keys.Where(k => k.StartsWith("1.3.6.1.2.1.17.1.4.1.2.", StringComparison.Ordinal)).Select(k => k.Split('.')[^1])
            .Where(b => rows.ContainsKey($"1.3.6.1.2.1.31.1.1.1.1.{rows[$"1.3.6.1.2.1.17.1.4.1.2.{b}"].Value}")).ToHashSet();
        var expected = learnt.Where(l => known.Contains(l.Value.Value)).Select(l => (l.Value.Value, string.Join('.', l.Key.Split('.').TakeLast(6)))).Distinct().Count();

        Assert.Equal(expected, (await ReadAsync(recording)).Values.Sum(p => p.Macs));
        Assert.NotEqual(0, expected);
    }

    [Fact]
    public async Task An_agent_without_these_tables_knows_of_nobody() => Assert.Empty(await ReadAsync("zxr10_5950"));

    private static Task<IReadOnlyDictionary<string, PortNeighbours>> ReadAsync(string recording) => new AgentNeighbours(new RecordedAgent(Rows(recording))).ReadAsync(
        new("sw1", IPAddress.Loopback, 161, 22, null), ScriptedAgent.Credential, TestContext.Current.CancellationToken);

    private static Dictionary<string, (string Type, string Value)> Rows(string recording) => File
        .ReadLines(Folders.Recorded("snmprec", $"{recording}.snmprec")).Select(l => l.TrimStart('.').Split('|', 3)).Where(p => p.Length == 3)
        .DistinctBy(p => p[0]).ToDictionary(p => p[0], p => (p[1], p[2]));

    /// <summary>Walks a recording. Bits were recorded as the tool printed them ("28 00 2 4"): octets, then the numbers of the bits.</summary>
    private sealed class RecordedAgent(Dictionary<string, (string Type, string Value)> rows) : ISnmpClient
    {
        public Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct) => Task.FromResult(new SnmpWalk(
            root,
            [.. rows.Where(r => r.Key.StartsWith($"{root}.", StringComparison.Ordinal)).Select(r => new VarBind(Oid.Parse(r.Key), Value(root, r.Value))).OrderBy(v => v.Oid)],
            new ReadingEnd(null)));

        public Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct) => throw new NotSupportedException("Only walks.");

        public Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct) => throw new NotSupportedException("Only walks.");

        public Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct) => throw new NotSupportedException("Only walks.");

        private static SnmpValue Value(Oid root, (string Type, string Value) row) => row.Type switch
        {
            "2" or "66" => SnmpValue.Integer32(int.Parse(row.Value)),
            "4x" => SnmpValue.OctetString(Convert.FromHexString(row.Value)),
            _ when root == LldpMib.LldpRemSysCapEnabled || root == LldpMib.LldpRemSysCapSupported => SnmpValue.OctetString(Convert.FromHexString(row.Value.Split(' ')[0].PadLeft(2, '0'))),
            _ => SnmpValue.OctetString(row.Value),
        };
    }
}
