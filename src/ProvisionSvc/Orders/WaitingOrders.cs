using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Orders that are accepted but have had no effect yet: they wait for their start or for a second person.</summary>
internal static class WaitingOrders
{
    /// <summary>Orders that one look finds.</summary>
    public const int MostDue = 200;

    /// <summary>The order as it was asked for, locked; null when it no longer waits.</summary>
    public static async Task<(OrderDraft Draft, bool Released)?> LoadAsync(NpgsqlConnection db, long orderId, CancellationToken ct)
    {
        var row = await db.FirstAsync(
            $"""
             select client, placed_by, body, released_by, settled_switch, settled_if_name, settled_vlan from service_order o
             where id = {orderId} and finished_at is null and o.children is null and not exists (select from order_item i where i.order_id = o.id) for update
             """,
            r => (Client: r.Get<string>("client"), PlacedBy: r.Get<string>("placed_by"), Body: SettledOrder.Body(r), By: r.Get<string?>("released_by")),
            ct);
        if (row.Client is null)
        {
            return null;
        }

        // Districts were checked when it was accepted.
        var (draft, faults) = ParseOrder.Parse(row.Body, row.Client, row.PlacedBy, null);
        return draft is null
            ? throw new InvalidOperationException($"Order {orderId} was accepted, but its body has faults: {string.Join(" ", faults.Select(f => f.Message))}")
            : (draft, row.By is not null);
    }

    /// <summary>What was possible when it was accepted no longer is.</summary>
    public static async Task<IReadOnlyList<long>> RejectAsync(NpgsqlConnection db, long orderId, IReadOnlyList<Fault> faults, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             update service_order set state = 'rejected', reason = {Reasons.PlanRefused.Code}, detail = {string.Join(" ", faults.Select(f => f.Message))}, finished_at = {now}
             where id = {orderId}
             """,
            ct);
        return [];
    }

    /// <summary>Not yet: it says for what it waits, and when to ask again.</summary>
    public static async Task<IReadOnlyList<long>> WaitAsync(NpgsqlConnection db, long orderId, OrderWait wait, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"update service_order set state = {wait.State}, reason = {wait.Reason.Code}, detail = {wait.Detail}, look_at = {wait.LookAt} where id = {orderId}", ct);
        if (wait.Rule is { } rule)
        {
            await ApprovalRows.AskAsync(db, orderId, rule, now, ct);
        }

        return [];
    }

    public static async Task<IReadOnlyList<long>> HoldForBudgetAsync(NpgsqlConnection db, long orderId, string exceeded, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"update service_order set state = 'held', reason = {Reasons.Budget.Code}, detail = {exceeded}, look_at = null where id = {orderId}", ct);
        await db.RaiseAlarmAsync(now, "darkening-budget", "major", $"Orders wait for a second person: {exceeded}",
            "Look at the held orders (provision order list --state held); release each (provision order release N) or cancel it.", ct);
        return [];
    }

    /// <summary>The last order that waited for the budget is on its way, cancelled or superseded.</summary>
    public static Task<int> ClearBudgetAlarmAsync(NpgsqlConnection db, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        $"""
         update alarm set cleared_at = {now} where key = 'darkening-budget' and cleared_at is null
           and not exists (select from service_order where state = 'held' and reason = {Reasons.Budget.Code} and finished_at is null)
         """,
        ct);

    /// <summary>Orders whose time has come (requested start, window, end of a freeze, a raised budget) or that a second person has released.</summary>
    public static Task<List<long>> DueAsync(NpgsqlConnection db, DateTimeOffset now, CancellationToken ct) => db.QueryAsync(
        $"""
         select id from service_order o
         where finished_at is null and children is null and not exists (select from order_item i where i.order_id = o.id)
           and ((state in ('pending', 'held') and look_at <= {now}) or (state = 'pending' and reason = 'scheduled' and requested_start <= {now})
             or (state = 'held' and reason = 'budget' and released_by is not null) or state = 'acknowledged')
         order by id limit {MostDue}
         """,
        r => r.Get<long>("id"),
        ct);
}
