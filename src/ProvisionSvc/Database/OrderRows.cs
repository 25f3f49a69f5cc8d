using Npgsql;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Database;

/// <summary>The rule that an order is as far as its items, as rows.</summary>
internal static class OrderRows
{
    /// <summary>Sets the order's state and reason from its items.</summary>
    public static async Task SettleAsync(NpgsqlConnection db, long orderId, DateTimeOffset now, CancellationToken ct)
    {
        var items = await db.QueryAsync(
            $"select state, reason, detail from order_item where order_id = {orderId} order by sequence",
            r => (State: r.Get<OrderState>("state"), Reason: r.Get<string?>("reason"), Detail: r.Get<string?>("detail")),
            ct);

        // An item that waits for the one before it says nothing about the order yet.
        items = [.. items.Select(i => i.Reason == Reasons.Predecessor.Code ? (OrderState.Acknowledged, null, null) : i)];
        var state = OrderStates.Of([.. items.Select(i => i.State)]);
        var telling = items.FirstOrDefault(i => i.State == state);
        if (state == OrderState.Partial)
        {
            telling = items.First(i => i.State != OrderState.Completed);
        }

        await db.ExecuteAsync(
            $"""
             update service_order set state = {state}, reason = {telling.Reason}, detail = {telling.Detail},
                 finished_at = {(OrderStates.IsFinal(state) ? now : default(DateTimeOffset?))}
             where id = {orderId}
             """,
            ct);
    }
}
