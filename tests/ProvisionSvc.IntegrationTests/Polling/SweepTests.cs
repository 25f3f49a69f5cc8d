using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Polling;

namespace ProvisionSvc.IntegrationTests.Polling;

/// <summary>What a sweep brings into the inventory, and that it writes to no switch.</summary>
public sealed class SweepTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readings_and_octets_arrive_and_the_poller_writes_to_no_switch()
    {
        var name = lab.NextSwitch();
        var (written, sessions) = (lab.Lab.WriteLog.Entries.Count(e => e.Kind == LogKind.Write), Sessions());
        await SweepAsync();
        var before = await PortsAsync(name);
        foreach (var truth in lab.Lab.Control.State(name).Ports)
        {
            var port = before.Single(p => p.IfName == truth.IfName);
            Assert.Equal((truth.IfIndex, truth.AdminUp ? "up" : "down", truth.Description), (port.IfIndex, port.AdminStatus, port.Alias));
            Assert.NotNull(port.ReadAt);
            Assert.InRange(port.SpeedMbps ?? 0, 100, 100_000);
        }

        var octets = await OctetsAsync(name);
        await Task.Delay(300, _ct);
        await SweepAsync();
        Assert.True(await OctetsAsync(name) > octets);
        Assert.Equal("reachable", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);
        Assert.Empty(await EventsAsync(name));
        Assert.Equal((written, sessions), (lab.Lab.WriteLog.Entries.Count(e => e.Kind == LogKind.Write), Sessions()));
    }

    [Fact]
    public async Task Changes_become_port_events()
    {
        var name = lab.NextSwitch();
        var (line, free) = (lab.Sold(name), lab.FreePort(name));
        await SweepAsync();
        Assert.Empty(await EventsAsync(name));
        lab.Lab.Control.SetEquipment(name, free, true);
        lab.Lab.Control.EditPort(name, free, p => p with { Shutdown = false, Description = "by hand" });
        lab.Lab.Control.EditPort(name, line.IfName, p => p with { Shutdown = true });
        await Task.Delay(200, _ct);
        await SweepAsync();
        Assert.Equal(
            new[] { $"{free} adminStatus down up", $"{free} alias  by hand", $"{free} operStatus down up", $"{line.IfName} adminStatus up down" }.Order(StringComparer.Ordinal),
            (await EventsAsync(name)).Select(e => $"{e.IfName} {e.Kind} {e.Before} {e.After}").Where(e => !e.StartsWith($"{line.IfName} oper", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_orders_change_becomes_port_events_too()
    {
        var name = lab.NextSwitch();
        await SweepAsync();
        await lab.DoAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await SweepAsync();
        Assert.Single(await EventsAsync(name), e => e is { Kind: "adminStatus", Before: "up", After: "down" } && e.IfName == lab.Sold(name).IfName);
    }

    [Fact]
    public async Task A_port_that_is_gone_is_missing_and_comes_back()
    {
        var name = lab.NextSwitch();
        await lab.SqlAsync($"insert into port (switch_id, if_name, role) select id, 'GigabitEthernet0/0/77', 'customer' from switch where name = '{name}'", _ct);
        await SweepAsync();
        Assert.NotNull((await PortsAsync(name)).Single(p => p.IfName.EndsWith("/77", StringComparison.Ordinal)).MissingSince);
        Assert.Single(await EventsAsync(name), e => e.Kind == "missing");
        await SweepAsync();
        Assert.Single(await EventsAsync(name), e => e.Kind == "missing");

        var free = lab.FreePort(name);
        await lab.SqlAsync($"update port set missing_since = now() where if_name = '{free}' and switch_id = (select id from switch where name = '{name}')", _ct);
        await SweepAsync();
        Assert.Null((await PortsAsync(name)).Single(p => p.IfName == free).MissingSince);
        Assert.Single(await EventsAsync(name), e => e.Kind == "found");
    }

    [Fact]
    public void A_reading_that_broke_off_calls_no_port_missing()
    {
        var known = new KnownPort(1, 1, "a", 1, "up", "up", "", null, null, null, false, null, true, false, Core.Inventory.PortRole.Customer);
        var row = new ProvisionSvc.Database.SwitchRow(
            1, new("s", System.Net.IPAddress.Loopback, 1, 1, null), "t", "c", SwitchMode.Manage, Channel.Terminal);
        HashSet<IntentField> all = [IntentField.AdminStatus, IntentField.Alias];
        Assert.Empty(CompareSweep.Run(new(row, [], Complete: false), [known], all).Missing);
        Assert.Empty(CompareSweep.Run(new(row, [], Complete: false), [known], all).Drifts);
        Assert.Equal([1], CompareSweep.Run(new(row, [], Complete: true), [known], all).Missing);
    }

    /// <summary>F43.</summary>
    [Fact]
    public async Task Renumbered_ports_keep_their_names_and_services()
    {
        var name = lab.NextSwitch();
        await SweepAsync();
        await lab.Lab.Control.RebootAsync(name, renumber: true, TimeSpan.Zero, _ct);
        await Task.Delay(200, _ct);
        await SweepAsync();
        var port = (await PortsAsync(name)).Single(p => p.IfName == lab.Sold(name).IfName);
        Assert.Equal((lab.Lab.Control.State(name, port.IfName).IfIndex, lab.Sold(name).CircuitId, lab.Sold(name).CircuitId), (port.IfIndex, port.Alias, port.Service));
        Assert.Contains(await EventsAsync(name), e => e.Kind == "ifIndex" && e.IfName == port.IfName);
        Assert.Empty(port.Drift);
    }

    /// <summary>F14.</summary>
    [Fact]
    public async Task Disagreement_is_drift_with_a_class_and_clears_when_it_is_over()
    {
        var name = lab.NextSwitch();
        var (line, suspended, free) = (lab.Sold(name), lab.Sold(name, 1), lab.FreePort(name));
        await lab.DoAsync(Place.Suspend(suspended.CircuitId), _ct);
        await SweepAsync();
        Assert.Empty(await DriftAsync(name));

        lab.Lab.Control.EditPort(name, line.IfName, p => p with { Shutdown = true, Description = "somebody else" });
        lab.Lab.Control.EditPort(name, suspended.IfName, p => p with { Shutdown = false });
        lab.Lab.Control.EditPort(name, free, p => p with { Shutdown = false });
        await SweepAsync();
        var drift = await DriftAsync(name);
        Assert.Equal(
            new[] { $"{line.IfName} serviceButDark up down", $"{line.IfName} wrongAlias {line.CircuitId} somebody else", $"{suspended.IfName} suspendedButLit down up", $"{free} litWithoutService down up" }.Order(StringComparer.Ordinal),
            drift.Select(d => $"{d.IfName} {d.Class} {d.Expected} {d.Seen}").Order(StringComparer.Ordinal));
        await SweepAsync();
        Assert.Equal(drift.Select(d => d.Since), (await DriftAsync(name)).Select(d => d.Since));

        // The same intents again, through the same door, and by hand.
        await lab.DoAsync(Place.Resume(line.CircuitId), _ct);
        await lab.DoAsync(Place.Suspend(suspended.CircuitId), _ct);
        lab.Lab.Control.EditPort(name, free, p => p with { Shutdown = true });
        await SweepAsync();
        Assert.Empty(await DriftAsync(name));
    }

    /// <summary>A sweep that asked before an order finished knows less than the order.</summary>
    [Fact]
    public async Task A_sweep_that_asked_before_an_order_finished_does_not_overrule_it()
    {
        var name = lab.NextSwitch();
        await SweepAsync();
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        var asked = TimeProvider.System.GetUtcNow();
        var line = lab.Sold(name);
        var truth = lab.Lab.Control.State(name, line.IfName);
        await lab.DoAsync(Place.Suspend(line.CircuitId), _ct);

        var id = await lab.ScalarAsync<long>($"select id from switch where name = '{name}'", _ct);
        var known = await SweepRows.KnownPortsAsync(db, [id], asked, _ct);
        var row = (await ProvisionSvc.Database.SwitchRows.ByIdsAsync(db, [id], _ct))[0];
        var stale = new SweptSwitch.Answered(row, [new(line.IfName, truth.IfIndex, "up", OperStatus.Up, line.CircuitId, 1_000_000, 1, 1)], Complete: false);
        var changes = CompareSweep.Run(stale, [.. known[id]], new HashSet<IntentField> { IntentField.AdminStatus });
        Assert.Empty(changes.Changed);
        Assert.Empty(changes.Events);
        Assert.Empty(changes.Drifts);
        Assert.Empty(changes.Judged);
    }

    /// <summary>F37.</summary>
    [Fact]
    public async Task A_silent_switch_is_unknown_before_it_is_called_unreachable()
    {
        var name = lab.NextSwitch();
        await SweepAsync();
        lab.Lab.Control.Tell(name, new Fault.Unreachable());
        await SweepAsync();
        Assert.Equal("unknown", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
        Assert.Equal("up", (await PortsAsync(name)).Single(p => p.IfName == lab.Sold(name).IfName).AdminStatus);
        await SweepAsync();
        Assert.Equal("unreachable", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);
        Assert.Single(await lab.AlarmsAsync(name, _ct));
        Assert.Empty(await EventsAsync(name));

        lab.Lab.Control.Clear(name);
        await SweepAsync();
        Assert.Equal("reachable", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>F35, I16.</summary>
    [Fact]
    public async Task A_tick_that_fires_twice_plans_once()
    {
        await SweepAsync();
        var nominal = TimeProvider.System.GetUtcNow();
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        Assert.Equal(lab.Lab.Switches.Count, (await PlanSweep.PlanAsync(db, nominal, Options, _ct)).Switches);
        Assert.Equal(0, (await PlanSweep.PlanAsync(db, nominal, Options, _ct)).Switches);
        await FinishedAsync();
        Assert.Equal(0, (await PlanSweep.PlanAsync(db, nominal, Options, _ct)).Switches);
    }

    private PollingOptions Options => lab.Service.Get<IOptions<PollingOptions>>().Value;

    /// <summary>One sweep of the whole city, from the tick to its last shard.</summary>
    private async Task SweepAsync()
    {
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        Assert.Equal(lab.Lab.Switches.Count, (await PlanSweep.PlanAsync(db, TimeProvider.System.GetUtcNow(), Options, _ct)).Switches);
        await FinishedAsync();
    }

    private async Task FinishedAsync()
    {
        for (var round = 0; round < 600; round++)
        {
            if (await lab.ScalarAsync<bool>("select not exists (select from sweep where finished_at is null)", _ct))
            {
                return;
            }

            await Task.Delay(50, _ct);
        }

        Assert.Fail("The sweep did not end.");
    }

    private Task<IReadOnlyList<PortView>> PortsAsync(string name) => lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}", _ct);

    private Task<IReadOnlyList<PortEventView>> EventsAsync(string name) => lab.Client.GetAsync<IReadOnlyList<PortEventView>>($"/api/v1/ports/events?switch={name}", _ct);

    private Task<IReadOnlyList<DriftView>> DriftAsync(string name) => lab.Client.GetAsync<IReadOnlyList<DriftView>>($"/api/v1/drift?switch={name}", _ct);

    private Task<decimal> OctetsAsync(string name) =>
        lab.ScalarAsync<decimal>($"select sum(p.in_octets + p.out_octets) from port p join switch w on w.id = p.switch_id where w.name = '{name}'", _ct);

    private int Sessions() => lab.Lab.WriteLog.Entries.Count(e => e is { Channel: "ssh", Kind: LogKind.Open });
}
