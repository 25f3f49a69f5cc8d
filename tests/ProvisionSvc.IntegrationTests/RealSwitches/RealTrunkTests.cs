using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>A tagged line on a real switch: the port becomes a trunk that carries the line's VLAN and no other, and an access port again.</summary>
[Collection(RealSwitches.Name)]
public sealed class RealTrunkTests(RealLab lab, PostgresFixture postgres)
{
    private const string Port = "p1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tagged_line_makes_a_trunk_of_its_own_VLAN_alone_and_its_end_an_access_port()
    {
        lab.Require();
        await using var service = await RealOrders.StartServiceAsync(lab, postgres, "sw1", "terminal", Ct);
        var real = lab.Description.Switch("sw1");

        var order = await RealOrders.PlaceAsync(service, new()
        {
            ExternalId = "t-a", Action = "activate", Service = "T-1", Account = "LAB-ACC-1-1", Switch = "sw1", IfName = Port, RateDownMbps = 20, Tagged = true,
        }, Ct);
        var vlan = int.Parse(order.Items[0].Proof!.Fields.Single(f => f.Field == "allowedVlans").Value!);
        Assert.Equal("trunk", order.Items[0].Proof!.Fields.Single(f => f.Field == "mode").Value);
        var other = lab.Description.Gateway.Vlans.First(v => v.Id != vlan).Id;

        // By the switch's own decision on a frame, not by its configuration.
        Assert.True(await LeavesAsync(real, vlan));
        Assert.False(await LeavesAsync(real, other));
        Assert.False(await LeavesAsync(real, null));

        // The same again is nothing to do, and a dry run shows the way back.
        var plan = await service.Administrator.GetAsync<PortPlanView>($"/api/v1/switches/sw1/ports/{Port}/plan", Ct);
        Assert.Empty(plan.Plan.Steps);

        await RealOrders.PlaceAsync(service, new() { ExternalId = "t-d", Action = "disconnect", Service = "T-1" }, Ct);
        Assert.Equal("access", (await lab.TypeAsync(real, $"ovs-vsctl get port {Port} vlan_mode", Ct)).Succeeded().Trim());
        Assert.Equal("[]", (await lab.TypeAsync(real, $"ovs-vsctl get port {Port} trunks", Ct)).Succeeded().Trim());
    }

    /// <summary>A VLAN that somebody else put on the trunk keeps the port from being written, and stays.</summary>
    [Fact]
    public async Task A_VLAN_that_is_not_ours_keeps_a_trunk_from_being_written()
    {
        lab.Require();
        await using var service = await RealOrders.StartServiceAsync(lab, postgres, "sw2", "terminal", Ct);
        var real = lab.Description.Switch("sw2");
        await RealOrders.PlaceAsync(service, new()
        {
            ExternalId = "f-a", Action = "activate", Service = "T-2", Account = "LAB-ACC-2-1", Switch = "sw2", IfName = Port, RateDownMbps = 20, Tagged = true,
        }, Ct);
        (await lab.TypeAsync(real, $"ovs-vsctl add port {Port} trunks 999", Ct)).Succeeded();

        using var answer = await service.Administrator.GetAsync($"/api/v1/switches/sw2/ports/{Port}/plan", Ct);
        var refused = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(refused.Contains("carries VLAN 999, which none of our lines has or had there", StringComparison.Ordinal), refused);

        (await lab.TypeAsync(real, $"ovs-vsctl remove port {Port} trunks 999", Ct)).Succeeded();
        await RealOrders.PlaceAsync(service, new() { ExternalId = "f-d", Action = "disconnect", Service = "T-2" }, Ct);
    }

    /// <summary>Whether a broadcast from the customer would go out of any other port, as the switch decides it; a datapath names ports by number.</summary>
    private async Task<bool> LeavesAsync(LabSwitch on, int? vlan)
    {
        var tag = vlan is { } id ? $",dl_vlan={id}" : "";
        var number = (await lab.TypeAsync(on, $"ovs-vsctl get interface {Port} ofport", Ct)).Succeeded().Trim();
        var trace = (await lab.TypeAsync(on, $"ovs-appctl ofproto/trace br0 in_port={number}{tag},dl_src=02:00:00:00:00:99,dl_dst=ff:ff:ff:ff:ff:ff", Ct)).Succeeded();
        return trace.Split('\n').Single(l => l.StartsWith("Datapath actions: ", StringComparison.Ordinal))["Datapath actions: ".Length..]
            .Split(',').Any(a => int.TryParse(a.Trim(), out _));
    }
}
