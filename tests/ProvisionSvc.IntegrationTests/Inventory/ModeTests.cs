using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Inventory;

/// <summary>Without a worker: items stay where the mode puts them.</summary>
public sealed class ModeTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private HttpClient Administrator => fixture.Service.Administrator;

    public async ValueTask InitializeAsync() => await SmallCity.Default.ImportAsync(Administrator, _ct);

    public async ValueTask DisposeAsync() => await fixture.Service.Database.ExecuteAsync("truncate district, customer, service_order, alarm, audit cascade", _ct);

    [Fact]
    public async Task A_switch_with_imported_services_is_adopted_before_it_is_managed()
    {
        var problem = await RefusedAsync(HttpStatusCode.Conflict, "b1-sw1", new("manage"));
        Assert.Equal("services-not-adopted", problem.Code);
        Assert.Equal("manage", (await SetAsync("b1-sw2", new("manage"))).Mode);
    }

    [Fact]
    public async Task Maintenance_has_an_end_in_the_future_and_nothing_else_has()
    {
        Assert.Equal("missing-member", (await RefusedAsync(HttpStatusCode.UnprocessableEntity, "b1-sw2", new("maintenance"))).Faults.Single().Code);
        Assert.Equal("until-past", (await RefusedAsync(HttpStatusCode.UnprocessableEntity, "b1-sw2", new("maintenance", DateTimeOffset.UnixEpoch))).Faults.Single().Code);
        Assert.Equal("unexpected-member", (await RefusedAsync(HttpStatusCode.UnprocessableEntity, "b1-sw2", new("observe", TimeProvider.System.GetUtcNow().AddDays(1)))).Faults.Single().Code);
        Assert.All((string[])["locked", "Manage", "", "1"], m => Assert.Equal("unknown-mode", RefusedAsync(HttpStatusCode.UnprocessableEntity, "b1-sw2", new(m)).GetAwaiter().GetResult().Faults.Single().Code));
        await RefusedAsync(HttpStatusCode.NotFound, "nobody", new("observe"));
    }

    [Fact]
    public async Task What_waited_for_the_end_of_maintenance_goes_on_and_the_lane_is_due()
    {
        await SetAsync("b1-sw2", new("manage"));
        await SetAsync("b1-sw2", new("maintenance", TimeProvider.System.GetUtcNow().AddHours(1), "new power supply"));
        await HeldItemAsync("maintenance");
        Assert.Equal("manage", (await SetAsync("b1-sw2", new("manage"))).Mode);
        Assert.Equal(["acknowledged acknowledged true"], await ItemAsync());
        Assert.Contains("new power supply", string.Join('\n', await fixture.Service.Database.TextsAsync("select detail from audit where action = 'switch.mode'", _ct)));
    }

    [Fact]
    public async Task Back_to_observe_releases_nothing()
    {
        await SetAsync("b1-sw2", new("maintenance", TimeProvider.System.GetUtcNow().AddHours(1)));
        await HeldItemAsync("maintenance");
        await SetAsync("b1-sw2", new("observe"));
        Assert.Equal(["held held false"], await ItemAsync());
    }

    [Fact]
    public async Task Unlocking_needs_a_reason_clears_the_alarm_and_lets_the_lane_go_on()
    {
        await SetAsync("b1-sw2", new("manage"));
        await HeldItemAsync("lane-locked");
        await fixture.Service.Database.ExecuteAsync(
            """
            insert into lane (switch_id, locked_reason, locked_at) select id, 'not taken back', now() from switch where name = 'b1-sw2';
            insert into alarm (key, severity, what, remedy, raised_at, last_raised_at) values ('lane-locked:b1-sw2', 'critical', 'x', 'y', now(), now());
            """,
            _ct);
        Assert.Equal("locked", (await Administrator.GetAsync<SwitchView>("/api/v1/switches/b1-sw2", _ct)).Mode);
        await Administrator.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/switches/b1-sw2/unlock", new UnlockSwitchRequest(" "), _ct);
        await Administrator.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/switches/b1-sw2/unlock", new { }, _ct);

        var view = await Administrator.PostAsync<SwitchView>("/api/v1/switches/b1-sw2/unlock", new UnlockSwitchRequest("looked at it, port 3 is fine"), _ct);
        Assert.Equal(("manage", null), (view.Mode, view.LockedReason));
        Assert.Equal(["acknowledged acknowledged true"], await ItemAsync());
        Assert.Empty(await Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct));
        Assert.Contains("port 3 is fine", string.Join('\n', await fixture.Service.Database.TextsAsync("select detail from audit where action = 'switch.unlock'", _ct)));

        // Once more does no harm.
        await Administrator.PostAsync<SwitchView>("/api/v1/switches/b1-sw2/unlock", new UnlockSwitchRequest("again"), _ct);
    }

    private Task<SwitchView> SetAsync(string name, SetSwitchModeRequest request) => Administrator.PutAsync<SwitchView>($"/api/v1/switches/{name}/mode", request, _ct);

    private async Task<ProblemView> RefusedAsync(HttpStatusCode status, string name, SetSwitchModeRequest request)
    {
        using var answer = await Administrator.PutAsJsonAsync($"/api/v1/switches/{name}/mode", request, _ct);
        return await answer.Problem(status, _ct);
    }

    private Task HeldItemAsync(string reason) => fixture.Service.Database.ExecuteAsync(
        $"""
         with o as (
             insert into service_order (client, external_id, body_hash, body, action, circuit_id, placed_by, state, reason, created_at)
             values ('t', 'x', '', '{"{}"}', 'activate', 'c', 't', 'held', '{reason}', now()) returning id)
         insert into order_item (order_id, sequence, switch_id, port_id, building_id, precedence, darkens, state, reason, not_before, intent_version, created_at)
         select o.id, 1, w.id, p.id, w.building_id, 1, false, 'held', '{reason}', now(), 1, now()
         from o, switch w join port p on p.switch_id = w.id where w.name = 'b1-sw2' and p.if_name = 'GigabitEthernet0/0/3'
         """,
        _ct);

    private Task<IReadOnlyList<string>> ItemAsync() => fixture.Service.Database.TextsAsync(
        """
        select o.state || ' ' || i.state || ' ' || coalesce(l.due_at is not null, false)::text
        from order_item i join service_order o on o.id = i.order_id left join lane l on l.switch_id = i.switch_id
        """,
        _ct);
}
