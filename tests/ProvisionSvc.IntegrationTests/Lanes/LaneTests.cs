using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>One switch, one session, one owner.</summary>
public sealed class LaneTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_orders_of_a_switch_share_one_session_and_one_save()
    {
        var name = lab.NextSwitch();
        var (reads, writes) = (Opened(name), lab.Lab.WriteLog.WritesOf(name).Count);
        await ModeAsync(name, "maintenance");
        var first = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        var second = await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 1).CircuitId), _ct);
        await ModeAsync(name, "manage");
        await lab.ProvenAsync(first.Id, _ct);
        await lab.ProvenAsync(second.Id, _ct);

        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Field == "startup");
        Assert.Single(lab.Lab.WriteLog.WritesOf(name).Where(w => w.Field == "shutdown").Select(w => w.Session).Distinct());
        Assert.Equal(2, lab.Lab.WriteLog.WritesOf(name).Count(w => w.Field == "shutdown"));
        Assert.Equal(reads + 2, Opened(name)); // One writes, one proves and saves.
        Assert.Equal(writes + 3, lab.Lab.WriteLog.WritesOf(name).Count);
        await lab.EveryWriteWasIntendedAsync(name, _ct);
    }

    [Fact]
    public async Task A_lane_that_is_held_cannot_be_claimed_again_until_its_lease_ends()
    {
        var name = lab.NextSwitch();
        await SeizeAsync(name);
        var first = await ClaimAsync(name, "first");
        Assert.Empty(await LaneLease.ClaimAsync(lab.Service.Database.DataSource, Options, TimeProvider.System, "second", 100, _ct));
        first.RequireHeld();
        await first.DisposeAsync(); // No more renewals: the lease runs out.
        await Task.Delay(Options.LeaseTtl, _ct);
        Assert.Throws<LeaseLostException>(first.RequireHeld);

        await using var second = await ClaimAsync(name, "second");
        Assert.Equal(first.Epoch + 1, second.Epoch);
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        await Assert.ThrowsAsync<LeaseLostException>(() => first.RequireHeldAsync(db, _ct));
        await second.RequireHeldAsync(db, _ct);
        await second.ReleaseAsync(_ct);
    }

    /// <summary>I4: the line is amid its answer when the lane goes to another; the old owner types no further line and records nothing.</summary>
    [Fact]
    public async Task A_worker_whose_lease_was_taken_writes_nothing_more()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        lab.Lab.Control.Tell(name, new Fault.Slow(TimeSpan.FromMilliseconds(300)));
        var order = await lab.PlaceAsync(Place.Activate(circuit, lab.Account, name, port), _ct);
        await WrittenAsync(name, "vlans");
        await lab.SqlAsync($"update lane set epoch = epoch + 1, owner = 'somebody else', lease_until = now() + interval '3 s' where switch_id = (select id from switch where name = '{name}')", _ct);
        var taken = TimeProvider.System.GetUtcNow();
        await Task.Delay(2000, _ct);

        // The line that was under way may still arrive.
        Assert.InRange(lab.Lab.WriteLog.WritesOf(name).Count(w => w.Time > taken), 0, 1);
        Assert.Equal("inProgress", (await lab.OrderAsync(order.Id, _ct)).State);
        lab.Lab.Control.Clear(name);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        Assert.Single(lab.Lab.WriteLog.WritesOf(name), w => w.Line == "undo shutdown");
        await lab.EpochsDoNotOverlapAsync(name, _ct);
    }

    /// <summary>I15: the item's row is invisible to the statement that gives the lane back, but not to the one after it.</summary>
    [Fact]
    public async Task A_lane_given_back_while_an_order_commits_is_due_again()
    {
        var name = lab.NextSwitch();
        var switchId = await SeizeAsync(name);
        await using var lease = await ClaimAsync(name, "giver");
        Task release;
        await using (var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct))
        {
            await using var tx = await db.BeginTransactionAsync(_ct);
            await using var order = db.CreateCommand();
            order.CommandText = $"""
                update lane set due_at = now() where switch_id = {switchId};
                insert into service_order (client, external_id, body_hash, body, action, circuit_id, placed_by, state, created_at)
                values ('t', '{Place.Key()}', '', jsonb_build_object(), 'suspend', 'x', 't', 'held', now());
                insert into order_item (order_id, sequence, switch_id, port_id, building_id, precedence, darkens, state, not_before, intent_version, created_at)
                select currval(pg_get_serial_sequence('service_order', 'id')), 1, p.switch_id, p.id, w.building_id, 4, false, 'acknowledged', now() + interval '1 hour', 1, now()
                from port p join switch w on w.id = p.switch_id where p.switch_id = {switchId} limit 1;
                """;
            await order.ExecuteNonQueryAsync(_ct);
            release = lease.ReleaseAsync(_ct);
            await Task.Delay(300, _ct);
            Assert.False(release.IsCompleted);
            await tx.CommitAsync(_ct);
        }

        await release;
        Assert.True(await lab.ScalarAsync<bool>($"select due_at is not null from lane where switch_id = {switchId}", _ct));
        await lab.SqlAsync($"update order_item set state = 'cancelled', finished_at = now() where switch_id = {switchId}", _ct);
    }

    /// <summary>F16, I3, I7: whatever many clients order at once, the switch ends as the newest intent says, and no neighbour has changed.</summary>
    [Fact]
    public async Task A_hot_set_of_lines_ends_as_the_newest_intent_says()
    {
        var name = lab.NextSwitch();
        var before = lab.Lab.Control.State(name);
        var lines = Enumerable.Range(0, 3).Select(n => lab.Sold(name, n)).ToList();
        var orders = new System.Collections.Concurrent.ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 6), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = _ct }, async (client, ct) =>
        {
            for (var n = 0; n < 6; n++)
            {
                var circuit = lines[(client + n) % lines.Count].CircuitId;
                orders.Add((await lab.PlaceAsync((client + n) % 2 == 0 ? Place.Suspend(circuit) : Place.Resume(circuit), ct)).Id);
            }
        });

        foreach (var id in orders)
        {
            var order = await lab.UntilAsync(id, o => o.FinishedAt is not null, _ct, 90);
            Assert.Contains($"{order.State}/{order.Reason}", (string[])["completed/proven", "completed/dark-by-hold", "cancelled/superseded"]);
        }

        foreach (var line in lines)
        {
            var port = (await lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}&ifName={line.IfName}", _ct))[0];
            var now = lab.Lab.Control.State(name, line.IfName);
            Assert.Equal(port.Intent!.AdminStatus == "up", now.AdminUp);
            Assert.Equal(now.Running, now.Startup);
        }

        var touched = lines.Select(l => l.IfName).ToHashSet();
        Assert.Equal(
            before.Ports.Where(p => !touched.Contains(p.IfName)).Select(p => p.Running),
            lab.Lab.Control.State(name).Ports.Where(p => !touched.Contains(p.IfName)).Select(p => p.Running));
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EpochsDoNotOverlapAsync(name, _ct);
        Assert.Equal(0, await lab.ScalarAsync<long>("select count(*) from alarm where cleared_at is null", _ct));
    }

    /// <summary>A suspension that has begun, waits, and is overtaken by the money: it must not say "completed" of a port that is lit.</summary>
    [Fact]
    public async Task A_suspension_overtaken_by_its_resumption_is_superseded()
    {
        var name = lab.NextSwitch();
        var line = lab.Sold(name);
        lab.Lab.Control.Tell(name, new Fault.SaveFails("Error: flash is full."));
        var dark = await lab.PlaceAsync(Place.Suspend(line.CircuitId), _ct);
        await lab.UntilAsync(dark.Id, "inProgress", "unsaved", _ct);
        var paid = await lab.PlaceAsync(Place.Resume(line.CircuitId), _ct);
        await lab.UntilAsync(paid.Id, "inProgress", "unsaved", _ct);
        Assert.True(lab.Lab.Control.State(name, line.IfName).AdminUp);
        lab.Lab.Control.Clear(name);
        await lab.HurryAsync(name, _ct);
        await lab.ProvenAsync(paid.Id, _ct);
        var over = await lab.UntilAsync(dark.Id, "cancelled", "superseded", _ct);
        Assert.Contains($"order {paid.Id}", over.ReasonText);
        Assert.True(lab.Lab.Control.State(name, line.IfName).Startup.Shutdown is false);
    }

    /// <summary>Restorations come first, whatever was ordered before them.</summary>
    [Fact]
    public async Task A_restoration_runs_before_what_was_ordered_earlier()
    {
        var name = lab.NextSwitch();
        await lab.DoAsync(Place.Suspend(lab.Sold(name, 2).CircuitId), _ct);
        await ModeAsync(name, "maintenance");
        var dark = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        var lit = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)), _ct);
        var back = await lab.PlaceAsync(Place.Resume(lab.Sold(name, 2).CircuitId), _ct);
        await ModeAsync(name, "manage");
        await lab.ProvenAsync(dark.Id, _ct);
        await lab.ProvenAsync(lit.Id, _ct);
        await lab.ProvenAsync(back.Id, _ct);
        var admin = lab.Lab.WriteLog.WritesOf(name).Where(w => w.Field == "shutdown").Select(w => w.Port).Skip(1).ToList();
        Assert.Equal([lab.Sold(name, 2).IfName, lab.FreePort(name), lab.Sold(name).IfName], admin);
    }

    private LaneOptions Options => lab.Service.Get<IOptions<LaneOptions>>().Value;

    private Task<SwitchView> ModeAsync(string name, string mode) => lab.Client.PutAsync<SwitchView>(
        $"/api/v1/switches/{name}/mode", new SetSwitchModeRequest(mode, mode == "maintenance" ? TimeProvider.System.GetUtcNow().AddHours(1) : null), _ct);

    /// <summary>A lane that is due, and that the service's own runner cannot see before this test has claimed it.</summary>
    private async Task<long> SeizeAsync(string name)
    {
        var id = await lab.ScalarAsync<long>($"select id from switch where name = '{name}'", _ct);
        await lab.SqlAsync($"insert into lane (switch_id, locked_reason) values ({id}, 'test')", _ct);
        return id;
    }

    private async Task<LaneLease> ClaimAsync(string name, string owner)
    {
        // The runner looks every 200 ms; whoever comes first has it, so the test asks until it was first.
        for (var round = 0; round < 200; round++)
        {
            await lab.SqlAsync($"update lane set locked_reason = null, due_at = now() where switch_id = (select id from switch where name = '{name}')", _ct);
            if (await LaneLease.ClaimAsync(lab.Service.Database.DataSource, Options, TimeProvider.System, owner, 1, _ct) is [var lease])
            {
                return lease;
            }

            await Task.Delay(50, _ct);
        }

        throw new InvalidOperationException($"The lane of {name} was never free.");
    }

    private int Opened(string name) => lab.Lab.WriteLog.Entries.Count(e => e.Switch == name && e is { Channel: "ssh", Kind: LogKind.Open });

    private async Task WrittenAsync(string name, string field)
    {
        while (lab.Lab.WriteLog.WritesOf(name).All(w => w.Field != field))
        {
            await Task.Delay(20, _ct);
        }
    }
}
