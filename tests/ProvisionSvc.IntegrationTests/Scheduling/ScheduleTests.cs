using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Scheduling;

/// <summary>When changes may begin; a restoration waits for none of it, except that everything was stopped.</summary>
public sealed class ScheduleTests(ScheduleLab lab) : IClassFixture<ScheduleLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Outside_its_window_an_order_waits_and_says_until_when_and_a_restoration_goes_at_once()
    {
        var name = lab.NextSwitch();
        await lab.DoAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        var opens = Now.AddHours(3);
        var window = await lab.WindowAsync(lab.BuildingOf(name), opens, _ct);

        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
        Assert.Equal(("pending", "window"), (dark.State, dark.Reason));
        Assert.Empty(dark.Items);
        var said = opens.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(said, dark.ReasonText);
        Assert.Contains(said, dark.ReasonTextZh);
        Assert.StartsWith("不在变更窗口内", dark.ReasonTextZh);
        Assert.InRange(dark.LookAt!.Value, opens.AddSeconds(-1), opens.AddSeconds(1));
        Assert.Contains((await lab.Client.GetAsync<OrderListView>("/api/v1/orders?waiting=true", _ct)).Orders, o => o.Id == dark.Id);

        await lab.DoAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        Assert.Equal("pending", (await lab.OrderAsync(dark.Id, _ct)).State);

        // Without windows there is nothing to wait for.
        using var removed = await lab.Client.DeleteAsync($"/api/v1/windows/{window.Id}", _ct);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await lab.ProvenAsync(dark.Id, _ct);
    }

    [Fact]
    public async Task When_the_window_opens_the_order_begins_by_itself()
    {
        var name = lab.NextSwitch();
        await lab.WindowAsync(lab.BuildingOf(name), Now.AddSeconds(5), _ct);
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("pending", "window"), (dark.State, dark.Reason));
        Assert.True(lab.Lab.Control.State(name, lab.Sold(name).IfName).AdminUp);
        await lab.ProvenAsync(dark.Id, _ct);
        Assert.True(Now >= dark.LookAt);
    }

    /// <summary>It took effect in its window, but the switch was away until the window had closed.</summary>
    [Fact]
    public async Task What_has_not_begun_when_its_window_closes_waits_for_the_next()
    {
        var name = lab.NextSwitch();
        await ModeAsync(name, "maintenance");
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("held", "maintenance"), (dark.State, dark.Reason));
        var window = await lab.WindowAsync(lab.BuildingOf(name), Now.AddHours(2), _ct);
        await ModeAsync(name, "manage");
        var late = await lab.UntilAsync(dark.Id, "pending", "window", _ct);
        Assert.Single(late.Items);
        Assert.True(lab.Lab.Control.State(name, lab.Sold(name).IfName).AdminUp);
        using var removed = await lab.Client.DeleteAsync($"/api/v1/windows/{window.Id}", _ct);
        await lab.ProvenAsync(dark.Id, _ct);
    }

    [Fact]
    public async Task A_freeze_keeps_all_but_the_excepted_role_until_it_is_ended()
    {
        var name = lab.NextSwitch();
        var freeze = await lab.AddAsync<FreezeView>(
            "freezes",
            new FreezeRequest { Scope = "building", Name = lab.BuildingOf(name), From = Now.AddMinutes(-1), Until = Now.AddDays(2), Why = "National Day", ExceptRoles = ["engineering"] }, _ct);
        var waits = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("pending", "freeze"), (waits.State, waits.Reason));
        Assert.Contains("National Day", waits.ReasonTextZh);

        using var engineer = await lab.Service.ClientAsync("engineering", _ct);
        using var excepted = await engineer.PostAsJsonAsync("/api/v1/orders", Place.Suspend(lab.Sold(name, 1).CircuitId, "engineering"), _ct);
        await lab.ProvenAsync((await excepted.Created<OrderView>(_ct)).Id, _ct);
        await lab.DoAsync(Place.Resume(lab.Sold(name, 1).CircuitId, "engineering"), _ct);

        await lab.Client.PostAsync<FreezeView>($"/api/v1/freezes/{freeze.Id}/end", new { }, _ct);
        await lab.ProvenAsync(waits.Id, _ct);
    }

    /// <summary>The red button amid an activation of many lines: not one more goes out, and nothing is typed twice when it goes on.</summary>
    [Fact]
    public async Task A_stop_lets_no_further_line_out_and_a_start_reads_back_and_goes_on()
    {
        var (name, other) = (lab.NextSwitch(), lab.NextSwitch());
        await lab.DoAsync(Place.Suspend(lab.Sold(other).CircuitId), _ct);
        var port = lab.FreePort(name);
        lab.Lab.Control.Tell(name, new Fault.Slow(TimeSpan.FromMilliseconds(400)));
        var lit = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, port), _ct);
        while (lab.Lab.WriteLog.WritesOf(name).All(w => w.Field != "vlans"))
        {
            await Task.Delay(20, _ct);
        }

        var stop = await lab.AddAsync<PauseView>("pauses", new PauseRequest { Scope = "all", Why = "smoke in the tower" }, _ct);
        var stopped = Now;
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(other).CircuitId), _ct);
        await Task.Delay(2500, _ct);

        // The line that was under way may still arrive.
        Assert.InRange(lab.Lab.WriteLog.WritesOf(name).Count(w => w.Time > stopped), 0, 1);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
        Assert.False(lab.Lab.Control.State(other, lab.Sold(other).IfName).AdminUp);
        foreach (var id in (long[])[lit.Id, back.Id])
        {
            var waits = await lab.OrderAsync(id, _ct);
            Assert.Equal("stopped", waits.Reason);
            Assert.Contains("smoke in the tower", waits.ReasonTextZh);
        }

        Assert.Contains(await lab.AlarmsAsync("smoke in the tower", _ct), a => a.Severity == "critical");
        await lab.Client.PostAsync<PauseView>($"/api/v1/pauses/{stop.Id}/end", new { }, _ct);
        lab.Lab.Control.Clear(name);
        await lab.ProvenAsync(back.Id, _ct);
        await lab.ProvenAsync(lit.Id, _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Line == "undo shutdown");
        Assert.Empty(await lab.AlarmsAsync("smoke in the tower", _ct));
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);
    }

    [Fact]
    public async Task A_paused_switch_begins_nothing_new_but_restores()
    {
        var name = lab.NextSwitch();
        await lab.DoAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        var pause = await lab.AddAsync<PauseView>("pauses", new PauseRequest { Scope = "switch", Name = name, Why = "new cards" }, _ct);
        using var again = await lab.Client.PostAsJsonAsync("/api/v1/pauses", new PauseRequest { Scope = "switch", Name = name, Why = "twice" }, _ct);
        Assert.Equal(pause.Id, (await again.Ok<PauseView>(_ct)).Id);
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
        await lab.DoAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        await Task.Delay(1000, _ct);
        var waits = await lab.OrderAsync(dark.Id, _ct);
        Assert.Equal(("acknowledged", "paused"), (waits.State, waits.Reason));
        Assert.Contains("new cards", waits.ReasonText);
        Assert.True(lab.Lab.Control.State(name, lab.Sold(name, 1).IfName).AdminUp);
        await lab.Client.PostAsync<PauseView>($"/api/v1/pauses/{pause.Id}/end", new { }, _ct);
        await lab.ProvenAsync(dark.Id, _ct);
    }

    [Fact]
    public async Task A_node_takes_its_changes_at_its_pace()
    {
        var (name, node) = (lab.NextSwitch(), lab.Lab.City.Nodes[0].Name);
        await lab.Client.PutAsync<SetPaceRequest>($"/api/v1/nodes/{node}/pace", new SetPaceRequest(30), _ct);
        try
        {
            var orders = new List<OrderView>();
            for (var n = 0; n < 3; n++)
            {
                orders.Add(await lab.PlaceAsync(Place.Suspend(lab.Sold(name, n).CircuitId), _ct));
            }

            await lab.UntilAsync(orders[2].Id, "pending", "pacing", _ct);
            foreach (var order in orders)
            {
                await lab.ProvenAsync(order.Id, _ct);
            }

            var begun = await lab.ScalarAsync<DateTime[]>($"select array_agg(begun_at order by begun_at) from order_item where order_id in ({string.Join(',', orders.Select(o => o.Id))})", _ct);
            Assert.All(begun.Zip(begun.Skip(1)), b => Assert.InRange(b.Second - b.First, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(30)));
            Assert.True(begun[2] - begun[0] >= TimeSpan.FromSeconds(3.5), $"{begun[2] - begun[0]}");
        }
        finally
        {
            await lab.Client.PutAsync<SetPaceRequest>($"/api/v1/nodes/{node}/pace", new SetPaceRequest(null), _ct);
        }
    }

    [Fact]
    public async Task An_order_behind_another_says_which()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Slow(TimeSpan.FromMilliseconds(500)));
        var first = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(first.Id, o => o.State == "inProgress", _ct);
        var second = await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
        var waits = await lab.OrderAsync(second.Id, _ct);
        Assert.Equal(("acknowledged", "behind"), (waits.State, waits.Reason));
        Assert.Contains($"{first.Id}, {name}", waits.ReasonText);
        lab.Lab.Control.Clear(name);
        await lab.ProvenAsync(second.Id, _ct);
    }

    [Fact]
    public async Task A_buildings_maintenance_holds_its_switches_until_it_is_ended()
    {
        var name = lab.NextSwitch();
        var path = $"/api/v1/buildings/{lab.BuildingOf(name)}/maintenance";
        Assert.Equal([name], (await lab.Client.PutAsync<MaintenanceView>(path, new MaintenanceRequest(Now.AddHours(1), "power"), _ct)).Switches);
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("held", "maintenance"), (dark.State, dark.Reason));
        await lab.Client.PutAsync<MaintenanceView>(path, new MaintenanceRequest(null, null), _ct);
        await lab.ProvenAsync(dark.Id, _ct);
    }

    private Task<SwitchView> ModeAsync(string name, string mode) => lab.Client.PutAsync<SwitchView>(
        $"/api/v1/switches/{name}/mode", new SetSwitchModeRequest(mode, mode == "maintenance" ? Now.AddHours(1) : null), _ct);
}
