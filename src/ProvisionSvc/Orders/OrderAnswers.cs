using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>What became of a request, as an answer.</summary>
internal static class OrderAnswers
{
    public static async Task<Results<Created<OrderView>, Ok<OrderView>, Ok<DryRunView>, ProblemHttpResult>> OfAsync(
        PlaceOutcome outcome, OrderDraft draft, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        switch (outcome)
        {
            case PlaceOutcome.Refused(var why):
                return Problems.Invalid(why);
            case PlaceOutcome.Conflict(var other):
                return Problems.Conflict("external-id-taken", $"externalId \"{draft.Body.ExternalId}\" was used with another body (order {other}); use a new one for a new order.");
            case PlaceOutcome.Accepted(var id, var created):
                await using (var db = await dataSource.OpenConnectionAsync(ct))
                {
                    var order = await OrderViews.FindAsync(db, id, null, ct) ?? throw new InvalidOperationException($"Order {id} vanished.");
                    return created ? TypedResults.Created($"/api/v1/orders/{id}", order) : TypedResults.Ok(order);
                }

            default:
                throw new InvalidOperationException("An outcome without an answer.");
        }
    }
}
