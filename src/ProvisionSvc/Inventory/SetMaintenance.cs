using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Maintenance of all switches of a node or a building at once, with an end; each goes back to the mode it had.</summary>
internal static class SetMaintenance
{
    public static Task<Results<Ok<MaintenanceView>, ProblemHttpResult>> OfNodeAsync(
        string name, Body<MaintenanceRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct) =>
        HandleAsync("node", name, body, user, dataSource, clock, ct);

    public static Task<Results<Ok<MaintenanceView>, ProblemHttpResult>> OfBuildingAsync(
        string name, Body<MaintenanceRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct) =>
        HandleAsync("building", name, body, user, dataSource, clock, ct);

    private static async Task<Results<Ok<MaintenanceView>, ProblemHttpResult>> HandleAsync(
        string scope, string name, Body<MaintenanceRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (now, caller, until) = (clock.GetUtcNow(), Caller.Of(user), body.Value.Until);
        if (until <= now)
        {
            return Problems.Invalid([new("until-past", "until", $"{until:u} is over; now is {now:u}.")]);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var switches = await db.QueryAsync(
            $"""
             select w.id from switch w join building b on b.id = w.building_id join node n on n.id = b.node_id
             where case {scope} when 'node' then n.name else b.name end = {name}
               and ({caller.DistrictFilter}::int[] is null or b.district = any({caller.DistrictFilter}))
             order by w.id for update of w
             """,
            r => r.Get<long>("id"),
            ct);
        if (switches.Count == 0)
        {
            return Problems.Of(StatusCodes.Status404NotFound, $"unknown-{scope}", $"There is no {scope} \"{name}\" with a switch.");
        }

        // Save
        var ids = switches.ToArray();
        var changed = until is { } end ? await BeginAsync(db, ids, end, ct) : await EndAsync(db, ids, now, ct);
        await db.WriteAuditAsync(now, caller.Name, until is null ? $"{scope}.maintenance-ended" : $"{scope}.maintenance", name, new { until, body.Value.Why, switches = changed }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new MaintenanceView(scope, name, until, changed));
    }

    private static Task<List<string>> BeginAsync(NpgsqlConnection db, long[] switches, DateTimeOffset until, CancellationToken ct) => db.QueryAsync(
        $"""
         update switch set mode = 'maintenance', maintenance_until = {until}, mode_after_maintenance = case when mode = 'maintenance' then mode_after_maintenance else mode end
         where id = any({switches}) returning name
         """,
        r => r.Get<string>("name"),
        ct);

    private static async Task<List<string>> EndAsync(NpgsqlConnection db, long[] switches, DateTimeOffset now, CancellationToken ct)
    {
        var ended = await db.QueryAsync(
            $"""
             update switch set mode = coalesce(mode_after_maintenance, 'observe'), maintenance_until = null, mode_after_maintenance = null
             where id = any({switches}) and mode = 'maintenance' returning id, name, mode
             """,
            r => (Id: r.Get<long>("id"), Name: r.Get<string>("name"), Mode: r.Get<string>("mode")),
            ct);
        await HeldRows.ReleaseAsync(db, [.. ended.Where(e => e.Mode == "manage").Select(e => e.Id)], [Reasons.Maintenance.Code], now, ct);
        return [.. ended.Select(e => e.Name)];
    }
}
