using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>What a list of orders may be asked for, all of it together.</summary>
/// <param name="Waiting">Only those that wait: for a time, a person, a switch or another order.</param>
/// <param name="Cursor">The <c>next</c> of the page before.</param>
internal sealed record ListOrdersQuery(
    string? Service = null, string? State = null, bool Waiting = false, string? Action = null, string? Account = null, string? Switch = null, string? Group = null, string? PlacedBy = null,
    long? Parent = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? Cursor = null, int Limit = 100);

/// <summary>Orders, newest first, a page at a time. A cursor is a place in the list that stays where it is while new orders come.</summary>
internal static class ListOrders
{
    private const int Most = 1000;

    public static async Task<Results<Ok<OrderListView>, ProblemHttpResult>> RunAsync(
        [AsParameters] ListOrdersQuery query, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var faults = Faults(query, out var before).ToList();
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        var limit = Math.Clamp(query.Limit, 1, Most);
        var filter = new OrderFilter(
            null, query.Service, query.State, query.Waiting, query.Action, query.Account, query.Switch, query.Group, query.PlacedBy, query.Parent, query.Since, query.Until, before, limit + 1);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var orders = await OrderViews.ListAsync(db, filter, Caller.Of(user).DistrictFilter, ct);
        return TypedResults.Ok(orders.Count > limit
            ? new OrderListView([.. orders.Take(limit)], orders[limit - 1].Id.ToString(CultureInfo.InvariantCulture))
            : new OrderListView(orders));
    }

    private static IEnumerable<Fault> Faults(ListOrdersQuery query, out long? before)
    {
        before = long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var faults = new List<Fault>();
        if (query.State is not null && !EnumText.TryParse<OrderState>(query.State, out _))
        {
            faults.Add(new("unknown-state", "state", $"\"{query.State}\" is not an order state; known are {EnumText.Words<OrderState>()}."));
        }

        if (query.Action is not null && query.Action != "bulk" && !ParseOrder.Actions.Contains(query.Action))
        {
            faults.Add(new("unknown-action", "action", $"\"{query.Action}\" is not an order; known are {string.Join(", ", ParseOrder.Actions)}, bulk."));
        }

        if (query.Cursor is not null && before is null)
        {
            faults.Add(new("unknown-cursor", "cursor", "A cursor is the next of an earlier page, as it was answered."));
        }

        return faults;
    }
}
