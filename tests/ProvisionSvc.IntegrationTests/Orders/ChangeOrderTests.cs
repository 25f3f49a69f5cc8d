using System.Net;
using System.Text.RegularExpressions;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Orders that change a line that stands: what the switch shows afterwards, and what is refused.</summary>
public sealed class ChangeOrderTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_gets_another_speed()
    {
        var (name, circuit, port) = await LitAsync();
        var order = await lab.DoAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 200, RateUpMbps = 30 }, _ct);

        var now = lab.Lab.Control.State(name, port);
        Assert.Equal((true, 200_000, 30_000), (now.AdminUp, now.OutboundKbps, now.InboundKbps));
        Assert.Equal(["rateDown", "rateUp"], Assert.Single(order.Items).Plan!.Steps.Select(s => s.Field));
        var service = await ServiceAsync(circuit);
        Assert.Equal((200m, 30m, "active"), (service.RateDownMbps, service.RateUpMbps, service.State));
        await lab.EveryWriteWasIntendedAsync(name, _ct);

        Assert.Equal(["rate-above-port rateDownMbps"], await FaultsAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 2000 }));
        Assert.Equal(["missing-member rateDownMbps"], await FaultsAsync(Place.Of("changeSpeed", circuit)));
    }

    [Fact]
    public async Task A_line_gets_another_VLAN_and_none_that_others_use()
    {
        var (name, circuit, port) = await LitAsync();
        var (_, other, _) = await LitAsync(name, 1);
        var before = lab.Lab.Control.State(name, port).DefaultVlan;

        await lab.DoAsync(Place.Of("changeVlan", circuit), _ct);

        var now = lab.Lab.Control.State(name, port).DefaultVlan;
        Assert.NotEqual(before, now);
        Assert.Equal(now, (await ServiceAsync(circuit)).Attachments.Single().Vlan);
        Assert.Equal(["vlan-taken vlan"], await FaultsAsync(Place.Of("changeVlan", circuit) with { Vlan = (await ServiceAsync(other)).Attachments.Single().Vlan }));
    }

    [Fact]
    public async Task A_second_attachment_comes_and_goes_on_another_port_and_not_on_the_same()
    {
        var (name, circuit, port) = await LitAsync();
        var second = lab.FreePort(name, 1);
        Assert.Equal(["port-occupied port"], await FaultsAsync(Place.Of("addAttachment", circuit) with { Switch = name, IfName = port, RateDownMbps = 20 }));

        var added = await lab.DoAsync(Place.Of("addAttachment", circuit) with { Switch = name, IfName = second, RateDownMbps = 20 }, _ct);
        Assert.Equal(second, Assert.Single(added.Items).IfName);
        Assert.Equal((true, 20_000, circuit), (lab.Lab.Control.State(name, second).AdminUp, lab.Lab.Control.State(name, second).OutboundKbps, lab.Lab.Control.State(name, second).Description));
        Assert.Equal(2, (await ServiceAsync(circuit)).Attachments.Count);

        // A hold darkens both, and a change must say which of them it means.
        await lab.DoAsync(Place.Suspend(circuit), _ct);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp || lab.Lab.Control.State(name, second).AdminUp);
        Assert.Equal(["which-attachment ifName"], await FaultsAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 50 }));
        await lab.DoAsync(Place.Resume(circuit), _ct);

        await lab.DoAsync(Place.Of("removeAttachment", circuit) with { Switch = name, IfName = second }, _ct);
        Assert.Equal((false, ""), (lab.Lab.Control.State(name, second).AdminUp, lab.Lab.Control.State(name, second).Description));
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Equal("active", (await ServiceAsync(circuit)).State);
        Assert.Equal(["last-attachment ifName"], await FaultsAsync(Place.Of("removeAttachment", circuit) with { Switch = name, IfName = port }));
    }

    [Fact]
    public async Task A_line_moves_to_another_switch_and_the_old_port_is_closed_after_the_new_one_is_proven()
    {
        var (from, circuit, port) = await LitAsync();
        var to = lab.NextSwitch();
        var target = lab.FreePort(to);

        var order = await lab.DoAsync(Place.Of("move", circuit) with { ToSwitch = to, ToIfName = target }, _ct);

        Assert.Equal([(to, "completed", default(int?)), (from, "completed", 1)], order.Items.Select(i => (i.Switch, i.State, i.DependsOn)));
        Assert.Equal((true, circuit), (lab.Lab.Control.State(to, target).AdminUp, lab.Lab.Control.State(to, target).Description));
        Assert.Equal((false, "", 1), (lab.Lab.Control.State(from, port).AdminUp, lab.Lab.Control.State(from, port).Description, lab.Lab.Control.State(from, port).DefaultVlan));
        Assert.True(lab.Lab.WriteLog.WritesOf(from).Where(w => w.Line == "shutdown").All(w => w.Time > order.Items[0].Proof!.At.AddSeconds(-1)));
        var attachment = Assert.Single((await ServiceAsync(circuit)).Attachments);
        Assert.Equal((to, target, lab.Lab.Control.State(to, target).DefaultVlan), (attachment.Switch, attachment.IfName, attachment.Vlan));
        await lab.EveryWriteWasIntendedAsync(from, _ct);
        await lab.EveryWriteWasIntendedAsync(to, _ct);

        // The port that was left takes the next line.
        await lab.DoAsync(Place.Activate(Place.Key(), lab.Account, from, port), _ct);
        Assert.Equal(["port-occupied toIfName"], await FaultsAsync(Place.Of("move", circuit) with { ToSwitch = from, ToIfName = port }));
    }

    [Fact]
    public async Task Where_the_new_port_fails_nothing_is_closed()
    {
        var (from, circuit, port) = await LitAsync();
        var to = lab.NextSwitch();
        var target = lab.FreePort(to);
        lab.Lab.Control.Tell(to, new Fault.Reject(new Regex("^undo shutdown$"), "Error: The operation is not allowed."));

        var placed = await lab.PlaceAsync(Place.Of("move", circuit) with { ToSwitch = to, ToIfName = target }, _ct);
        var order = await lab.UntilAsync(placed.Id, o => o.FinishedAt is not null, _ct);

        Assert.Equal(["failed/rejected-by-device", "cancelled/predecessor-failed"], order.Items.Select(i => $"{i.State}/{i.Reason}"));
        Assert.Equal("failed", order.State);
        Assert.True(lab.Lab.Control.State(from, port).AdminUp);
        Assert.False(lab.Lab.Control.State(to, target).AdminUp);
        Assert.Equal(port, Assert.Single((await ServiceAsync(circuit)).Attachments).IfName);
        Assert.DoesNotContain(lab.Lab.WriteLog.WritesOf(from), w => w.Line == "shutdown");
        Assert.Equal("down", (await PortAsync(to, target)).Intent!.AdminStatus);
    }

    [Fact]
    public async Task A_line_gets_another_circuit_id_and_its_port_the_alias()
    {
        var (name, circuit, port) = await LitAsync();
        var renamed = Place.Key();
        Assert.Equal(["circuit-taken newService"], await FaultsAsync(Place.Of("rename", circuit) with { NewService = lab.Sold(name).CircuitId }));

        await lab.DoAsync(Place.Of("rename", circuit) with { NewService = renamed }, _ct);

        Assert.Equal(renamed, lab.Lab.Control.State(name, port).Description);
        Assert.Equal("active", (await ServiceAsync(renamed)).State);
        var orders = await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?service={renamed}", _ct);
        Assert.Equal(["rename", "activate"], orders.Orders.Select(o => o.Action));
    }

    [Fact]
    public async Task A_repair_brings_a_port_back_to_its_intent_and_closes_one_that_nobody_ordered()
    {
        var (name, circuit, port) = await LitAsync();
        var bare = lab.FreePort(name, 3);
        lab.Lab.Control.EditPort(name, port, p => p with { Shutdown = true, Description = "by-hand" });
        lab.Lab.Control.EditPort(name, bare, p => p with { Shutdown = false });

        await lab.DoAsync(Place.Of("repair", circuit), _ct);
        Assert.Equal((true, circuit), (lab.Lab.Control.State(name, port).AdminUp, lab.Lab.Control.State(name, port).Description));

        var closed = await lab.DoAsync(new() { ExternalId = Place.Key(), Action = "repair", Switch = name, IfName = bare }, _ct);
        Assert.Equal(("", $"{name} {bare}"), (closed.Service, closed.Place));
        Assert.False(lab.Lab.Control.State(name, bare).AdminUp);
    }

    [Fact]
    public async Task An_adoption_takes_over_what_the_port_shows_and_types_nothing()
    {
        var (name, circuit, port) = await LitAsync();
        lab.Lab.Control.EditPort(name, port, p => p with { Shutdown = true, Outbound = RateLimit.OfMbps(77) });
        var writes = lab.Lab.WriteLog.WritesOf(name).Count;

        await lab.DoAsync(Place.Of("adopt", circuit), _ct);

        Assert.Equal(writes, lab.Lab.WriteLog.WritesOf(name).Count);
        var service = await ServiceAsync(circuit);
        Assert.Equal(77m, service.Attachments.Single().RateDownMbps);
        Assert.Equal("engineering", Assert.Single(service.Holds).Kind);
        Assert.Equal("inactive", service.State);
    }

    private Task<(string Switch, string Circuit, string Port)> LitAsync(string? on = null, int free = 0) => lab.LitAsync(_ct, on, free);

    private Task<ServiceView> ServiceAsync(string circuit) => lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct);

    private async Task<PortView> PortAsync(string name, string ifName) =>
        Assert.Single(await lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}&ifName={Uri.EscapeDataString(ifName)}", _ct));

    private async Task<IEnumerable<string>> FaultsAsync(PlaceOrderRequest request) =>
        (await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", request, _ct)).Faults.Select(f => $"{f.Code} {f.Field}").Order(StringComparer.Ordinal);
}
