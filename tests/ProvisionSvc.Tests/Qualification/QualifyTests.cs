using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Tests.Inventory;

namespace ProvisionSvc.Tests.Qualification;

public sealed class QualifyTests
{
    private static readonly Bandwidth Hundred = Bandwidth.FromMbps(100);

    [Fact]
    public void A_free_port_an_uplink_with_room_and_a_vlan_are_enough()
    {
        var yes = Yes(Qualify.Evaluate(Site(Switch("sw1", free: ["0/0/10", "0/0/2"])), Hundred));
        Assert.Equal((new PortName("sw1", "0/0/2"), 100), (yes.Port, yes.Vlan.Value));
    }

    [Fact]
    public void The_switch_with_the_most_room_on_its_uplink_is_taken() => Assert.Equal(
        "sw2", Yes(Qualify.Evaluate(Site(Switch("sw1", committed: 900, free: ["p1"]), Switch("sw2", committed: 100, free: ["p1"])), Hundred)).Port.Switch);

    [Fact]
    public void The_slowest_port_that_is_fast_enough_is_taken_so_that_fast_ones_are_left()
    {
        var site = Site(Switch("sw1", ports: [("p1", 10_000, true), ("p2", 1000, true), ("p3", 10, true)]));
        Assert.Equal("p2", Yes(Qualify.Evaluate(site, Hundred)).Port.IfName);
    }

    [Fact]
    public void A_building_without_a_switch_says_so() => Assert.Equal(["no-switch"], Codes(Site(), Hundred));

    [Fact]
    public void A_full_building_has_no_free_port() => Assert.Equal(["no-free-port"], Codes(Site(Switch("sw1", ports: [("p1", 1000, false)])), Hundred));

    [Fact]
    public void A_port_slower_than_the_line_does_not_count() => Assert.Equal(["port-too-slow"], Codes(Site(Switch("sw1", ports: [("p1", 10, true)])), Hundred));

    [Fact]
    public void A_port_of_unknown_speed_counts() => Assert.Equal("p1", Yes(Qualify.Evaluate(Site(Switch("sw1", ports: [("p1", null, true)])), Hundred)).Port.IfName);

    [Fact]
    public void An_uplink_is_sold_up_to_its_oversubscription_and_not_a_kilobit_more()
    {
        Assert.IsType<QualificationResult.Qualified>(Qualify.Evaluate(Site(Switch("sw1", committed: 3900, free: ["p1"])), Hundred));
        Assert.Equal(["uplink-oversubscribed"], Codes(Site(Switch("sw1", committed: 3900, free: ["p1"])), Bandwidth.FromKbps(100_001)));
    }

    [Fact]
    public void A_switch_without_a_link_in_the_inventory_says_so() =>
        Assert.Equal(["no-uplink"], Codes(Site(Switch("sw1", free: ["p1"]) with { Uplink = null }), Hundred));

    [Fact]
    public void The_node_is_sold_up_to_its_oversubscription_too()
    {
        var site = Site(Switch("sw1", free: ["p1"]));
        Assert.IsType<QualificationResult.Qualified>(Qualify.Evaluate(site with { NodeCommitted = 39_900_000 }, Hundred));
        Assert.Equal(["node-oversubscribed"], Codes(site with { NodeCommitted = 39_900_001 }, Hundred));
    }

    [Fact]
    public void The_lowest_free_vlan_is_taken_and_a_full_range_says_so()
    {
        var site = Site(Switch("sw1", free: ["p1"])) with { VlansUsed = new HashSet<int> { 100, 101, 103 } };
        Assert.Equal(102, Yes(Qualify.Evaluate(site, Hundred)).Vlan.Value);
        Assert.Equal(["no-vlan"], Codes(site with { FirstVlan = 100, LastVlan = 101 }, Hundred));
    }

    [Fact]
    public void A_named_vlan_must_be_free_and_in_the_node_s_range()
    {
        var site = Site(Switch("sw1", free: ["p1"])) with { VlansUsed = new HashSet<int> { 150 } };
        Assert.Equal(160, Yes(Qualify.Evaluate(site, Hundred, wantedVlan: new VlanId(160))).Vlan.Value);
        Assert.Equal(["vlan-taken"], Codes(site, Hundred, vlan: 150));
        Assert.Equal(["vlan-taken"], Codes(site, Hundred, vlan: 99));
        Assert.Equal(["vlan-taken"], Codes(site, Hundred, vlan: 200));
    }

