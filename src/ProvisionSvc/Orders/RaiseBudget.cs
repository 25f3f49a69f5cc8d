using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>A second person lets more lit ports go dark for a while: never the ports of their own orders.</summary>
internal static class RaiseBudget
{
    /// <summary>The budget with every raise that stands and that somebody else than <paramref name="placedBy"/> has granted.</summary>
    public static Task<DarkeningBudget> RaisedAsync(NpgsqlConnection db, DarkeningBudget budget, string placedBy, DateTimeOffset now, CancellationToken ct) => db.FirstAsync(
        $"""
         select coalesce(sum(per_hour), 0)::int as per_hour, coalesce(sum(per_building), 0)::int as per_building from budget_raise
         where ended_at is null and until > {now} and who <> {placedBy}
         """,
        r => budget with { PerHour = budget.PerHour + r.Get<int>("per_hour"), PerBuilding = budget.PerBuilding + r.Get<int>("per_building") },
        ct)!;

    public static async Task<IReadOnlyList<BudgetRaiseView>> ListAsync(NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct, bool all = false)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select id, per_hour, per_building, until, who, why, at, ended_at, ended_by from budget_raise
             where {all} or (ended_at is null and until > {clock.GetUtcNow()}) order by id desc limit 1000
             """,
            View, ct);
    }

    public static async Task<Results<Created<BudgetRaiseView>, ProblemHttpResult>> AddAsync(
        Body<RaiseBudgetRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (request, now, caller) = (body.Value, clock.GetUtcNow(), Caller.Of(user));
        if (Faults(request, caller, now).ToList() is { Count: > 0 } faults)
        {
            return Problems.Invalid(faults);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var view = await db.FirstAsync(
            $"""
             insert into budget_raise (per_hour, per_building, until, who, why, at)
             values ({request.PerHour}, {request.PerBuilding}, {request.Until}, {caller.Name}, {request.Why}, {now})
             returning id, per_hour, per_building, until, who, why, at, ended_at, ended_by
             """,
            View, ct) ?? throw new InvalidOperationException("An insert without a row.");

        // What waits for the budget asks again; the raiser's own orders find it as it was.
        await db.ExecuteAsync($"update service_order set look_at = {now} where finished_at is null and state = 'held' and reason = {Reasons.Budget.Code}", ct);
        await db.WriteAuditAsync(now, caller.Name, "budget.raise", $"budget-raise/{view.Id}", request, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/budget/raises/{view.Id}", view);
    }

    public static async Task<Results<Ok<BudgetRaiseView>, ProblemHttpResult>> EndAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var ended = await db.ExecuteAsync($"update budget_raise set ended_at = {now}, ended_by = {caller.Name} where id = {id} and ended_at is null", ct);
        var view = await db.FirstAsync($"select id, per_hour, per_building, until, who, why, at, ended_at, ended_by from budget_raise where id = {id}", View, ct);
        if (view is null)
        {
            return Problems.NotFound("raise", id.ToString());
        }

        if (ended > 0)
        {
            await db.WriteAuditAsync(now, caller.Name, "budget.raise-ended", $"budget-raise/{id}", new { }, ct);
        }

        await tx.CommitAsync(ct);
        return TypedResults.Ok(view);
    }

    private static IEnumerable<Fault> Faults(RaiseBudgetRequest request, Caller caller, DateTimeOffset now)
    {
        if (caller.Districts.Count > 0)
        {
            yield return new("scope-too-wide", "", "The budget counts over everything, and your token is bound to districts.");
        }

        if (request.PerHour is < 0 or > 100_000 || request.PerBuilding is < 0 or > 100_000 || request.PerHour + request.PerBuilding == 0)
        {
            yield return new("invalid-amount", "perHour", "A raise is 1 to 100,000 items an hour, or in one building, or both.");
        }

        if (request.Until <= now || request.Until > now.AddDays(7))
        {
            yield return new("invalid-until", "until", $"A raise ends within 7 days; {request.Until:u} is over or further away.");
        }

        if (Why.Fault(request.Why) is { } wrong)
        {
            yield return wrong;
        }
    }

    private static BudgetRaiseView View(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<int>("per_hour"), r.Get<int>("per_building"), r.Get<DateTimeOffset>("until"), r.Get<string>("who"), r.Get<string>("why"),
        r.Get<DateTimeOffset>("at"), r.Get<DateTimeOffset?>("ended_at"), r.Get<string?>("ended_by"));
}
