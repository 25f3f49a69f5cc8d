using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Orders over a group, a switch, or a list: one number to follow, an outcome for each part.</summary>
public sealed class ManyOrderTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_group_is_suspended_and_where_one_branch_fails_the_order_is_partial()
    {
        var (first, second) = (await lab.LitAsync(_ct), await lab.LitAsync(_ct));
        var group = await GroupAsync(first.Circuit, second.Circuit);
        lab.Lab.Control.Tell(second.Switch, new Fault.Reject(new Regex("^shutdown$"), "Error: The operation is not allowed."));

        var dry = await lab.Client.PostAsync<DryRunView>("/api/v1/orders?dryRun=true", Suspend(group), _ct);
        Assert.Equal([first.Switch, second.Switch], dry.Plans.Select(p => p.Switch).Order(StringComparer.Ordinal));

        var placed = await lab.PlaceAsync(Suspend(group), _ct);
        Assert.Equal((group, 2, ""), (placed.Group, placed.Parts!.Total, placed.Service));
        var order = await lab.UntilAsync(placed.Id, o => o.FinishedAt is not null, _ct);

        Assert.Equal("partial", order.State);
        Assert.Equal(new Dictionary<string, int> { ["completed"] = 1, ["failed"] = 1 }, order.Parts!.ByState);
        Assert.Equal("completed", order.Items.Single(i => i.Service == first.Circuit).State);
        Assert.Equal("rejected-by-device", order.Items.Single(i => i.Service == second.Circuit).Reason);
        Assert.False(lab.Lab.Control.State(first.Switch, first.Port).AdminUp);
        Assert.True(lab.Lab.Control.State(second.Switch, second.Port).AdminUp);
        var parts = await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?parent={order.Id}", _ct);
        Assert.Equal([order.Id, order.Id], parts.Orders.Select(o => o.Parent!.Value));

        // What has completed of it is taken back with one order.
        lab.Lab.Control.Clear(second.Switch);
        using var answer = await lab.Client.PostAsJsonAsync($"/api/v1/orders/{order.Id}/undo", new { }, _ct);
        var undo = await answer.Created<OrderView>(_ct);
        Assert.Equal(1, (await lab.UntilAsync(undo.Id, o => o.FinishedAt is not null, _ct)).Parts!.ByState["completed"]);
        Assert.True(lab.Lab.Control.State(first.Switch, first.Port).AdminUp);
    }

    [Fact]
    public async Task An_unknown_group_and_a_part_that_cannot_be_are_named()
    {
        Assert.Equal(["unknown-group group"], await FaultsAsync(Suspend("nobody")));
        var line = await lab.LitAsync(_ct);
        var group = await GroupAsync(line.Circuit);
        Assert.Equal([$"rate-above-port {line.Circuit}"], await FaultsAsync(new() { ExternalId = Place.Key(), Action = "changeSpeed", Group = group, RateDownMbps = 5000 }));
        Assert.Equal(["service-or-group group"], await FaultsAsync(Suspend(group) with { Service = line.Circuit }));
    }

    [Fact]
    public async Task Every_line_of_a_broken_switch_comes_up_on_its_spare()
    {
        var first = await lab.LitAsync(_ct);
        var second = await lab.LitAsync(_ct, first.Switch, 1);
        var (broken, spare) = (first.Switch, lab.NextSwitch());
        var (one, two) = (lab.FreePort(spare, 4), lab.FreePort(spare, 5));
        lab.Lab.Control.Tell(broken, new Fault.Unreachable());

        // What was sold before stands on the broken switch too; it goes to free ports by their order.
        var sold = lab.Lab.City.Services.Where(s => s.Switch == broken).ToList();
        var map = sold.Select((s, i) => (s.IfName, To: lab.FreePort(spare, 6 + i))).Append((first.Port, one)).Append((second.Port, two)).ToDictionary(m => m.Item1, m => m.Item2);
        var request = new PlaceOrderRequest { ExternalId = Place.Key(), Action = "replaceSwitch", Switch = broken, ToSwitch = spare };
        Assert.Contains($"port-occupied {lab.Sold(spare).CircuitId}", (await FaultsAsync(request with { PortMap = new Dictionary<string, string> { [first.Port] = lab.Sold(spare).IfName } }))
            .Select(f => f.Replace(first.Circuit, lab.Sold(spare).CircuitId, StringComparison.Ordinal)));
        Assert.Equal(["unknown-port portMap"], await FaultsAsync(request with { PortMap = new Dictionary<string, string> { ["GigabitEthernet9/9/9"] = one } }));

        var order = await lab.UntilAsync((await lab.PlaceAsync(request with { PortMap = map }, _ct)).Id, o => o.FinishedAt is not null, _ct, 60);

        Assert.Equal("completed", order.State);
        Assert.Equal(map.Values.Order(StringComparer.Ordinal), order.Items.Select(i => i.IfName).Order(StringComparer.Ordinal));
        Assert.All(order.Items, i => Assert.Equal((spare, "completed"), (i.Switch, i.State)));
        Assert.Equal((true, first.Circuit), (lab.Lab.Control.State(spare, one).AdminUp, lab.Lab.Control.State(spare, one).Description));
        Assert.Equal((true, second.Circuit), (lab.Lab.Control.State(spare, two).AdminUp, lab.Lab.Control.State(spare, two).Description));
        Assert.Equal(0, await lab.ScalarAsync<long>(
            $"select count(*) from service_attachment a join port p on p.id = a.port_id join switch w on w.id = p.switch_id where w.name = '{broken}' and a.ended_at is null", _ct));
        lab.Lab.Control.Clear(broken);
    }

    [Fact]
    public async Task A_bulk_is_one_number_whose_rows_run_like_orders()
    {
        var lines = new[] { await lab.LitAsync(_ct), await lab.LitAsync(_ct) };
        var request = new BulkOrderRequest
        {
            ExternalId = Place.Key(), Why = "the list of March",
            Csv = "action,service,hold,rateDownMbps\n" + $"suspend,{lines[0].Circuit},customer,\nchangeSpeed,{lines[1].Circuit},,50\n",
        };
        var dry = await lab.Client.PostAsync<BulkOrderView>("/api/v1/orders/bulk?dryRun=true", request, _ct);
        Assert.Equal((2, 1, default(OrderView)), (dry.Rows, dry.Darkening, dry.Order));

        using var answer = await lab.Client.PostAsJsonAsync("/api/v1/orders/bulk", request, _ct);
        var placed = (await answer.Created<BulkOrderView>(_ct)).Order!;
        var again = await lab.Client.PostAsync<BulkOrderView>("/api/v1/orders/bulk", request, _ct);
        Assert.Equal(placed.Id, again.Order!.Id);
        var conflict = await lab.Client.RefusedAsync(HttpStatusCode.Conflict, "/api/v1/orders/bulk", request with { Csv = request.Csv.Replace("50", "60", StringComparison.Ordinal) }, _ct);
        Assert.Equal("external-id-taken", conflict.Code);

        var order = await lab.UntilAsync(placed.Id, o => o.FinishedAt is not null, _ct);
        Assert.Equal(("completed", "bulk", 2), (order.State, order.Action, order.Parts!.ByState["completed"]));
        Assert.False(lab.Lab.Control.State(lines[0].Switch, lines[0].Port).AdminUp);
        Assert.Equal(50_000, lab.Lab.Control.State(lines[1].Switch, lines[1].Port).OutboundKbps);
    }

    private static PlaceOrderRequest Suspend(string group) => new() { ExternalId = Place.Key(), Action = "suspend", Group = group, Hold = "customer" };

    private async Task<string> GroupAsync(params IReadOnlyList<string> circuits)
    {
        var name = Place.Key();
        await lab.SqlAsync($"insert into service_group (name, customer_id) select '{name}', min(id) from customer", _ct);
        await lab.SqlAsync($"update service set group_id = (select id from service_group where name = '{name}') where circuit_id in ('{string.Join("','", circuits)}')", _ct);
        return name;
    }

    private async Task<IEnumerable<string>> FaultsAsync(PlaceOrderRequest request) =>
        (await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", request, _ct)).Faults.Select(f => $"{f.Code} {f.Field}").Order(StringComparer.Ordinal);
}
