using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>Many orders under one number: all accepted, or none and every fault told.</summary>
internal static class BulkOrders
{
    public static async Task<Results<Created<BulkOrderView>, Ok<BulkOrderView>, ProblemHttpResult>> PlaceAsync(
        Body<BulkEnvelope> body, ClaimsPrincipal user, PlaceMany place, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct, bool dryRun = false)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var caller = Caller.Of(user);
        var (rows, faults) = BulkRows.Read(body.Value, caller);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        var (whole, wrong) = Whole(body.Value, caller);
        if (whole is null)
        {
            return Problems.Invalid(wrong);
        }

        // The whole's own hash is over all rows, in their order.
        var hash = SHA256.HashData([.. rows.SelectMany(r => r.Draft.BodyHash)]);
        BulkFacts facts;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            if (!dryRun && await OrderKeys.FindAsync(db, caller.Name, whole.Body.ExternalId, hash, ct) is { } known)
            {
                return await AnswerAsync(known, whole, rows, null, dataSource, ct);
            }

            facts = await BulkFacts.LoadAsync(db, caller.Name, rows, ct);
        }

        var check = new BulkCheck(facts, clock.GetUtcNow());
        return check.Run(rows) is { Count: > 0 } refused ? Problems.Invalid(refused)
            : dryRun ? TypedResults.Ok(View(null, rows, check))
            : await AnswerAsync(await place.SaveAsync(whole, hash, [.. rows.Select(r => r.Draft)], ct), whole, rows, check, dataSource, ct);
    }

    /// <summary>The whole has a key and a reason like an order; it is none of the single order types.</summary>
    private static (OrderDraft? Draft, IReadOnlyList<Fault> Faults) Whole(BulkEnvelope bulk, Caller caller)
    {
        var request = new PlaceOrderRequest { ExternalId = bulk.ExternalId, Action = "bulk", Why = bulk.Why };
        var faults = ParseOrder.Common(request).ToList();
        return faults.Count > 0 ? (null, faults)
            : (new() { Client = caller.Name, PlacedBy = caller.Name, Districts = caller.DistrictFilter, Body = request, Circuit = null }, []);
    }

    private static async Task<Results<Created<BulkOrderView>, Ok<BulkOrderView>, ProblemHttpResult>> AnswerAsync(
        PlaceOutcome outcome, OrderDraft whole, IReadOnlyList<BulkRow> rows, BulkCheck? check, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        switch (outcome)
        {
            case PlaceOutcome.Refused(var why):
                return Problems.Invalid(why);
            case PlaceOutcome.Conflict(var other):
                return Problems.Conflict("external-id-taken", $"externalId \"{whole.Body.ExternalId}\" was used with other orders (order {other}); use a new one.");
            case PlaceOutcome.Accepted(var id, var created):
                await using (var db = await dataSource.OpenConnectionAsync(ct))
                {
                    var view = View(await OrderViews.FindAsync(db, id, null, ct), rows, check);
                    return created ? TypedResults.Created($"/api/v1/orders/{id}", view) : TypedResults.Ok(view);
                }

            default:
                throw new InvalidOperationException("An outcome without an answer.");
        }
    }

    private static BulkOrderView View(OrderView? order, IReadOnlyList<BulkRow> rows, BulkCheck? check) => new(
        order, rows.Count, rows.GroupBy(r => r.Draft.Body.Action).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
        check?.Darkening ?? 0, check?.Unchanged ?? 0);
}
