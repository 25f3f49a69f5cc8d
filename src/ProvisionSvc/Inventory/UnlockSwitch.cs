using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>A person has looked at the switch and says why its lane may run again. Items that need a person themselves stay as they are.</summary>
internal static class UnlockSwitch
{
    public static async Task<Results<Ok<SwitchView>, ProblemHttpResult>> HandleAsync(
        string name, Body<UnlockSwitchRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (string.IsNullOrWhiteSpace(body.Value.Why))
        {
            return Problems.Invalid([new Fault("missing-member", "why", "Say why the switch may be written again; it is kept in the audit log.")]);
        }

        // Load
        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await FindAsync(db, name, caller, ct) is not { } found)
        {
            return Problems.NotFound("switch", name);
        }

        // Save
        if (found.LockedReason is not null)
        {
            await db.ExecuteAsync($"update lane set locked_reason = null, locked_at = null where switch_id = {found.Id}", ct);
            await db.ClearAlarmAsync(now, $"lane-locked:{name}", ct);
            await db.MakeLaneDueAsync(found.Id, now, ct);
            await HeldRows.ReleaseAsync(db, [found.Id], [Reasons.LaneLocked.Code, Reasons.HostKey.Code], now, ct);
            await db.WriteAuditAsync(now, caller.Name, "switch.unlock", name, new { found.LockedReason, body.Value.Why }, ct);
        }

        var view = await ViewSwitches.ViewAsync(db, name, caller, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view!);
    }

    private static Task<LockRow?> FindAsync(NpgsqlConnection db, string name, Caller caller, CancellationToken ct) => db.FirstAsync(
        $"""
         select w.id, l.locked_reason
         from switch w join building b on b.id = w.building_id left join lane l on l.switch_id = w.id
         where w.name = {name} and ({caller.DistrictFilter}::int[] is null or b.district = any({caller.DistrictFilter}))
         for update of w
         """,
        r => new LockRow(r.Get<long>("id"), r.Get<string?>("locked_reason")),
        ct);

    private sealed record LockRow(long Id, string? LockedReason);
}
