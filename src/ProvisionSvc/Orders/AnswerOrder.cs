using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>The field work says where the fibre landed; the order goes on by itself.</summary>
internal static class AnswerOrder
{
    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> RunAsync(
        long id, Body<AnswerOrderRequest> body, ClaimsPrincipal user, PrepareOrder prepare, PlaceOrder place, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (request, now, caller) = (body.Value, clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using (var tx = await db.BeginTransactionAsync(ct))
        {
            // Load
            if (await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is not { } order)
            {
                return Problems.NotFound("order", id.ToString());
            }

            if (await WaitingOrders.LoadAsync(db, id, ct) is not { Draft: var draft } || draft.Body.FieldAnswer != true)
            {
                return Problems.Conflict("order-needs-no-answer", $"Order {id} does not wait for a field answer; it is {order.State}.");
            }

            // Decide: as an order that names this port would be
            var (answered, faults) = ParseOrder.Parse(
                draft.Body with { FieldAnswer = null, Switch = request.Switch, IfName = request.IfName, Vlan = request.Vlan ?? draft.Body.Vlan }, draft.Client, draft.PlacedBy, caller.DistrictFilter);
            if (answered is not null)
            {
                (_, faults) = await prepare.RunAsync(db, answered, now, ct);
            }

            if (faults.Count > 0)
            {
                return Problems.Invalid(faults);
            }

            // Save
            await SettledOrder.SettleAsync(db, id, request.Switch, request.IfName, request.Vlan, ct);
            await db.ExecuteAsync(
                $"""
                 update service_order set state = {OrderState.Acknowledged}, reason = null, answered_by = {caller.Name}, answered_at = {now} where id = {id}
                 """,
                ct);
            await db.WriteAuditAsync(now, caller.Name, "order.answer", $"order/{id}", new { request.Switch, request.IfName, request.Vlan }, ct);
            await tx.CommitAsync(ct);
        }

        await place.StartWaitingAsync(id, ct);
        return TypedResults.Ok(await OrderViews.FindAsync(db, id, null, ct));
    }
}
