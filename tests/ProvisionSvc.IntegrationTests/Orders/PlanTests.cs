using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Plans shown before anything is written, the way back from them, and what is never written.</summary>
public sealed class PlanTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_is_as_it_should_be_has_an_empty_plan_and_one_that_somebody_changed_the_lines_that_mend_it()
    {
        var name = lab.NextSwitch();
        var sold = lab.Sold(name);

        var before = await PlanAsync(name, sold.IfName);
        Assert.Empty(before.Plan.Steps);
        Assert.Empty(before.Reverse.Steps);
        Assert.Null(before.Note);

        lab.Lab.Control.EditPort(name, sold.IfName, p => p with { Shutdown = true, Description = "by hand" });
        var after = await PlanAsync(name, sold.IfName);
        Assert.Equal([("alias", "by hand", sold.CircuitId), ("adminStatus", "down", "up")], after.Plan.Steps.Select(s => (s.Field, s.Before, s.After)));
        Assert.Equal([$"description {sold.CircuitId}", "undo shutdown"], after.Plan.Steps.SelectMany(s => s.Lines));

        // Somebody's own text is never typed back (T7), and the way back says so.
        Assert.Equal(["shutdown"], after.Reverse.Steps.SelectMany(s => s.Lines));
        Assert.Equal(["alias"], after.Reverse.Stays!);
        Assert.DoesNotContain(lab.Lab.WriteLog.WritesOf(name), w => w.Channel != "control");
    }

    [Fact]
    public async Task A_dry_run_shows_the_way_back_and_the_way_back_leads_there()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);

        var shown = await lab.Client.PostAsync<DryRunView>("/api/v1/orders?dryRun=true", Place.Activate(circuit, lab.Account, name, port), _ct);

        var back = Assert.Single(shown.Reverse!);
        Assert.Equal(["adminStatus", "alias", "rateUp", "rateDown", "accessVlan", "mode"], back.Steps.Select(s => s.Field));
        Assert.Equal(
            ["shutdown", "undo description", "undo qos lr inbound", "undo qos lr outbound", "undo port default vlan", "undo port link-type"], back.Steps.SelectMany(s => s.Lines));
        Assert.Equal(shown.Plans[0].Steps.Select(s => (s.Field, s.Before, s.After)).Reverse(), back.Steps.Select(s => (s.Field, s.After, s.Before)));
        Assert.Null(back.Stays);
    }

    [Fact]
    public async Task A_port_without_an_intent_and_a_port_that_is_not_there_are_told_apart()
    {
        var name = lab.NextSwitch();

        using var free = await lab.Client.GetAsync(Path(name, lab.FreePort(name)), _ct);
        Assert.Equal(HttpStatusCode.Conflict, free.StatusCode);
        Assert.Contains("no-intent", await free.Content.ReadAsStringAsync(_ct));
        using var nowhere = await lab.Client.GetAsync(Path(name, "GigabitEthernet0/0/999"), _ct);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Fact]
    public async Task A_switch_that_is_away_is_said_to_be_away()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Unreachable());

        using var answer = await lab.Client.GetAsync(Path(name, lab.Sold(name).IfName), _ct);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task A_port_with_a_switch_or_too_many_addresses_behind_it_is_not_written_T9()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        lab.Lab.Control.Tell(name, new Fault.Neighbour(port, "core-1", 0x28, 65));

        // Both reasons at once, before anything is ordered.
        var refused = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders?dryRun=true", Place.Activate(circuit, lab.Account, name, port), _ct);
        Assert.Equal(["plan-refused", "plan-refused"], refused.Faults.Select(f => f.Code));
        Assert.Contains("\"core-1\" is a switch", refused.Faults[0].Message);
        Assert.Contains("65 MAC addresses", refused.Faults[1].Message);

        // And again when the lane comes to it.
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await lab.UntilAsync(order.Id, "failed", "plan-refused", _ct);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));

        // A telephone that bridges for the computer behind it is a customer's; the line is as ordered once the switch has gone.
        lab.Lab.Control.Clear(name);
        lab.Lab.Control.Tell(name, new Fault.Neighbour(port, "phone-7", 0x24, 64));
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
    }

    [Fact]
    public async Task A_port_whose_uplink_was_swapped_is_refused_where_access_is_expected()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        lab.Lab.Control.EditPort(name, port, p => p with { LinkType = LinkType.Trunk });

        var refused = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders?dryRun=true", Place.Activate(circuit, lab.Account, name, port), _ct);

        Assert.Contains("it is a trunk where access is expected", Assert.Single(refused.Faults).Message);
    }

    [Fact]
    public async Task A_tagged_line_plans_a_trunk_that_carries_it_alone()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var request = Place.Activate(circuit, lab.Account, name, lab.FreePort(name)) with { Tagged = true };

        var shown = await lab.Client.PostAsync<DryRunView>("/api/v1/orders?dryRun=true", request, _ct);

        Assert.Equal(
            ["port link-type trunk", "undo port trunk allow-pass vlan 1", $"vlan batch {shown.Vlan}", $"port trunk allow-pass vlan {shown.Vlan}"],
            Assert.Single(shown.Plans).Steps.SelectMany(s => s.Lines).Take(4));
        Assert.Equal("misplaced-member", Assert.Single((await lab.Client.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/v1/orders", Place.Suspend(circuit) with { Tagged = true }, _ct)).Faults).Code);
    }

    private Task<PortPlanView> PlanAsync(string name, string ifName) => lab.Client.GetAsync<PortPlanView>(Path(name, ifName), _ct);

    private static string Path(string name, string ifName) => $"/api/v1/switches/{name}/ports/{Uri.EscapeDataString(ifName)}/plan";
}
