using System.Text.RegularExpressions;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>Switches that misbehave amid an order: the order ends in the right state, the port as ordered or as it was, and nothing else is touched.</summary>
public sealed class TroubleTests(TroubleLab lab) : IClassFixture<TroubleLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>F3, F4: whatever the moment at which the session drops, the order completes with at most one effective write of the line.</summary>
    [Theory]
    [InlineData(DropMoment.Before, "undo shutdown")]
    [InlineData(DropMoment.Mid, "undo shutdown")]
    [InlineData(DropMoment.After, "undo shutdown")]
    [InlineData(DropMoment.After, "port default vlan")]
    [InlineData(DropMoment.After, "vlan batch")]
    [InlineData(DropMoment.Mid, "display current")]
    [InlineData(DropMoment.After, "interface ")]
    public async Task A_session_that_drops_is_read_back_and_never_typed_again_blindly(DropMoment when, string line)
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.Drop(when, new Regex($"^{line}")) { Times = 1 });

        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);

        var now = lab.Lab.Control.State(name, port);
        Assert.Equal((true, circuit), (now.AdminUp, now.Description));
        Assert.Equal(now.Running, now.Startup);
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Field == "shutdown" && w.Before != w.After);
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Field == "defaultVlan" && w.Before != w.After);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);
    }

    [Fact]
    public async Task A_session_that_drops_amid_the_save_is_saved_again()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.Drop(DropMoment.Before, new Regex("^y$")) { Times = 1 });
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await lab.UntilAsync(order.Id, o => o.Items[0].Reason == "interrupted" || o.FinishedAt is not null, _ct);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(order.Id, _ct);
        var now = lab.Lab.Control.State(name, port);
        Assert.Equal(now.Running, now.Startup);
    }

    /// <summary>F11, I9.</summary>
    [Theory]
    [InlineData("^undo shutdown")]
    [InlineData("^description")]
    [InlineData("^port default vlan")]
    [InlineData("^qos lr inbound cir")]
    public async Task A_refused_line_is_taken_back_to_what_was_before(string line)
    {
        var (name, circuit, port) = Fresh();
        var before = lab.Lab.Control.State(name, port);
        Tell(name, new Fault.Reject(new Regex(line), "Error: The operation is not allowed."));

        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        var failed = await lab.UntilAsync(order.Id, "failed", "rejected-by-device", _ct);

        Assert.Contains("The operation is not allowed", failed.Items[0].Detail);
        Same(before.Running, lab.Lab.Control.State(name, port).Running);
        Assert.Contains(await lab.AlarmsAsync($"Order {order.Id} ", _ct), a => a.Severity == "major");
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);

        // The cause mended, the same line is ordered again.
        lab.Lab.Control.Clear(name);
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
    }

    /// <summary>I9 over a crash: what the first attempt had written is taken back too, when the second is refused.</summary>
    [Fact]
    public async Task A_line_refused_after_an_interruption_is_taken_back_to_what_was_before_the_first_attempt()
    {
        var (name, circuit, port) = Fresh();
        var before = lab.Lab.Control.State(name, port);
        var down = new Fault.Drop(DropMoment.After, new Regex("^description"));
        Tell(name, down);
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        Tell(name, new Fault.Drop(DropMoment.After, new Regex("^display current")) { Nth = 2 });
        await lab.UntilAsync(order.Id, o => o.State == "pending" || o.FinishedAt is not null, _ct);
        Assert.Equal(circuit, lab.Lab.Control.State(name, port).Description);

        lab.Lab.Control.Clear(name);
        Tell(name, new Fault.Reject(new Regex("^undo shutdown"), "Error: The operation is not allowed."));
        await lab.HurryAsync(name, _ct);
        await lab.UntilAsync(order.Id, "failed", "rejected-by-device", _ct);
        Same(before.Running, lab.Lab.Control.State(name, port).Running);
    }

    /// <summary>F12.</summary>
    [Fact]
    public async Task A_line_accepted_without_effect_is_not_proven()
    {
        var (name, circuit, port) = Fresh();
        var before = lab.Lab.Control.State(name, port);
        Tell(name, new Fault.Ignore(new Regex("^undo shutdown")));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        var failed = await lab.UntilAsync(order.Id, "failed", "not-proven", _ct);
        Assert.Contains("adminStatus: should be up, is down", failed.Items[0].Detail);
        Same(before.Running, lab.Lab.Control.State(name, port).Running);
        Same(before.Startup, lab.Lab.Control.State(name, port).Startup);
        Assert.NotEmpty(await lab.AlarmsAsync($"Order {order.Id} ", _ct));
        await lab.EpochsDoNotOverlapAsync(name, _ct);
    }

    /// <summary>F8.</summary>
    [Fact]
    public async Task A_save_that_fails_is_no_success_and_is_tried_again()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.SaveFails("Error: Failed to save the configuration, the flash memory is full."));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        var waits = await lab.UntilAsync(order.Id, "inProgress", "unsaved", _ct);
        Assert.Contains("flash memory is full", waits.Items[0].Detail);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.NotEmpty(await lab.AlarmsAsync(name, _ct));

        lab.Lab.Control.Clear(name);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(order.Id, _ct);
        var now = lab.Lab.Control.State(name, port);
        Assert.Equal(now.Running, now.Startup);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>F47.</summary>
    [Fact]
    public async Task What_cannot_be_taken_back_locks_the_lane_for_a_person()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.Reject(new Regex("^undo shutdown"), "Error: No."));
        Tell(name, new Fault.Reject(new Regex("^undo description"), "Error: No."));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await lab.UntilAsync(order.Id, "failed", "needs-person", _ct);
        var row = await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct);
        Assert.Equal("locked", row.Mode);
        Assert.Contains(await lab.AlarmsAsync($"{name} is locked", _ct), a => a.Severity == "critical" && a.Remedy.Contains("adminStatus down", StringComparison.Ordinal));

        // Others wait, with an alarm where light is kept from somebody.
        lab.Lab.Control.Clear(name);
        var writes = lab.Lab.WriteLog.WritesOf(name).Count;
        var other = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("held", "lane-locked"), (other.State, other.Reason));
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("held", "lane-locked"), (back.State, back.Reason));
        Assert.Contains(await lab.AlarmsAsync(name, _ct), a => a.What.Contains("restoration", StringComparison.Ordinal));
        Assert.Equal(writes, lab.Lab.WriteLog.WritesOf(name).Count);

        await lab.Client.PostAsync<SwitchView>($"/api/v1/switches/{name}/unlock", new UnlockSwitchRequest("looked at it"), _ct);
        await lab.ProvenAsync(back.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync($"{name} is locked", _ct));
        Assert.DoesNotContain(await lab.AlarmsAsync(name, _ct), a => a.What.Contains("restoration", StringComparison.Ordinal));
    }

    /// <summary>F7: the verified but unsaved steps are gone with the restart; they are done again, and the order is not called failed for it.</summary>
    [Theory]
    [InlineData("^undo shutdown$")]
    [InlineData("^save$")]
    public async Task A_switch_that_restarts_amid_the_order_gets_it_again(string line)
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.Hang(new Regex(line)) { Times = 1 });
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await WrittenAsync(name, w => line.Contains(w.Line ?? "-", StringComparison.Ordinal));
        await lab.Lab.Control.RebootAsync(name, renumber: true, TimeSpan.FromMilliseconds(300), _ct);
        await lab.UntilAsync(order.Id, o => o.State is "pending" || o.FinishedAt is not null, _ct);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(order.Id, _ct);
        var now = lab.Lab.Control.State(name, port);
        Assert.Equal((true, circuit), (now.AdminUp, now.Description));
        Assert.Equal(now.Running, now.Startup);
    }

    /// <summary>F7, the quick one: the switch is back before anybody misses it, and shows what stood before.</summary>
    [Fact]
    public async Task A_restart_between_the_lines_and_the_proof_is_not_called_without_effect()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.LogLine(new Regex("^undo shutdown$"), "x") { Times = 1 });
        Tell(name, new Fault.Slow(TimeSpan.FromMilliseconds(250)));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await WrittenAsync(name, w => w.Line == "undo shutdown");
        await lab.UntilAsync(order.Id, _ => lab.Lab.Control.State(name).VtyInUse == 0 || true, _ct);
        await lab.Lab.Control.RebootAsync(name, renumber: false, TimeSpan.Zero, _ct);
        lab.Lab.Control.Clear(name);
        await lab.UntilAsync(order.Id, o => o.State is "pending" || o.FinishedAt is not null, _ct);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.Equal(lab.Lab.Control.State(name, port).Running, lab.Lab.Control.State(name, port).Startup);
    }

    /// <summary>F6.</summary>
    [Fact]
    public async Task Log_lines_amid_the_answers_are_given_to_no_command()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.LogLine(new Regex("."), "Nov 23 2026 18:00:00+08:00 sw-1 %%01IFNET/4/IF_STATE(l)[12]:Interface GigabitEthernet0/0/9 has turned into UP state."));
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        var now = lab.Lab.Control.State(name, port);
        Assert.Equal((true, circuit, 100_000), (now.AdminUp, now.Description, now.InboundKbps));
    }

    /// <summary>F45.</summary>
    [Fact]
    public async Task An_agent_that_lags_is_asked_until_it_agrees()
    {
        var (name, circuit, port) = Fresh();
        Tell(name, new Fault.SnmpLag(TimeSpan.FromSeconds(1)));
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
    }

    /// <summary>F43: the ifIndex that the inventory remembers is another port's now.</summary>
    [Fact]
    public async Task A_renumbered_port_is_known_by_its_name()
    {
        var (name, circuit, port) = Fresh();
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await lab.Lab.Control.RebootAsync(name, renumber: true, TimeSpan.Zero, _ct);
        await lab.DoAsync(Place.Suspend(circuit), _ct);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Equal(lab.Lab.Control.State(name, port).IfIndex, (await lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}&ifName={port}", _ct))[0].IfIndex);
    }

    private (string Switch, string Circuit, string Port) Fresh()
    {
        var name = lab.NextSwitch();
        return (name, Place.Key(), lab.FreePort(name));
    }

    private void Tell(string name, Fault fault) => lab.Lab.Control.Tell(name, fault);

    /// <summary>What the port carries; what a port of this family cannot be without (its link type) may have been made explicit.</summary>
    private static void Same(PortConfig before, PortConfig now) => Assert.Equal(before with { LinkType = LinkType.Access }, now with { LinkType = LinkType.Access });

    private async Task WrittenAsync(string name, Func<LogEntry, bool> what)
    {
        for (var round = 0; round < 400; round++)
        {
            if (lab.Lab.WriteLog.Entries.Any(e => e.Switch == name && what(e)))
            {
                return;
            }

            await Task.Delay(25, _ct);
        }

        Assert.Fail($"{name} never got that line.");
    }
}

/// <summary>As many switches as there are kinds of trouble.</summary>
public sealed class TroubleLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (30, 1);
}
