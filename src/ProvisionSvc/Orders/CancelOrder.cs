using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>
/// Cancels an order that has had no effect yet (it waits for its start or for release). One that has changed services is taken back by the opposite order:
/// cancelling its items would leave the intent and the network apart.
/// </summary>
internal static class CancelOrder
{
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> RunAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.Of(user);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is not { } order)
        {
            return Problems.NotFound("order", id.ToString());
        }

        if (caller.Role == Roles.Sales && order.PlacedBy != caller.Name)
        {
            return Problems.Forbidden($"Order {id} was placed by {order.PlacedBy}; role sales cancels its own orders only.");
        }

        var now = clock.GetUtcNow();
        var cancelled = await db.ExecuteAsync(
            $"""
             update service_order o set state = 'cancelled', reason = {Reasons.Cancelled.Code}, detail = null, finished_at = {now}
             where id = {id} and finished_at is null and not exists (select from order_item i where i.order_id = o.id)
             """,
            ct);
        if (cancelled == 0)
        {
            return Problems.Conflict("order-in-effect", order.FinishedAt is null
                ? $"Order {id} has taken effect ({order.State}); place the opposite order instead (resume for suspend, disconnect for activate)."
                : $"Order {id} has ended ({order.State}).");
        }

        await WaitingOrders.ClearBudgetAlarmAsync(db, now, ct);
        await db.WriteAuditAsync(now, caller.Name, "order.cancel", $"order/{id}", new { }, ct);
        var view = await OrderViews.FindAsync(db, id, null, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view);
    }
}
