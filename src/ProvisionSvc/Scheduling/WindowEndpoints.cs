using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Scheduling;

/// <summary>Times in which changes may begin.</summary>
internal static class WindowEndpoints
{
    public static async Task<IReadOnlyList<WindowView>> ListAsync(NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await QueryAsync(db, null, timetable, clock, ct);
    }

    public static async Task<Results<Created<WindowView>, ProblemHttpResult>> AddAsync(
        Body<WindowRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, IOptions<SchedulingOptions> options, TimeProvider clock,
        CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Load
        var (request, now, caller) = (body.Value, clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var (scope, scopeFault) = await ScopeRows.FindAsync(
            db, request.Scope, request.Target, "target", [ScopeKind.All, ScopeKind.District, ScopeKind.Node, ScopeKind.Building], caller, ct);

        // Decide
        var (window, faults) = ParseWindow.Parse(request, options.Value.Zone);
        IReadOnlyList<Fault> all = [.. faults, .. ActionFaults(request), .. scopeFault is null ? [] : new[] { scopeFault }];
        if (window is null || scope is null || all.Count > 0)
        {
            return Problems.Invalid(all);
        }

        // Save
        var (weekly, cron) = (window as WeeklyWindow, window as CronWindow);
        await using var tx = await db.BeginTransactionAsync(ct);
        var id = await db.FirstAsync(
            $"""
             insert into change_window (name, scope, target_id, target, zone, day_kind, weekdays, opens, closes, cron, lasts, actions, who, created_at)
             values ({window.Name}, {scope.Scope.Kind}, {scope.Scope.Id}, {scope.Name}, {window.Zone.Id}, {window.Days},
                     {weekly?.Weekdays.Select(d => (int)d).ToArray()}, {weekly?.From}, {weekly?.Until}, {cron?.Cron}, {cron?.Lasts}, {(request.Actions ?? []).Distinct().ToArray()},
                     {caller.Name}, {now})
             on conflict (name) where removed_at is null do nothing returning id
             """,
            r => r.Get<long>("id"),
            ct);
        if (id == 0)
        {
            return Problems.Conflict("window-name-taken", $"There is a window \"{window.Name}\" already; remove it first, or choose another name.");
        }

        await ChangedAsync(db, now, caller.Name, "window.add", window.Name, request, ct);
        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return TypedResults.Created($"/api/v1/windows/{id}", (await QueryAsync(db, id, timetable, clock, ct))[0]);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var found = await db.FirstAsync(
            $"select name, scope, target from change_window where id = {id} and removed_at is null for update",
            r => new Row(r.Get<string>("name"), r.Get<string>("scope"), r.Get<string>("target")),
            ct);
        if (found is null)
        {
            return Problems.NotFound("window", id.ToString());
        }

        var (scope, _) = await ScopeRows.FindAsync(db, found.Scope, found.Scope == "all" ? null : found.Target, "target", Enum.GetValues<ScopeKind>(), caller, ct);
        if (scope is null)
        {
            return Problems.Forbidden($"Window {id} reaches beyond the districts of {caller.Name}.");
        }

        await db.ExecuteAsync($"update change_window set removed_at = {now}, removed_by = {caller.Name} where id = {id}", ct);
        await ChangedAsync(db, now, caller.Name, "window.remove", found.Name, found, ct);
        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return TypedResults.NoContent();
    }

    private static async Task ChangedAsync(NpgsqlConnection db, DateTimeOffset now, string who, string action, string name, object detail, CancellationToken ct)
    {
        await TimetableRows.ChangedAsync(db, ct);
        await Waiting.LookAgainAsync(db, now, ct);
        await db.WriteAuditAsync(now, who, action, $"window/{name}", detail, ct);
    }

    private static IEnumerable<Fault> ActionFaults(WindowRequest request) => (request.Actions ?? [])
        .Where(a => !ParseOrder.Actions.Contains(a) || a == "resume")
        .Select(a => new Fault("unknown-action", "actions", $"\"{a}\" is no order that a window can keep waiting; known are {string.Join(", ", ParseOrder.Actions.Except(["resume"]))}."));

    private static Task<List<WindowView>> QueryAsync(NpgsqlConnection db, long? id, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct) => db.QueryAsync(
        $"""
         select id, name, scope, target, zone, day_kind, weekdays, opens, closes, cron, lasts, actions, who from change_window
         where removed_at is null and ({id} is null or id = {id}) order by id
         """,
        r => ParseWindow.View(r, timetable.Now.Calendar, clock.GetUtcNow()),
        ct);

    private sealed record Row(string Name, string Scope, string Target);
}
