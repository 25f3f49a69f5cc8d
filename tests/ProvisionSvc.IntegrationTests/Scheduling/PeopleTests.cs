using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Scheduling;

/// <summary>Orders that wait for people: for the field work, and for approval.</summary>
public sealed class PeopleTests(ScheduleLab lab) : IClassFixture<ScheduleLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_activation_waits_for_where_the_fibre_landed_and_goes_on_by_itself()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var order = await lab.PlaceAsync(WithoutPort(circuit, lab.BuildingOf(name)), _ct);
        Assert.Equal(("held", "field-answer"), (order.State, order.Reason));
        Assert.Contains("等待施工人员", order.ReasonTextZh);
        Assert.Empty(order.Items);
        Assert.Contains((await lab.Client.GetAsync<OrderListView>("/api/v1/orders?waiting=true", _ct)).Orders, o => o.Id == order.Id);

        // The answer is checked as an order is, and a wrong one changes nothing.
        var path = $"/api/v1/orders/{order.Id}/answer";
        var wrong = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, path, new AnswerOrderRequest { Switch = name, IfName = lab.Sold(name).IfName }, _ct);
        Assert.Contains(wrong.Faults, f => f.Code == "port-occupied");
        Assert.Equal("unknown-port", (await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, path, new AnswerOrderRequest { Switch = name, IfName = "nowhere" }, _ct)).Faults.Single().Code);
        Assert.Equal("field-answer", (await lab.OrderAsync(order.Id, _ct)).Reason);

        var port = lab.FreePort(name, 3);
        using var engineer = await lab.Service.ClientAsync("engineering", _ct);
        await engineer.PostAsync<OrderView>(path, new AnswerOrderRequest { Switch = name, IfName = port, Vlan = null }, _ct);
        var lit = await lab.ProvenAsync(order.Id, _ct);
        Assert.Equal((name, port), (lit.Items[0].Switch, lit.Items[0].IfName));
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Equal("order-needs-no-answer", (await engineer.RefusedAsync(HttpStatusCode.Conflict, path, new AnswerOrderRequest { Switch = name, IfName = port }, _ct)).Code);
        Assert.Equal(1, await lab.ScalarAsync<long>($"select count(*) from audit where object = 'order/{order.Id}' and action = 'order.answer' and who like '%engineering%'", _ct));
    }

    [Fact]
    public async Task An_order_that_waits_for_its_port_is_otherwise_complete_and_may_be_cancelled()
    {
        var name = lab.NextSwitch();
        var whole = WithoutPort(Place.Key(), lab.BuildingOf(name));
        Assert.Equal("unknown-account", (await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", whole with { Account = "nobody" }, _ct)).Faults.Single().Code);
        Assert.Equal("field-answer-place", (await lab.Client.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/v1/orders", whole with { Switch = name, IfName = lab.FreePort(name) }, _ct)).Faults.Single().Code);

        // More than the building can carry today: it may have been built until the answer comes.
        var big = await lab.PlaceAsync(whole with { RateDownMbps = 100_000 }, _ct);
        Assert.Equal("field-answer", big.Reason);
        Assert.Equal("cancelled", (await lab.Client.PostAsync<OrderView>($"/api/v1/orders/{big.Id}/cancel", new { }, _ct)).State);
    }

    [Fact]
    public async Task Only_the_plan_that_somebody_else_approved_runs()
    {
        var name = lab.NextSwitch();
        var port = lab.FreePort(name);
        var order = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, port, 1000), _ct);
        Assert.Equal(("held", "approval"), (order.State, order.Reason));
        var asked = await lab.UntilAsync(order.Id, o => o.Approval?.Hash is not null, _ct);
        Assert.Contains(asked.Approval!.Plans.Single().Steps, s => s is { Field: "adminStatus", After: "up" });

        using var business = await lab.Service.ClientAsync("business", _ct);
        using var engineer = await lab.Service.ClientAsync("engineering", _ct);
        var (path, yes) = ($"/api/v1/orders/{order.Id}/approve", new ApproveOrderRequest { Hash = asked.Approval.Hash! });
        await lab.Client.RefusedAsync(HttpStatusCode.Forbidden, path, yes, _ct); // One's own.
        await engineer.RefusedAsync(HttpStatusCode.Forbidden, path, yes, _ct); // Another role.
        Assert.Equal("plan-changed", (await business.RefusedAsync(HttpStatusCode.Conflict, path, new ApproveOrderRequest { Hash = "0000000000000000" }, _ct)).Code);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));

        await business.PostAsync<OrderView>(path, yes, _ct);
        var lit = await lab.ProvenAsync(order.Id, _ct);
        Assert.Equal(asked.Approval.Hash, lit.Items[0].Plan!.Hash);
        Assert.Equal("order-needs-no-approval", (await business.RefusedAsync(HttpStatusCode.Conflict, path, yes, _ct)).Code);
    }

    [Fact]
    public async Task A_port_that_changed_since_goes_back_to_the_approvers_with_the_difference()
    {
        var name = lab.NextSwitch();
        var port = lab.FreePort(name);
        var order = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, port, 1000), _ct);
        var first = (await lab.UntilAsync(order.Id, o => o.Approval?.Hash is not null, _ct)).Approval!;
        lab.Lab.Control.EditPort(name, port, p => p with { Description = "by hand" });

        using var business = await lab.Service.ClientAsync("business", _ct);
        var path = $"/api/v1/orders/{order.Id}/approve";
        await business.PostAsync<OrderView>(path, new ApproveOrderRequest { Hash = first.Hash! }, _ct);
        var second = (await lab.UntilAsync(order.Id, o => o is { State: "held", Reason: "approval", Approval.Round: 2 }, _ct)).Approval!;
        Assert.Contains("alias: approved", second.Difference);
        Assert.Contains("by hand", second.Difference);
        Assert.NotEqual(first.Hash, second.Hash);
        Assert.Empty(second.ApprovedBy);
        Assert.DoesNotContain(lab.Lab.WriteLog.WritesOf(name), w => w.Channel != "control");

        Assert.Equal("plan-changed", (await business.RefusedAsync(HttpStatusCode.Conflict, path, new ApproveOrderRequest { Hash = first.Hash! }, _ct)).Code);
        await business.PostAsync<OrderView>(path, new ApproveOrderRequest { Hash = second.Hash! }, _ct);
        Assert.Equal(second.Hash, (await lab.ProvenAsync(order.Id, _ct)).Items[0].Plan!.Hash);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
    }

    [Fact]
    public async Task A_refused_order_ends_with_the_reason_and_has_changed_nothing()
    {
        var name = lab.NextSwitch();
        var (circuit, port) = (Place.Key(), lab.FreePort(name));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port, 1000), _ct);
        using var business = await lab.Service.ClientAsync("business", _ct);
        await business.RefusedAsync(HttpStatusCode.UnprocessableEntity, $"/api/v1/orders/{order.Id}/reject", new RejectOrderRequest { Why = " " }, _ct);
        var refused = await business.PostAsync<OrderView>($"/api/v1/orders/{order.Id}/reject", new RejectOrderRequest { Why = "no contract" }, _ct);
        Assert.Equal(("rejected", "not-approved"), (refused.State, refused.Reason));
        Assert.Contains("no contract", refused.ReasonText);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));
        Assert.Equal(0, await lab.ScalarAsync<long>($"select count(*) from service where circuit_id = '{circuit}'", _ct));
    }

    /// <summary>Two have to agree within eight seconds; one is not enough, and does not count twice.</summary>
    [Fact]
    public async Task An_approval_that_runs_out_cancels_the_order()
    {
        var name = lab.NextSwitch();
        var order = await lab.PlaceAsync(Place.Disconnect(lab.Sold(name).CircuitId), _ct);
        var asked = await lab.UntilAsync(order.Id, o => o.Approval?.Hash is not null, _ct);
        Assert.Equal(2, asked.Approval!.Needed);
        using var engineer = await lab.Service.ClientAsync("engineering", _ct);
        var (path, yes) = ($"/api/v1/orders/{order.Id}/approve", new ApproveOrderRequest { Hash = asked.Approval.Hash! });
        var one = await engineer.PostAsync<OrderView>(path, yes, _ct);
        Assert.Equal("held", one.State);
        Assert.Single(one.Approval!.ApprovedBy);
        Assert.Contains("1/2", one.ReasonText);
        Assert.Equal("approved-already", (await engineer.RefusedAsync(HttpStatusCode.Conflict, path, yes, _ct)).Code);
        await lab.UntilAsync(order.Id, "cancelled", "approval-expired", _ct, 60);
        Assert.True(lab.Lab.Control.State(name, lab.Sold(name).IfName).AdminUp);
    }

    [Fact]
    public async Task Two_approvers_together_let_it_run()
    {
        var name = lab.NextSwitch();
        var order = await lab.PlaceAsync(Place.Disconnect(lab.Sold(name).CircuitId), _ct);
        var asked = await lab.UntilAsync(order.Id, o => o.Approval?.Hash is not null, _ct);
        var (path, yes) = ($"/api/v1/orders/{order.Id}/approve", new ApproveOrderRequest { Hash = asked.Approval!.Hash! });
        using var one = await lab.Service.ClientAsync("engineering", _ct);
        using var two = await lab.Service.ClientAsync("engineering", _ct, [.. Enumerable.Range(1, 10)]);
        await one.PostAsync<OrderView>(path, yes, _ct);
        await two.PostAsync<OrderView>(path, yes, _ct);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.False(lab.Lab.Control.State(name, lab.Sold(name).IfName).AdminUp);
    }

    private PlaceOrderRequest WithoutPort(string circuit, string building) => new()
    {
        ExternalId = Place.Key(), Action = "activate", Service = circuit, Account = lab.Account, Building = building, RateDownMbps = 100, FieldAnswer = true,
    };
}
