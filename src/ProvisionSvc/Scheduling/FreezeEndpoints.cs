using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Scheduling;

/// <summary>Times in which no change begins.</summary>
internal static class FreezeEndpoints
{
    public static async Task<IReadOnlyList<FreezeView>> ListAsync(NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct, bool all = false)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select id, scope, target, starts_at, ends_at, why, except_roles, who, ended_at, ended_by from change_freeze
             where {all} or (ended_at is null and ends_at > {clock.GetUtcNow()}) order by id desc limit 1000
             """,
            View, ct);
    }

    public static async Task<Results<Created<FreezeView>, ProblemHttpResult>> AddAsync(
        Body<FreezeRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Load
        var (request, now, caller) = (body.Value, clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var (scope, scopeFault) = await ScopeRows.FindAsync(
            db, request.Scope, request.Name, "name", [ScopeKind.All, ScopeKind.District, ScopeKind.Node, ScopeKind.Building], caller, ct);

        // Decide
        List<Fault> faults = [.. Faults(request, now)];
        if (scope is null || faults.Count > 0)
        {
            return Problems.Invalid(scopeFault is null ? faults : [scopeFault, .. faults]);
        }

        // Save
        await using var tx = await db.BeginTransactionAsync(ct);
        var view = await db.FirstAsync(
            $"""
             insert into change_freeze (scope, target_id, target, starts_at, ends_at, except_roles, who, why, created_at)
             values ({scope.Scope.Kind}, {scope.Scope.Id}, {scope.Name}, {request.From}, {request.Until}, {(request.ExceptRoles ?? []).Distinct().ToArray()}, {caller.Name},
                     {request.Why}, {now})
             returning id, scope, target, starts_at, ends_at, why, except_roles, who, ended_at, ended_by
             """,
            View, ct) ?? throw new InvalidOperationException("An insert without a row.");
        await TimetableRows.ChangedAsync(db, ct);
        await db.WriteAuditAsync(now, caller.Name, "freeze", $"{request.Scope}/{scope.Name}", request, ct);
        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return TypedResults.Created($"/api/v1/freezes/{view.Id}", view);
    }

    public static async Task<Results<Ok<FreezeView>, ProblemHttpResult>> EndAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var found = await db.FirstAsync(
            $"select id, scope, target, starts_at, ends_at, why, except_roles, who, ended_at, ended_by from change_freeze where id = {id} for update", View, ct);
        if (found is null)
        {
            return Problems.NotFound("freeze", id.ToString());
        }

        var (scope, _) = await ScopeRows.FindAsync(db, found.Scope, found.Scope == "all" ? null : found.Name, "name", Enum.GetValues<ScopeKind>(), caller, ct);
        if (scope is null)
        {
            return Problems.Forbidden($"Freeze {id} reaches beyond the districts of {caller.Name}.");
        }

        if (found.EndedAt is null)
        {
            await db.ExecuteAsync($"update change_freeze set ended_at = {now}, ended_by = {caller.Name} where id = {id}", ct);
            await TimetableRows.ChangedAsync(db, ct);
            await Waiting.LookAgainAsync(db, now, ct);
            await db.WriteAuditAsync(now, caller.Name, "freeze.end", $"{found.Scope}/{found.Name}", new { found.Why, found.Until }, ct);
        }

        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return TypedResults.Ok(found.EndedAt is null ? found with { EndedAt = now, EndedBy = caller.Name } : found);
    }

    private static IEnumerable<Fault> Faults(FreezeRequest request, DateTimeOffset now)
    {
        if (request.Until <= request.From || request.Until <= now)
        {
            yield return new("until-past", "until", $"The freeze ends at {request.Until:u}; that is before it begins, or over.");
        }

        foreach (var role in (request.ExceptRoles ?? []).Where(r => !Roles.All.Contains(r)))
        {
            yield return new("unknown-role", "exceptRoles", $"\"{role}\" is not a role; known are {string.Join(", ", Roles.All)}.");
        }

        if (Why.Fault(request.Why) is { } wrong)
        {
            yield return wrong;
        }
    }

    private static FreezeView View(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<string>("scope"), r.Get<string>("target"), r.Get<DateTimeOffset>("starts_at"), r.Get<DateTimeOffset>("ends_at"), r.Get<string>("why"),
        r.Get<string[]>("except_roles"), r.Get<string>("who"), r.Get<DateTimeOffset?>("ended_at"), r.Get<string?>("ended_by"));
}
