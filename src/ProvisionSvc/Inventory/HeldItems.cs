using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Inventory;

/// <summary>Order items that only waited for their switch go on when it is managed again.</summary>
internal static class HeldItems
{
    public static async Task ReleaseAsync(NpgsqlConnection db, long[] switches, DateTimeOffset now, CancellationToken ct)
    {
        string[] reasons = [Reasons.Maintenance.Code, Reasons.Observed.Code, Reasons.LaneLocked.Code];

        // A switch that is locked besides keeps its items; unlocking releases them.
        await db.ExecuteAsync(
            $"""
             with free as (
                 select w.id from switch w left join lane l on l.switch_id = w.id where w.id = any({switches}) and l.locked_reason is null
             ), released as (
                 update order_item set state = 'acknowledged', reason = null
                 where switch_id in (select id from free) and state = 'held' and reason = any({reasons}) returning id, order_id
             ), due as (
                 insert into lane (switch_id, due_at) select id, {now} from free
                 on conflict (switch_id) do update set due_at = least(coalesce(lane.due_at, excluded.due_at), excluded.due_at)
             )
             update service_order o set state = 'acknowledged', reason = null
             where o.id in (select order_id from released) and o.state = 'held'
               and not exists (select from order_item i where i.order_id = o.id and i.state = 'held' and i.id not in (select id from released))
             """,
            ct);
    }
}
