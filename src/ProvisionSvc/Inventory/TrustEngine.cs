using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Shows the SNMPv3 engine that is pinned for a switch and the one that claims to be it, and pins the one that the caller names. Asks no switch.</summary>
internal static class TrustEngine
{
    public static async Task<Results<Ok<EngineView>, ProblemHttpResult>> HandleAsync(
        string name, Body<TrustEngineRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Load
        var caller = Caller.Of(user);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await FindAsync(db, name, caller, ct) is not var (id, view))
        {
            return Problems.NotFound("switch", name);
        }

        // Decide
        if (body.Value.EngineId is not { } named)
        {
            return TypedResults.Ok(view);
        }

        if (!string.Equals(named, view.Claimed, StringComparison.OrdinalIgnoreCase) && !string.Equals(named, view.Pinned, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Conflict("engine-differs", $"{name} has shown {view.Claimed ?? view.Pinned ?? "no engine"}, not {named}: nothing was recorded.");
        }

        // Save: with no known boots, so that it is enrolled like a new one
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            $"""
             update switch set engine_boots = case when engine_id = {Convert.FromHexString(named)} then engine_boots else 0 end,
                 engine_id = {Convert.FromHexString(named)}, engine_claimed = null, engine_claimed_at = null
             where id = {id}
             """,
            ct);
        await HeldRows.ReleaseAsync(db, [id], [Reasons.Engine.Code], now, ct);
        await db.ClearAlarmAsync(now, $"{Reasons.Engine.Code}:{name}", ct);
        await db.ClearAlarmAsync(now, $"engine-boots:{name}", ct);
        await db.WriteAuditAsync(now, caller.Name, "switch.trust-engine", name, new { engine = named, before = view.Pinned }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view with { Pinned = named.ToUpperInvariant(), Claimed = null, ClaimedAt = null, Changed = !string.Equals(named, view.Pinned, StringComparison.OrdinalIgnoreCase) });
    }

    private static async Task<(long Id, EngineView View)?> FindAsync(NpgsqlConnection db, string name, Caller caller, CancellationToken ct) => await db.FirstAsync(
        $"""
         select w.id, w.engine_id, w.engine_boots, w.engine_claimed, w.engine_claimed_at
         from switch w join building b on b.id = w.building_id
         where w.name = {name} and ({caller.DistrictFilter}::int[] is null or b.district = any({caller.DistrictFilter}))
         for update of w
         """,
        r => ((long, EngineView)?)(r.Get<long>("id"), new EngineView(
            name, Hex(r.Get<byte[]?>("engine_id")), r.Get<int?>("engine_boots"), Hex(r.Get<byte[]?>("engine_claimed")), r.Get<DateTimeOffset?>("engine_claimed_at"), Changed: false)),
        ct);

    private static string? Hex(byte[]? engine) => engine is null ? null : Convert.ToHexString(engine);
}
