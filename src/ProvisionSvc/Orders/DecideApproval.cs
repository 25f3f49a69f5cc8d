using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Orders;

/// <summary>Yes or no to the plan that was shown, by somebody of the asked role who is not the one who placed the order.</summary>
internal static class DecideApproval
{
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> ApproveAsync(
        long id, Body<ApproveOrderRequest> body, ClaimsPrincipal user, PlaceOrder place, LanePoke lanes, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var approved = false;
        await using (var tx = await db.BeginTransactionAsync(ct))
        {
            // Load
            var (approval, refused) = await LoadAsync(db, id, caller, now, ct);
            if (approval is null)
            {
                return refused!;
            }

            // Decide
            if (approval.Hash is null)
            {
                return Problems.Conflict("plan-not-made", $"The plan of order {id} is not made yet{(approval.Problem is { } why ? $": {why}" : "; ask again in a moment.")}");
            }

            if (approval.Hash != body.Value.Hash)
            {
                return Problems.Conflict("plan-changed", $"Order {id} now has plan {approval.Hash}, not {body.Value.Hash}; look at it first (provision order show {id}).");
            }

            if (approval.Votes.Contains(caller.Name))
            {
                return Problems.Conflict("approved-already", $"{caller.Name} has approved order {id} already; {approval.Needed - approval.Votes.Count} more are needed.");
            }

            // Save
            await db.ExecuteAsync($"insert into approval_vote (order_id, round, who, at) values ({id}, {approval.Round}, {caller.Name}, {now})", ct);
            await db.WriteAuditAsync(now, caller.Name, "order.approve", $"order/{id}", new { approval.Round, approval.Hash }, ct);
            approved = approval.Votes.Count + 1 >= approval.Needed;
            if (approved)
            {
                await ApprovalRows.EndAsync(db, id, approval.Round, "approved", caller.Name, null, now, ct);
                await GoOnAsync(db, id, now, ct);
            }
            else
            {
                await db.ExecuteAsync($"update service_order set detail = {$"{approval.Votes.Count + 1}/{approval.Needed} {approval.Role}"} where id = {id}", ct);
            }

            await tx.CommitAsync(ct);
        }

        if (approved)
        {
            await place.StartWaitingAsync(id, ct);
            lanes.Poke([id]);
        }

        return TypedResults.Ok(await OrderViews.FindAsync(db, id, null, ct));
    }

    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> RejectAsync(
        long id, Body<RejectOrderRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (Why.Fault(body.Value.Why) is { } wrong)
        {
            return Problems.Invalid([wrong]);
        }

        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var (approval, refused) = await LoadAsync(db, id, caller, now, ct);
        if (approval is null)
        {
            return refused!;
        }

        await ApprovalRows.EndAsync(db, id, approval.Round, "rejected", caller.Name, body.Value.Why, now, ct);
        await ApprovalRows.RefuseAsync(db, id, OrderState.Rejected, Reasons.NotApproved, $"{caller.Name}: {body.Value.Why}", now, ct);
        await db.WriteAuditAsync(now, caller.Name, "order.reject", $"order/{id}", new { approval.Round, approval.Hash, body.Value.Why }, ct);
        var view = await OrderViews.FindAsync(db, id, null, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view);
    }

    /// <summary>Items that came back from their lane run with the plan that is approved now; an order without items starts by itself.</summary>
    private static async Task GoOnAsync(NpgsqlConnection db, long id, DateTimeOffset now, CancellationToken ct)
    {
        await ApprovalRows.BindAsync(db, id, ct);
        await db.ExecuteAsync(
            $"""
             update service_order o set state = 'acknowledged', reason = null, detail = null
             where id = {id} and not exists (select from order_item i where i.order_id = o.id)
             """,
            ct);
        var switches = await db.QueryAsync(
            $"select distinct switch_id from order_item where order_id = {id} and state = 'held' and reason = {Reasons.Approval.Code}", r => r.Get<long>("switch_id"), ct);
        await HeldRows.ReleaseAsync(db, [.. switches], [Reasons.Approval.Code], now, ct, onlyOrder: id);
    }

    private static async Task<(ApprovalRow? Approval, ProblemHttpResult? Refused)> LoadAsync(NpgsqlConnection db, long id, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        if (await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is not { } order)
        {
            return (null, Problems.NotFound("order", id.ToString()));
        }

        // Two who approve at once are counted one after the other.
        await db.ExecuteAsync($"select 1 from service_order where id = {id} for update", ct);
        var approval = await ApprovalRows.LatestAsync(db, id, ct);
        return approval is not { IsOpen: true } || order.FinishedAt is not null || approval.ExpiresAt <= now
                ? (null, Problems.Conflict("order-needs-no-approval", $"Order {id} does not wait for approval; it is {order.State}."))
            : order.PlacedBy == caller.Name ? (null, Problems.Forbidden($"Order {id} was placed by {caller.Name}; others have to approve it."))
            : caller.Role != approval.Role && caller.Role != Roles.Administrator
                ? (null, Problems.Forbidden($"Order {id} is approved by role {approval.Role}; {caller.Name} is {caller.Role}."))
            : (approval, null);
    }
}
