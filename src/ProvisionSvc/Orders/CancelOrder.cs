using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>
/// Cancels an order: one that waits is simply ended, one in effect of which no switch has heard is taken out of the books, one that has begun goes on to its end and
/// says so. Of an order over many the parts that can be cancelled are.
/// </summary>
internal static class CancelOrder
{
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> RunAsync(
        long id, ClaimsPrincipal user, HttpRequest http, TakeBackOrder takeBack, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
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

        if (ETags.Mismatch(http, $"Order {id}", order) is { } changed)
        {
            return changed;
        }

        var now = clock.GetUtcNow();
        if (order.FinishedAt is not null)
        {
            return Problems.Conflict("order-in-effect", $"Order {id} has ended ({order.State}).");
        }

        var cancelled = await db.ExecuteAsync(
            $"""
             update service_order o set state = 'cancelled', reason = {Reasons.Cancelled.Code}, detail = null, finished_at = {now}
             where (id = {id} or parent_id = {id}) and children is null and finished_at is null and not exists (select from order_item i where i.order_id = o.id)
             """,
            ct);
        if (cancelled == 0 && order.Parts is not null)
        {
            return Problems.Conflict("order-in-effect", $"No part of order {id} waits any more; each goes on by itself. Those that complete can be taken back: provision order undo {id}.");
        }

        if (cancelled == 0 && await takeBack.RunAsync(db, id, caller.Name, now, ct) is { } goesOn)
        {
            return Problems.Conflict(goesOn.Code, goesOn.Message);
        }

        await WaitingOrders.ClearBudgetAlarmAsync(db, now, ct);
        await SettleParents.RunAsync(db, now, ct);
        await db.WriteAuditAsync(now, caller.Name, "order.cancel", $"order/{id}", new { cancelled }, ct);
        var view = await OrderViews.FindAsync(db, id, null, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view);
    }
}
