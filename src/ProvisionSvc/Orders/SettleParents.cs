using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>An order over many is as far as the orders it consists of.</summary>
internal static class SettleParents
{
    public static async Task RunAsync(NpgsqlConnection db, DateTimeOffset now, CancellationToken ct)
    {
        var parents = await db.QueryAsync(
            $"""
             select p.id, p.state, p.reason, array_agg(distinct c.state) as states, min(c.reason) filter (where c.state not in ('completed', 'acknowledged', 'inProgress')) as telling
             from service_order p join service_order c on c.parent_id = p.id
             where p.children is not null and p.finished_at is null group by p.id order by p.id
             """,
            r => (Id: r.Get<long>("id"), State: r.Get<OrderState>("state"), Reason: r.Get<string?>("reason"),
                  Of: OrderStates.Of([.. r.Get<string[]>("states").Select(EnumText.Parse<OrderState>)]), Telling: r.Get<string?>("telling")),
            ct);
        foreach (var parent in parents)
        {
            var reason = parent.Of == OrderState.Completed ? Reasons.Proven.Code : parent.Of is OrderState.Acknowledged or OrderState.InProgress ? null : parent.Telling;
            if (parent.State != parent.Of || parent.Reason != reason)
            {
                await db.ExecuteAsync(
                    $"""
                     update service_order set state = {parent.Of}, reason = {reason}, finished_at = {(OrderStates.IsFinal(parent.Of) ? now : default(DateTimeOffset?))}
                     where id = {parent.Id} and finished_at is null
                     """,
                    ct);
            }
        }
    }
}
