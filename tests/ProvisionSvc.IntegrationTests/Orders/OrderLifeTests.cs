using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Orders between acceptance and end: cancelled, listed, read under a version; holds that end by themselves.</summary>
public sealed class OrderLifeTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_of_which_no_switch_has_heard_is_taken_out_of_the_books()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        var to = lab.NextSwitch();
        var target = lab.FreePort(to);
        await MaintenanceAsync(name);
        await MaintenanceAsync(to);

        foreach (var request in (PlaceOrderRequest[])
        [
            Place.Suspend(circuit), Place.Of("changeSpeed", circuit) with { RateDownMbps = 300 }, Place.Of("rename", circuit) with { NewService = Place.Key() },
            Place.Of("move", circuit) with { ToSwitch = to, ToIfName = target }, Place.Disconnect(circuit),
        ])
        {
            var before = await BooksAsync(port);
            var order = await lab.PlaceAsync(request, _ct);
            Assert.Equal("held", (await lab.UntilAsync(order.Id, o => o.State == "held", _ct)).State);
            var cancelled = await lab.Client.PostAsync<OrderView>($"/api/v1/orders/{order.Id}/cancel", new { }, _ct);
            Assert.Equal(("cancelled", "cancelled"), (cancelled.State, cancelled.Reason));
            Assert.Equal(before, await BooksAsync(port));
        }

        // The next order finds the line as it was.
        await ManageAsync(name);
        await ManageAsync(to);
        await lab.DoAsync(Place.Suspend(circuit), _ct);
        Assert.Equal(lab.Account, (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).Account);
        Assert.False(lab.Lab.Control.State(to, target).AdminUp);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
    }

    [Fact]
    public async Task An_order_that_has_begun_goes_on_and_says_so()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        lab.Lab.Control.Tell(name, new Fault.Slow(TimeSpan.FromMilliseconds(300)));
        var order = await lab.PlaceAsync(Place.Suspend(circuit), _ct);
        await lab.UntilAsync(order.Id, o => o.State == "inProgress", _ct);

        var refused = await lab.Client.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{order.Id}/cancel", new { }, _ct);
        Assert.Equal("order-in-effect", refused.Code);
        Assert.Contains("has begun", refused.Title, StringComparison.Ordinal);
        lab.Lab.Control.Clear(name);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
    }

    [Fact]
    public async Task An_order_that_took_another_s_place_or_on_which_one_builds_is_not_cancelled()
    {
        var (name, circuit, _) = await lab.LitAsync(_ct);
        await MaintenanceAsync(name);
        var dark = await lab.PlaceAsync(Place.Suspend(circuit), _ct);
        var speed = await lab.PlaceAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 300 }, _ct);
        Assert.Contains($"Order {speed.Id} came after", (await CancelRefusedAsync(dark.Id)).Title, StringComparison.Ordinal);

        var light = await lab.PlaceAsync(Place.Resume(circuit), _ct);
        Assert.Equal("superseded", (await lab.OrderAsync(dark.Id, _ct)).Reason);
        Assert.Contains("took the place", (await CancelRefusedAsync(light.Id)).Title, StringComparison.Ordinal);
        await ManageAsync(name);
        await lab.ProvenAsync(light.Id, _ct);
    }

    [Fact]
    public async Task A_hold_ends_by_itself_by_an_order_and_its_history_stays()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        await lab.DoAsync(Place.Suspend(circuit, "abuse"), _ct);
        await lab.DoAsync(Place.Suspend(circuit, "customer") with { Until = TimeProvider.System.GetUtcNow().AddHours(1) }, _ct);
        await lab.SqlAsync($"update hold set until = now() where kind = 'customer' and service_id = (select id from service where circuit_id = '{circuit}')", _ct);

        var ended = await SomeAsync(circuit, o => o is { Action: "resume", PlacedBy: "clock" });
        Assert.Equal("dark-by-hold", (await lab.UntilAsync(ended.Id, o => o.FinishedAt is not null, _ct)).Reason);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
        await lab.DoAsync(Place.Resume(circuit, "abuse"), _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);

        var holds = (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).Holds;
        Assert.Equal(["abuse", "customer"], holds.Select(h => h.Kind).Order(StringComparer.Ordinal));
        Assert.Equal("clock", holds.Single(h => h.Kind == "customer").ReleasedBy);
        Assert.Equal("until-past", Assert.Single((await lab.Client.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/v1/orders", Place.Suspend(circuit) with { Until = TimeProvider.System.GetUtcNow().AddHours(-1) }, _ct)).Faults).Code);
    }

    [Fact]
    public async Task Orders_are_found_by_what_they_concern()
    {
        var (name, circuit, _) = await lab.LitAsync(_ct);
        var order = await lab.DoAsync(Place.Suspend(circuit, "abuse"), _ct);
        foreach (var query in (string[])
        [
            $"service={circuit}&action=suspend", $"switch={name}&state=completed&action=suspend", $"account={lab.Account}&service={circuit}&placedBy=administrator&action=suspend",
            $"service={circuit}&since={Uri.EscapeDataString(order.CreatedAt.ToString("O"))}",
        ])
        {
            Assert.Equal([order.Id], (await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?{query}", _ct)).Orders.Select(o => o.Id));
        }

        Assert.Empty((await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?service={circuit}&until={Uri.EscapeDataString(order.CreatedAt.AddDays(-1).ToString("O"))}", _ct)).Orders);
        Assert.Equal(order.Id.ToString(), (await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?service={circuit}&limit=1", _ct)).Next);
        using var wrong = await lab.Client.GetAsync("/api/v1/orders?cursor=x&action=light&state=open", _ct);
        Assert.Equal(["unknown-action", "unknown-cursor", "unknown-state"], (await wrong.Problem(HttpStatusCode.UnprocessableEntity, _ct)).Faults.Select(f => f.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is_not_acted_on()
    {
        var (_, circuit, _) = await lab.LitAsync(_ct);
        var order = await lab.PlaceAsync(Place.Suspend(circuit) with { RequestedStart = TimeProvider.System.GetUtcNow().AddHours(1) }, _ct);
        using var first = await lab.Client.GetAsync($"/api/v1/orders/{order.Id}", _ct);
        var tag = first.Headers.ETag!.ToString();

        Assert.Equal(HttpStatusCode.NotModified, (await SendAsync(HttpMethod.Get, order.Id, "", "If-None-Match", tag)).StatusCode);
        var stale = await SendAsync(HttpMethod.Post, order.Id, "/cancel", "If-Match", "\"0123\"");
        Assert.Equal("changed-meanwhile", (await stale.Problem(HttpStatusCode.PreconditionFailed, _ct)).Code);
        Assert.Equal("cancelled", (await (await SendAsync(HttpMethod.Post, order.Id, "/cancel", "If-Match", tag)).Ok<OrderView>(_ct)).State);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, order.Id, "/cancel", "If-Match", tag)).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, long id, string verb, string header, string tag)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/orders/{id}{verb}");
        request.Headers.TryAddWithoutValidation(header, tag);
        return await lab.Client.SendAsync(request, _ct);
    }

    private Task<ProblemView> CancelRefusedAsync(long id) => lab.Client.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{id}/cancel", new { }, _ct);

    private Task<SwitchView> MaintenanceAsync(string name) =>
        lab.Client.PutAsync<SwitchView>($"/api/v1/switches/{name}/mode", new SetSwitchModeRequest("maintenance", TimeProvider.System.GetUtcNow().AddHours(1)), _ct);

    private Task<SwitchView> ManageAsync(string name) => lab.Client.PutAsync<SwitchView>($"/api/v1/switches/{name}/mode", new SetSwitchModeRequest("manage"), _ct);

    private async Task<OrderView> SomeAsync(string circuit, Func<OrderView, bool> wanted)
    {
        for (var look = 0; look < 400; look++)
        {
            if ((await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?service={circuit}", _ct)).Orders.FirstOrDefault(wanted) is { } order)
            {
                return order;
            }

            await Task.Delay(50, _ct);
        }

        throw new InvalidOperationException($"No such order of {circuit} within 20 s.");
    }

    /// <summary>Everything the books say of the line on this port.</summary>
    private Task<string> BooksAsync(string ifName) => lab.ScalarAsync<string>(
        $"""
         select coalesce(string_agg(concat_ws(' ', s.circuit_id, s.state, s.rate_down_kbps, a.vlan, a.rate_down_kbps, i.admin_status, i.alias, i.rate_down_kbps,
                (select count(*) from hold h where h.service_id = s.id and h.released_at is null),
                (select count(*) from service_attachment x where x.service_id = s.id and x.ended_at is null)), ';' order by s.id), '')
         from service s join service_attachment a on a.service_id = s.id and a.ended_at is null join port p on p.id = a.port_id left join port_intent i on i.port_id = p.id
         where p.if_name = '{ifName}'
         """, _ct);
}
