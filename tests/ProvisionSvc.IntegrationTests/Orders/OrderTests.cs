using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>What an order does when nothing goes wrong.</summary>
public sealed class OrderTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_is_activated_proven_and_saved()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        var before = lab.Lab.Control.State(name);

        var order = await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port) with { RateUpMbps = 50 }, _ct);

        var item = Assert.Single(order.Items);
        Assert.Equal("saved and proven", item.Proof!.Saved);
        Assert.Equal(["accessVlan", "adminStatus", "alias", "mode", "rateDown", "rateUp"], item.Proof.Fields.Select(f => f.Field).Order());
        Assert.Equal(("up", "snmp"), item.Proof.Fields.Where(f => f.Field == "adminStatus").Select(f => (f.Value, f.Channel)).Single());
        var now = lab.Lab.Control.State(name, port);
        Assert.Equal((true, circuit, 100_000, 50_000), (now.AdminUp, now.Description, now.OutboundKbps, now.InboundKbps));
        Assert.Equal(now.Running, now.Startup);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);
        OnlyChanged(before, port);

        var service = await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct);
        Assert.Equal("active", service.State);
        Assert.Equal(2, await lab.ScalarAsync<long>($"select count(*) from audit where object = 'order/{order.Id}'", _ct));
    }

    [Fact]
    public async Task A_line_is_suspended_resumed_and_disconnected()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        var before = lab.Lab.Control.State(name);
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);

        await lab.DoAsync(Place.Suspend(circuit), _ct);
        var dark = lab.Lab.Control.State(name, port);
        Assert.Equal((false, circuit, 100_000), (dark.AdminUp, dark.Description, dark.OutboundKbps));
        Assert.Equal("inactive", (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).State);

        await lab.DoAsync(Place.Resume(circuit), _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Equal("active", (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).State);

        await lab.DoAsync(Place.Disconnect(circuit), _ct);
        var gone = lab.Lab.Control.State(name, port);
        Assert.Equal((false, "", 1, null, null), (gone.AdminUp, gone.Description, gone.DefaultVlan, gone.OutboundKbps, gone.InboundKbps));
        Assert.Equal(gone.Running, gone.Startup);
        var ended = await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct);
        Assert.Equal("terminated", ended.State);
        Assert.Empty(ended.Attachments);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);
        OnlyChanged(before, port);

        var refused = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", Place.Suspend(circuit), _ct);
        Assert.Equal("service-terminated", Assert.Single(refused.Faults).Code);

        // The port is free for the next customer.
        await lab.DoAsync(Place.Activate(Place.Key(), lab.Account, name, port), _ct);
    }

    [Fact]
    public async Task A_line_that_the_regulator_holds_stays_dark_when_the_money_comes()
    {
        var name = lab.NextSwitch();
        var sold = lab.Sold(name);
        await lab.DoAsync(Place.Suspend(sold.CircuitId), _ct);
        await lab.DoAsync(Place.Suspend(sold.CircuitId, "regulator"), _ct);

        var paid = await lab.PlaceAsync(Place.Resume(sold.CircuitId), _ct);
        await lab.UntilAsync(paid.Id, "completed", "dark-by-hold", _ct);
        Assert.False(lab.Lab.Control.State(name, sold.IfName).AdminUp);

        await lab.DoAsync(Place.Resume(sold.CircuitId, "regulator"), _ct);
        Assert.True(lab.Lab.Control.State(name, sold.IfName).AdminUp);
    }

    [Fact]
    public async Task The_same_key_is_the_same_order_and_with_another_body_a_conflict()
    {
        var name = lab.NextSwitch();
        var request = Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name));
        var first = await lab.DoAsync(request, _ct);
        var writes = lab.Lab.WriteLog.WritesOf(name).Count;

        var again = await lab.Client.PostAsync<OrderView>("/api/v1/orders", request, _ct);
        Assert.Equal(first.Id, again.Id);
        var conflict = await lab.Client.RefusedAsync(HttpStatusCode.Conflict, "/api/v1/orders", request with { RateDownMbps = 200 }, _ct);
        Assert.Equal("external-id-taken", conflict.Code);

        // Another client may use the same key for an order of its own.
        using var other = await lab.Service.ClientAsync("engineering", _ct);
        using var answer = await other.PostAsJsonAsync("/api/v1/orders", Place.Suspend(request.Service!, "customer") with { ExternalId = request.ExternalId }, _ct);
        var dark = await answer.Created<OrderView>(_ct);
        Assert.NotEqual(first.Id, dark.Id);
        await lab.ProvenAsync(dark.Id, _ct);
        Assert.True(lab.Lab.WriteLog.WritesOf(name).Count > writes);
    }

    [Fact]
    public async Task Many_posts_of_one_key_at_once_are_one_order_with_one_effect()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var request = Place.Activate(circuit, lab.Account, name, lab.FreePort(name));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => lab.Client.PostAsJsonAsync("/api/v1/orders", request, _ct)));
        var orders = await Task.WhenAll(answers.Select(a => a.Content.ReadFromJsonAsync<OrderView>(_ct)));

        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        var id = Assert.Single(orders.Select(o => o!.Id).Distinct());
        await lab.ProvenAsync(id, _ct);
        Assert.Equal(1, await lab.ScalarAsync<long>($"select count(*) from order_item where order_id = {id}", _ct));
        Assert.Equal(1, await lab.ScalarAsync<long>($"select count(*) from service_attachment a join service s on s.id = a.service_id where s.circuit_id = '{circuit}'", _ct));
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Line == "undo shutdown");
    }

    [Fact]
    public async Task A_dry_run_shows_the_plan_and_writes_nothing()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var request = Place.Activate(circuit, lab.Account, name, lab.FreePort(name));
        const string rows = "select (select count(*) from service_order) + (select count(*) from service) + (select count(*) from audit) + (select count(*) from outbox) + (select count(*) from event) + (select count(*) from port_intent)";
        var (before, written) = (await lab.ScalarAsync<long>(rows, _ct), lab.Lab.WriteLog.WritesOf(name).Count);

        var shown = await lab.Client.PostAsync<DryRunView>("/api/v1/orders?dryRun=true", request, _ct);
        var plan = Assert.Single(shown.Plans);

        // Some of the city's free ports are access ports already.
        Assert.Equal(["accessVlan", "rateDown", "rateUp", "alias", "adminStatus"], plan.Steps.Select(s => s.Field).Where(f => f != "mode"));
        Assert.Contains("undo shutdown", plan.Steps.SelectMany(s => s.Lines));
        Assert.Equal((before, written), (await lab.ScalarAsync<long>(rows, _ct), lab.Lab.WriteLog.WritesOf(name).Count));

        // What was shown is what runs.
        var order = await lab.DoAsync(request with { Vlan = shown.Vlan }, _ct);
        Assert.Equal(plan.Hash, Assert.Single(order.Items).Plan!.Hash);
    }

    [Fact]
    public async Task An_order_for_later_waits_and_then_runs()
    {
        var name = lab.NextSwitch();
        var sold = lab.Sold(name);
        var order = await lab.PlaceAsync(Place.Suspend(sold.CircuitId) with { RequestedStart = TimeProvider.System.GetUtcNow().AddSeconds(4) }, _ct);
        Assert.Equal(("pending", "scheduled"), (order.State, order.Reason));
        Assert.Empty(order.Items);
        Assert.True(lab.Lab.Control.State(name, sold.IfName).AdminUp);

        await lab.ProvenAsync(order.Id, _ct);
        Assert.False(lab.Lab.Control.State(name, sold.IfName).AdminUp);
        Assert.True(lab.Lab.WriteLog.WritesOf(name)[0].Time >= order.RequestedStart);
    }

    [Fact]
    public async Task An_order_that_waits_can_be_cancelled_and_one_in_effect_not()
    {
        var sold = lab.Sold(lab.NextSwitch());
        var later = await lab.PlaceAsync(Place.Suspend(sold.CircuitId) with { RequestedStart = TimeProvider.System.GetUtcNow().AddHours(1) }, _ct);
        var cancelled = await lab.Client.PostAsync<OrderView>($"/api/v1/orders/{later.Id}/cancel", new { }, _ct);
        Assert.Equal(("cancelled", "cancelled"), (cancelled.State, cancelled.Reason));
        Assert.NotNull(cancelled.FinishedAt);
        Assert.Equal("order-in-effect", (await lab.Client.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{later.Id}/cancel", new { }, _ct)).Code);

        var done = await lab.DoAsync(Place.Suspend(sold.CircuitId), _ct);
        Assert.Equal("order-in-effect", (await lab.Client.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{done.Id}/cancel", new { }, _ct)).Code);
    }

    [Fact]
    public async Task Without_a_port_the_qualification_chooses_one()
    {
        var circuit = Place.Key();
        var order = await lab.DoAsync(
            new() { ExternalId = Place.Key(), Action = "activate", Service = circuit, Account = lab.Account, Building = lab.Lab.City.Buildings[0].Name, RateDownMbps = 20 }, _ct);
        var item = Assert.Single(order.Items);
        Assert.True(lab.Lab.Control.State(item.Switch, item.IfName).AdminUp);

        // The switch may be another test's own.
        await lab.DoAsync(Place.Disconnect(order.Service), _ct);
    }

    /// <summary>I7: no other port of the switch was touched.</summary>
    private void OnlyChanged(SwitchState before, string port)
    {
        var after = lab.Lab.Control.State(before.Name);
        Assert.Equal(before.Ports.Where(p => p.IfName != port).Select(p => p.Running), after.Ports.Where(p => p.IfName != port).Select(p => p.Running));
        Assert.All(lab.Lab.WriteLog.WritesOf(before.Name).Where(w => w.Port is not null), w => Assert.Equal(port, w.Port));
    }
}
