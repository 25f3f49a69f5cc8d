using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>Order items that wait for something else than time, as rows.</summary>
internal static class HeldRows
{
    /// <summary>What has held these switches' items for one of <paramref name="reasons"/> is gone: they go on. A locked lane keeps its items.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection db, long[] switches, string[] reasons, DateTimeOffset now, CancellationToken ct, long? onlyOrder = null)
    {
        // The lane before its items, as the lanes themselves lock them.
        await db.ExecuteAsync($"select 1 from lane where switch_id = any({switches}) order by switch_id for update", ct);
        var released = await db.QueryAsync(
            $"""
             update order_item i set state = 'acknowledged', reason = null, detail = null, not_before = least(not_before, {now})
             where i.switch_id = any({switches}) and i.state = 'held' and i.reason = any({reasons}) and ({onlyOrder} is null or i.order_id = {onlyOrder})
               and not exists (select from lane l where l.switch_id = i.switch_id and l.locked_reason is not null)
             returning switch_id, order_id
             """,
            r => (Switch: r.Get<long>("switch_id"), Order: r.Get<long>("order_id")),
            ct);
        foreach (var order in released.Select(r => r.Order).Distinct())
        {
            await OrderRows.SettleAsync(db, order, now, ct);
        }

        foreach (var id in released.Select(r => r.Switch).Distinct())
        {
            await db.MakeLaneDueAsync(id, now, ct);
        }
    }

    /// <summary>A restoration waits on this switch for something else than time: never without an alarm.</summary>
    public static Task<int> RaiseRestoreStoppedAsync(NpgsqlConnection db, long switchId, string what, string why, DateTimeOffset now, CancellationToken ct) =>
        db.RaiseAlarmAsync(now, RestoreStopped(switchId), "major", $"A restoration on {what} waits: {why}", "Bring the switch back to manage, or unlock it.", ct);

    /// <summary>Restorations run on this switch again.</summary>
    public static Task<int> ClearRestoreStoppedAsync(NpgsqlConnection db, long switchId, DateTimeOffset now, CancellationToken ct) =>
        db.ClearAlarmAsync(now, RestoreStopped(switchId), ct);

    private static string RestoreStopped(long switchId) => $"restore-stopped:{switchId}";
}
