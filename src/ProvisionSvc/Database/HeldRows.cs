using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>Order items that wait for something else than time, as rows.</summary>
internal static class HeldRows
{
    /// <summary>What has held these switches' items for one of <paramref name="reasons"/> is gone: they go on. A locked lane keeps its items.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection db, long[] switches, string[] reasons, DateTimeOffset now, CancellationToken ct)
    {
        var released = await db.QueryAsync(
            $"""
             update order_item i set state = 'acknowledged', reason = null, detail = null, not_before = least(not_before, {now})
             where i.switch_id = any({switches}) and i.state = 'held' and i.reason = any({reasons})
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
}