    [Fact]
    public void A_named_port_is_the_only_one_that_counts()
    {
        var site = Site(Switch("sw1", ports: [("p1", 1000, false), ("p2", 1000, true)]));
        Assert.Equal("p2", Yes(Qualify.Evaluate(site, Hundred, new PortName("sw1", "p2"))).Port.IfName);
        Assert.Equal(["no-free-port"], Codes(site, Hundred, new PortName("sw1", "p1")));
        Assert.Equal(["no-free-port"], Codes(site, Hundred, new PortName("sw9", "p1")));
    }

    [Fact]
    public void Every_shortfall_is_said_with_a_remedy()
    {
        var site = Site(Switch("sw1", committed: 4000, free: ["p1"])) with { NodeCommitted = 40_000_000, VlansUsed = Enumerable.Range(100, 100).ToHashSet() };
        var no = Assert.IsType<QualificationResult.Unqualified>(Qualify.Evaluate(site, Hundred));
        Assert.Equal(["uplink-oversubscribed", "node-oversubscribed", "no-vlan"], no.Shortfalls.Select(s => s.Code));
        Assert.All(no.Shortfalls, s => Assert.False(string.IsNullOrWhiteSpace(s.Remedy)));
    }

    [Fact]
    public void Whatever_is_qualified_fits_in_every_respect()
    {
        var port = Gen.Select(Gen.Int[1, 9], Choose.OneOf<int?>(null, 10, 100, 1000), Gen.Bool, (n, speed, free) => ($"p{n}", speed, free));
        var @switch = Gen.Select(Gen.Int[1, 5], Gen.Int[0, 5000], port.Array[0, 6], (n, committed, ports) =>
            Switch($"sw{n}", committed, ports: [.. ports.DistinctBy(p => p.Item1)]));
        var site = Gen.Select(@switch.Array[0, 4], Gen.Long[39_000_000, 40_000_000], Gen.Int[100, 105].Array[0, 6], (switches, committed, vlans) =>
            Site([.. switches.DistinctBy(s => s.Name)]) with { NodeCommitted = committed, VlansUsed = vlans.ToHashSet(), LastVlan = 105 });
        Gen.Select(site, Gen.Int[1, 1500]).Sample((s, mbps) =>
        {
            var rate = Bandwidth.FromMbps(mbps);
            if (Qualify.Evaluate(s, rate) is not QualificationResult.Qualified(var chosen, var vlan))
            {
                return true;
            }

            var on = s.Switches.Single(w => w.Name == chosen.Switch);
            var taken = on.Ports.Single(p => p.Name == chosen);
            return taken.IsFree && (taken.Speed is null || taken.Speed >= rate) && on.Committed + rate.Kbps <= on.Uplink!.Value.Kbps * 4
                && s.NodeCommitted + rate.Kbps <= s.NodeUplink.Kbps * 4 && !s.VlansUsed.Contains(vlan.Value) && vlan.Value is >= 100 and <= 105;
        });
    }

    private static SiteCapacity Site(params IReadOnlyList<SwitchCapacity> switches) =>
        new("b1", "n1", Bandwidth.FromMbps(10_000), 4, 0, 100, 199, new HashSet<int>(), switches);

    /// <summary>A switch with an uplink of 1 Gbit/s; <paramref name="committed"/> in Mbit/s.</summary>
    private static SwitchCapacity Switch(string name, int committed = 0, string[]? free = null, (string IfName, int? Mbps, bool Free)[]? ports = null) => new(
        name, Bandwidth.FromMbps(1000), committed * 1000L,
        [.. (ports ?? [.. free!.Select(f => (f, (int?)1000, true))]).Select(p => new PortCapacity(new(name, p.IfName), p.Mbps is { } m ? Bandwidth.FromMbps(m) : null, p.Free))]);

    private static QualificationResult.Qualified Yes(QualificationResult result) => Assert.IsType<QualificationResult.Qualified>(result);

    private static IEnumerable<string> Codes(SiteCapacity site, Bandwidth rate, PortName? wanted = null, int? vlan = null) =>
        Assert.IsType<QualificationResult.Unqualified>(Qualify.Evaluate(site, rate, wanted, vlan is { } v ? new VlanId(v) : null)).Shortfalls.Select(s => s.Code);
}
