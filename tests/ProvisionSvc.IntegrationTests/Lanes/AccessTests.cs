using System.Net;
using System.Text.RegularExpressions;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>Switches that cannot be talked to, or must not be: orders wait and say for what, and go on when it is over.</summary>
public sealed class AccessTests(TroubleLab lab) : IClassFixture<TroubleLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>F1.</summary>
    [Fact]
    public async Task Orders_for_an_unreachable_switch_wait_and_go_on_by_themselves_and_others_are_not_held_up()
    {
        var (away, near) = (lab.NextSwitch(), lab.NextSwitch());
        lab.Lab.Control.Tell(away, new Fault.Unreachable());
        var first = await lab.PlaceAsync(Place.Suspend(lab.Sold(away).CircuitId), _ct);
        var second = await lab.PlaceAsync(Place.Suspend(lab.Sold(away, 1).CircuitId), _ct);
        await lab.DoAsync(Place.Suspend(lab.Sold(near).CircuitId), _ct);

        var waits = await lab.UntilAsync(first.Id, "pending", "device-unreachable", _ct);
        Assert.Contains(away, waits.Items[0].Detail);
        await lab.UntilAsync(second.Id, "pending", "device-unreachable", _ct);
        Assert.NotEmpty(await lab.AlarmsAsync(away, _ct));

        lab.Lab.Control.Clear(away);
        await lab.ProvenAsync(first.Id, _ct, 60);
        await lab.ProvenAsync(second.Id, _ct, 60);
        Assert.Empty(await lab.AlarmsAsync(away, _ct));
        await lab.EveryWriteWasIntendedAsync(away, _ct);
    }

    /// <summary>T6.</summary>
    [Fact]
    public async Task A_wrong_host_key_locks_the_lane_before_any_login_until_a_person_trusts_it()
    {
        var name = lab.NextSwitch();
        var before = Sessions(name);
        lab.Lab.Control.Tell(name, new Fault.OtherHostKey());
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, "held", "host-key", _ct);
        Assert.Equal("locked", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Mode);
        Assert.Contains(await lab.AlarmsAsync($"{name} is locked", _ct), a => a.Severity == "critical" && a.Remedy.Contains("trust", StringComparison.Ordinal));
        Assert.Equal(before, Sessions(name));

        var key = await lab.Client.PostAsync<HostKeyView>($"/api/v1/switches/{name}/trust", new TrustSwitchRequest(null), _ct);
        Assert.NotEqual(key.Trusted, key.Shown);
        await lab.Client.PostAsync<HostKeyView>($"/api/v1/switches/{name}/trust", new TrustSwitchRequest(key.Shown), _ct);
        Assert.Equal("held", (await lab.OrderAsync(order.Id, _ct)).State);
        await lab.Client.PostAsync<SwitchView>($"/api/v1/switches/{name}/unlock", new UnlockSwitchRequest("the switch was replaced"), _ct);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    [Fact]
    public async Task An_unknown_host_key_waits_for_a_person_and_then_goes_on()
    {
        var name = lab.NextSwitch();
        await lab.SqlAsync($"update switch set host_key_sha256 = null where name = '{name}'", _ct);
        var before = Sessions(name);
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, "held", "host-key", _ct);
        Assert.NotEmpty(await lab.AlarmsAsync(name, _ct));
        Assert.Equal(before, Sessions(name));

        await lab.Client.PostAsync<HostKeyView>($"/api/v1/switches/{name}/trust", new TrustSwitchRequest(lab.Lab.HostKeySha256), _ct);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>T19, F50: one attempt, not one for each order.</summary>
    [Fact]
    public async Task A_refused_credential_is_tried_once_until_it_is_set_again()
    {
        var name = lab.NextSwitch();
        await SetCredentialAsync("broken", await NewKeyAsync());
        await lab.SqlAsync($"update switch set credential = 'broken' where name = '{name}'", _ct);
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, "held", "credential", _ct);
        Assert.Contains(await lab.AlarmsAsync(name, _ct), a => a.Severity == "critical");
        var epoch = await EpochAsync(name);

        var more = await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(more.Id, "held", "credential", _ct);
        await lab.UntilAsync(back.Id, "held", "credential", _ct);
        Assert.Equal(0, (await lab.OrderAsync(more.Id, _ct)).Items[0].Attempts);
        Assert.Equal(0, (await lab.OrderAsync(back.Id, _ct)).Items[0].Attempts);
        Assert.True(await EpochAsync(name) <= epoch + 2);

        await SetCredentialAsync("broken", await File.ReadAllTextAsync(lab.Lab.PrivateKeyFile, _ct));
        await lab.ProvenAsync(more.Id, _ct);
        await lab.ProvenAsync(back.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>F13.</summary>
    [Fact]
    public async Task A_switch_without_a_free_login_is_asked_again()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.VtyLimit(0));
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, o => o.State == "pending" || o.FinishedAt is not null, _ct);
        lab.Lab.Control.Clear(name);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(order.Id, _ct);
    }

    /// <summary>T11.</summary>
    [Fact]
    public async Task A_switch_outside_the_management_prefixes_is_never_contacted()
    {
        var name = lab.NextSwitch();
        var address = lab.Lab.Find(name).Address.ToString();
        await lab.SqlAsync($"update switch set address = '203.0.113.7' where name = '{name}'", _ct);
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        var held = await lab.UntilAsync(order.Id, "held", "outside-prefix", _ct);
        Assert.Contains("203.0.113.7", held.Items[0].Detail);
        Assert.NotEmpty(await lab.AlarmsAsync(name, _ct));

        // The address corrected, it goes on without another word.
        await lab.SqlAsync($"update switch set address = '{address}' where name = '{name}'", _ct);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>F17, I8.</summary>
    [Fact]
    public async Task A_switch_in_maintenance_is_not_written_and_its_orders_run_when_it_is_over()
    {
        var name = lab.NextSwitch();
        await ModeAsync(name, new("maintenance", TimeProvider.System.GetUtcNow().AddHours(1), "new fans"));
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        Assert.Equal(("held", "maintenance"), (dark.State, dark.Reason));
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(name, 1).CircuitId), _ct);
        Assert.Equal(("held", "maintenance"), (back.State, back.Reason));
        Assert.Contains(await lab.AlarmsAsync(name, _ct), a => a.What.Contains("restoration", StringComparison.Ordinal));
        await Task.Delay(600, _ct);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));

        await ModeAsync(name, new("manage"));
        await lab.ProvenAsync(dark.Id, _ct);
        await lab.ProvenAsync(back.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    [Fact]
    public async Task A_switch_that_is_only_observed_is_not_written()
    {
        var name = lab.NextSwitch();
        await ModeAsync(name, new("observe"));
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, "held", "observed", _ct);
        await Task.Delay(600, _ct);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));
        await ModeAsync(name, new("manage"));
        await lab.ProvenAsync(order.Id, _ct);
    }

    /// <summary>A restoration that was accepted before the maintenance began waits with an alarm as well.</summary>
    [Fact]
    public async Task Maintenance_that_begins_before_a_restoration_ran_says_so()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Unreachable());
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(back.Id, "pending", "device-unreachable", _ct);
        await ModeAsync(name, new("maintenance", TimeProvider.System.GetUtcNow().AddHours(1)));
        await lab.HurryAsync(name, _ct);
        await lab.UntilAsync(back.Id, "held", "maintenance", _ct);
        Assert.Contains(await lab.AlarmsAsync(name, _ct), a => a.What.Contains("restoration", StringComparison.Ordinal));
    }

    /// <summary>F48.</summary>
    [Fact]
    public async Task An_item_that_ended_its_worker_three_times_is_quarantined()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Unreachable());
        var poison = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(poison.Id, "pending", "device-unreachable", _ct);
        await lab.SqlAsync($"update order_item set crashes = 3 where order_id = {poison.Id}", _ct);
        lab.Lab.Control.Clear(name);
        await lab.HurryAsync(name, _ct);
        await lab.UntilAsync(poison.Id, "failed", "quarantined", _ct);
        Assert.NotEmpty(await lab.AlarmsAsync($"Order {poison.Id} ", _ct));
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));

        // The switch's other orders are none of its business.
        await lab.DoAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
    }

    /// <summary>Waiting is no crash, however often.</summary>
    [Fact]
    public async Task An_item_held_again_and_again_is_never_quarantined()
    {
        var name = lab.NextSwitch();
        await SetCredentialAsync("often", await NewKeyAsync());
        await lab.SqlAsync($"update switch set credential = 'often' where name = '{name}'", _ct);
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        for (var round = 1; round <= 4; round++)
        {
            await lab.UntilAsync(order.Id, o => o is { State: "held", Reason: "credential" } && o.Items[0].Attempts == round, _ct);
            await SetCredentialAsync("often", round < 4 ? await NewKeyAsync() : await File.ReadAllTextAsync(lab.Lab.PrivateKeyFile, _ct));
        }

        await lab.ProvenAsync(order.Id, _ct);
    }

    /// <summary>F36.</summary>
    [Fact]
    public async Task A_slow_switch_delays_only_itself()
    {
        var (slow, quick) = (lab.NextSwitch(), lab.NextSwitch());
        lab.Lab.Control.Tell(slow, new Fault.Slow(TimeSpan.FromMilliseconds(700)));
        var late = await lab.PlaceAsync(Place.Suspend(lab.Sold(slow).CircuitId), _ct);
        var early = await lab.DoAsync(Place.Suspend(lab.Sold(quick).CircuitId), _ct);
        var done = await lab.ProvenAsync(late.Id, _ct, 60);
        Assert.True(early.FinishedAt < done.FinishedAt);
    }

    /// <summary>F5: a command that is never answered ends at its deadline; the read-back says that it took effect.</summary>
    [Fact]
    public async Task A_command_that_is_never_answered_is_read_back()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Hang(new Regex("^shutdown$")) { Times = 1 });
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.ProvenAsync(order.Id, _ct, 60);
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Line == "shutdown");
    }

    private Task ModeAsync(string name, SetSwitchModeRequest mode) => lab.Client.PutAsync<SwitchView>($"/api/v1/switches/{name}/mode", mode, _ct);

    private Task SetCredentialAsync(string credential, string key) => lab.Client.PutAsync<CredentialView>(
        $"/api/v1/credentials/{credential}", new SetCredentialRequest { User = lab.Lab.User, PrivateKey = key, SnmpReadCommunity = lab.Lab.ReadCommunity }, _ct);

    /// <summary>A good key that nobody has heard of.</summary>
    private static async Task<string> NewKeyAsync()
    {
        var folder = Directory.CreateTempSubdirectory("provision-key-");
        var file = Path.Combine(folder.FullName, "key");
        using var made = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]))!;
        await made.WaitForExitAsync();
        var key = await File.ReadAllTextAsync(file);
        folder.Delete(recursive: true);
        return key;
    }

    private int Sessions(string name) => lab.Lab.WriteLog.Entries.Count(e => e.Switch == name && e is { Channel: "ssh", Kind: LogKind.Open });

    private Task<long> EpochAsync(string name) => lab.ScalarAsync<long>($"select l.epoch from lane l join switch w on w.id = l.switch_id where w.name = '{name}'", _ct);
}
