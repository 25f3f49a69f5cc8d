using Npgsql;
using ProvisionSvc.Configurations;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>Proves what a lane wrote, saves the switch's configuration, proves the save, and only then says completed.</summary>
internal sealed class FinishBatch(
    NpgsqlDataSource dataSource, SwitchAccess access, ProveItem prove, SettleItem settle, Journal journal, KeepConfiguration configurations, TimeProvider clock)
{
    private sealed record ProvenItem(WrittenItem Written, Proof Proof);

    public async Task RunAsync(Lane lane, IReadOnlyList<WrittenItem> batch, CancellationToken ct)
    {
        // By reference: two items may well have made equal plans.
        var unsettled = new HashSet<WrittenItem>(batch, ReferenceEqualityComparer.Instance);
        try
        {
            await using var session = new LaneSession(access, lane);
            var (proven, failed) = await ProveAsync(lane, session, batch, ct);

            // Before the save, so that what failed is not kept over a restart; and without a session of ours beside the one that takes it back (I4).
            foreach (var (written, why, restarted) in failed)
            {
                await session.CloseAsync();
                unsettled.Remove(written);
                await (restarted ? settle.WaitAsync(lane, written.Item, Reasons.Interrupted, why, ct) : settle.TakeBackAsync(lane, written, Reasons.NotProven, why, ct));
            }

            Failpoints.Pass(Failpoint.Proven);
            await SaveAsync(lane, session, proven, ct);
            await configurations.AfterOrdersAsync(new(lane.Switch.Id, lane.Name, lane.Template, lane.Credential), session.Open, ct);
        }
        catch (DeviceException trouble)
        {
            // What was written stands, unproven or unsaved: it is read again, and nothing is taken back blindly.
            foreach (var written in batch.Where(unsettled.Contains))
            {
                await settle.WaitAsync(lane, written.Item, Reasons.Interrupted, trouble.Message, ct);
            }
        }
    }

    private async Task<(List<ProvenItem> Proven, List<FailedItem> Failed)> ProveAsync(
        Lane lane, LaneSession session, IReadOnlyList<WrittenItem> batch, CancellationToken ct)
    {
        var proven = new List<ProvenItem>();
        var failed = new List<FailedItem>();
        foreach (var written in batch)
        {
            lane.Said.TurnTo("prove", written.Item.Id);
            var proof = await prove.RunAsync(lane, await session.OpenAsync(ct), written.Item, written.Plan.Expected, written.Plan.Steps, ct);
            if (FailedItem.Of(lane, written, proof) is { } unproven)
            {
                failed.Add(unproven);
            }
            else
            {
                proven.Add(new(written, proof));
            }
        }

        return (proven, failed);
    }

    private async Task SaveAsync(Lane lane, LaneSession line, IReadOnlyList<ProvenItem> proven, CancellationToken ct)
    {
        if (proven.Count == 0)
        {
            return;
        }

        var saved = lane.Template.Template.Save.WhyNone is { } none ? $"nothing to save: {none}" : "saved before, and proven to be";
        if (lane.Template.Template.Save.WhyNone is null && await UnsavedAsync(lane, ct))
        {
            saved = lane.Template.Template.Save.WhyUnproven is { } unproven ? $"saved, by the switch's own word: {unproven}" : "saved and proven";
            lane.Said.TurnTo("save", [.. proven.Select(p => p.Written.Item.Id)]);
            var session = await line.OpenAsync(ct);
            if (await SaveAsync(lane, session, proven[0].Written.Item, ct) is { } refused)
            {
                await UnsavedAsync(lane, proven, $"{lane.Name} did not save: {refused}", ct);
                return;
            }

            if (await NotInStartupAsync(lane, session, proven, ct) is { } missing)
            {
                await UnsavedAsync(lane, proven, $"{lane.Name} said it saved, but its saved configuration has {missing}", ct);
                return;
            }
        }

        Failpoints.Pass(Failpoint.Saved);
        await FinishAsync(lane, proven, saved, ct);
    }

    /// <summary>Types the save. Null when the switch said that it saved, else its words.</summary>
    private async Task<string?> SaveAsync(Lane lane, SwitchSession session, DueItem first, CancellationToken ct)
    {
        var row = await journal.OpenAsync(lane.Lease, first, "startup", string.Join('\n', lane.Template.Template.Save.Lines), "unsaved", "saved", session.LocalPort, ct);
        try
        {
            var refused = await session.SaveAsync(first.Port, ct);
            await journal.CloseAsync(row, Channel.Terminal, refused is null ? LineOutcome.Confirmed : LineOutcome.Rejected, refused ?? "", ct);
            return refused;
        }
        catch (DeviceException lost)
        {
            await journal.CloseAsync(row, Channel.Terminal, LineOutcome.Unknown, lost.Message, ct);
            throw;
        }
    }

    /// <summary>Read at the last moment: a line of this run, or of a run that crashed before its save.</summary>
    private async Task<bool> UnsavedAsync(Lane lane, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync($"select unsaved_since is not null as unsaved from switch where id = {lane.Switch.Id}", r => r.Get<bool>("unsaved"), ct);
    }

    private async Task UnsavedAsync(Lane lane, IReadOnlyList<ProvenItem> proven, string why, CancellationToken ct)
    {
        foreach (var item in proven)
        {
            await settle.WaitAsync(lane, item.Written.Item, Reasons.Unsaved, why, ct);
        }
    }

    private static async Task<string?> NotInStartupAsync(Lane lane, SwitchSession session, IReadOnlyList<ProvenItem> proven, CancellationToken ct)
    {
        if (await session.ShowSavedAsync(proven[0].Written.Item.Port, ct) is not { } configuration)
        {
            return null;
        }

        var missing = proven.SelectMany(p =>
        {
            var kept = ParseReading.FromSection(lane.Template.Template, configuration, p.Written.Item.Port);
            var readable = p.Written.Plan.Expected.Where(e => lane.Template.Template.Fields[e.Key].Read is not null).ToDictionary();
            return Compare.Unproven(readable, kept).Select(d => $"{p.Written.Item.Port.IfName} {d}");
        });
        return string.Join("; ", missing) is { Length: > 0 } text ? text : null;
    }

    /// <summary>One transaction under the epoch: items, orders, services, what was seen of the ports, audit; the tables tell the outbox.</summary>
    private async Task FinishAsync(Lane lane, IReadOnlyList<ProvenItem> proven, string saved, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);

        // Services, ports, lane: in the order in which an order locks them.
        await db.ExecuteAsync($"select 1 from service where id = any({proven.Select(p => p.Written.Item.ServiceId ?? 0).ToArray()}) order by id for update", ct);
        await db.ExecuteAsync($"select 1 from port where id = any({proven.Select(p => p.Written.Item.PortId).ToArray()}) order by id for update", ct);
        await lane.Lease.RequireHeldAsync(db, ct);
        var now = clock.GetUtcNow();
        await lane.Said.KeepAsync(db, lane.Lease, [.. proven.Select(p => p.Written.Item.Id)], now, ct);
        await db.ExecuteAsync($"update switch set unsaved_since = null where id = {lane.Switch.Id}", ct);
        foreach (var (written, proof) in proven)
        {
            var item = written.Item;
            var reason = item.Restores && item.Intent.AdminStatus != AdminStatus.Up ? Reasons.DarkByHold : Reasons.Proven;
            var view = new ProofView(now, proof.Fields, EnumText.Of(proof.OperStatus), saved);
            await db.ExecuteAsync(
                $"update order_item set state = 'completed', reason = {reason.Code}, detail = null, proof = {Json.Of(view)}, crashes = 0, finished_at = {now} where id = {item.Id}", ct);
            await ProvenRows.SeenAsync(db, item, proof, now, ct);
            await IntentRows.ProvenAsync(db, item.PortId, item.Intent, ct);
            await ProvenRows.SettleServiceAsync(db, item, ct);
            await OrderRows.SettleAsync(db, item.OrderId, now, ct);
            await db.ClearAlarmAsync(now, $"item-failed:{item.Port}", ct);
            await db.WriteAuditAsync(now, "lane", "item.completed", $"order/{item.OrderId}", new { item = item.Id, port = item.Port.ToString(), hash = written.Plan.Hash, proof = view }, ct);
        }

        await HeldRows.ClearRestoreStoppedAsync(db, lane.Switch.Id, now, ct);

        // The switch takes us and does what it is told: whatever kept its orders waiting is over.
        foreach (var reason in (string[])["waiting", Reasons.Credential.Code, Reasons.HostKey.Code, Reasons.Engine.Code, Reasons.OutsidePrefix.Code, Reasons.TemplateMissing.Code])
        {
            await db.ClearAlarmAsync(now, $"{reason}:{lane.Name}", ct);
        }

        Failpoints.Pass(Failpoint.Finishing);
        await tx.CommitAsync(ct);
        Failpoints.Pass(Failpoint.Finished);
        ServiceMetrics.ItemsEnded.Add(proven.Count, new("state", "completed"), new KeyValuePair<string, object?>("reason", "proven"));
    }
}
