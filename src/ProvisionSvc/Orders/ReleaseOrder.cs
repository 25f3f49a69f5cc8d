using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>A second person lets an order go that exceeds the darkening budget.</summary>
internal static class ReleaseOrder
{
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> RunAsync(
        long id, ClaimsPrincipal user, HttpRequest http, PlaceOrder place, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        var caller = Caller.Of(user);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is not { } order)
        {
            return Problems.NotFound("order", id.ToString());
        }

        if (order.PlacedBy == caller.Name)
        {
            return Problems.Forbidden($"Order {id} was placed by {caller.Name}; a second person has to release it.");
        }

        if (ETags.Mismatch(http, $"Order {id}", order) is { } changed)
        {
            return changed;
        }

        await using (var tx = await db.BeginTransactionAsync(ct))
        {
            // Of an order over many: every part that waits now. They are started by the clock, as they were accepted.
            var released = await db.ExecuteAsync(
                $"update service_order set released_by = {caller.Name} where (id = {id} or parent_id = {id}) and state = 'held' and reason = 'budget' and released_by is null", ct);
            if (released == 0)
            {
                return Problems.Conflict("order-not-held", $"Order {id} does not wait for the budget; it is {order.State}.");
            }

            await db.WriteAuditAsync(clock.GetUtcNow(), caller.Name, "order.release", $"order/{id}", new { order.PlacedBy }, ct);
            await tx.CommitAsync(ct);
        }

        await place.StartWaitingAsync(id, ct);
        return TypedResults.Ok(await OrderViews.FindAsync(db, id, null, ct));
    }
}
