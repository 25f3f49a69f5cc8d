using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Scheduling;

/// <summary>Keeping orders from beginning, and stopping everything before the next line goes out.</summary>
internal static class PauseEndpoints
{
    private const string StopAlarm = "stop-all";

    public static async Task<IReadOnlyList<PauseView>> ListAsync(NpgsqlDataSource dataSource, CancellationToken ct, bool all = false)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select id, scope, target, who, why, since, ended_at, ended_by from pause where {all} or ended_at is null order by id desc limit 1000", View, ct);
    }

    public static async Task<Results<Created<PauseView>, Ok<PauseView>, ProblemHttpResult>> PauseAsync(
        Body<PauseRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (Why.Fault(body.Value.Why) is { } wrong)
        {
            return Problems.Invalid([wrong]);
        }

        // Load
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var (scope, fault) = await ScopeRows.FindAsync(db, body.Value.Scope, body.Value.Name, "name", [ScopeKind.All, ScopeKind.Node, ScopeKind.Building, ScopeKind.Switch], caller, ct);
        if (scope is null)
        {
            return Problems.Invalid([fault!]);
        }

        // Save
        await using var tx = await db.BeginTransactionAsync(ct);
        var id = await db.FirstAsync(
            $"""
             insert into pause (scope, target_id, target, who, why, since) values ({scope.Scope.Kind}, {scope.Scope.Id}, {scope.Name}, {caller.Name}, {body.Value.Why}, {now})
             on conflict (scope, target_id) where ended_at is null do nothing returning id
             """,
            r => r.Get<long>("id"),
            ct);
        if (id != 0)
        {
            await TimetableRows.ChangedAsync(db, ct);
            await db.WriteAuditAsync(now, caller.Name, "pause", $"{body.Value.Scope}/{scope.Name}", new { body.Value.Why }, ct);
            if (scope.Scope.Kind == ScopeKind.All)
            {
                await db.RaiseAlarmAsync(now, StopAlarm, "critical", $"Everything was stopped by {caller.Name}: {body.Value.Why} Restorations wait too.", "When it may go on: provision start.", ct);
            }
        }

        var view = await db.FirstAsync(
            $"""
             select id, scope, target, who, why, since, ended_at, ended_by from pause
             where scope = {scope.Scope.Kind} and target_id = {scope.Scope.Id} and ended_at is null
             """,
            View, ct);
        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return id == 0 ? TypedResults.Ok(view) : TypedResults.Created($"/api/v1/pauses/{id}", view);
    }

    public static async Task<Results<Ok<PauseView>, ProblemHttpResult>> EndAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, LanePoke lanes, TimeProvider clock, CancellationToken ct)
    {
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var found = await db.FirstAsync($"select id, scope, target, who, why, since, ended_at, ended_by from pause where id = {id} for update", View, ct);
        if (found is null)
        {
            return Problems.NotFound("pause", id.ToString());
        }

        // Whoever could not have begun it does not end it.
        var (scope, _) = await ScopeRows.FindAsync(db, found.Scope, found.Scope == "all" ? null : found.Name, "name", Enum.GetValues<ScopeKind>(), caller, ct);
        if (scope is null)
        {
            return Problems.Forbidden($"Pause {id} reaches beyond the districts of {caller.Name}.");
        }

        if (found.EndedAt is null)
        {
            await db.ExecuteAsync($"update pause set ended_at = {now}, ended_by = {caller.Name} where id = {id}", ct);
            await TimetableRows.ChangedAsync(db, ct);
            await db.WriteAuditAsync(now, caller.Name, "pause.end", $"{found.Scope}/{found.Name}", new { found.Why, found.Who }, ct);
            if (scope.Scope.Kind == ScopeKind.All)
            {
                await db.ClearAlarmAsync(now, StopAlarm, ct);
            }
        }

        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        lanes.Poke([id]);
        return TypedResults.Ok(found.EndedAt is null ? found with { EndedAt = now, EndedBy = caller.Name } : found);
    }

    private static PauseView View(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<string>("scope"), r.Get<string>("target"), r.Get<string>("who"), r.Get<string>("why"), r.Get<DateTimeOffset>("since"),
        r.Get<DateTimeOffset?>("ended_at"), r.Get<string?>("ended_by"));
}
