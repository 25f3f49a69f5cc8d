using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Shows the SSH host key that a switch presents, and records it when the caller names that very fingerprint. No login is attempted.</summary>
internal static class TrustSwitch
{
    public static async Task<Results<Ok<HostKeyView>, ProblemHttpResult>> HandleAsync(
        string name, Body<TrustSwitchRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, SwitchAccess access, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SwitchRows.FindAsync(db, name, ct, Caller.Of(user).DistrictFilter) is not { } row)
        {
            return Problems.NotFound("switch", name);
        }

        string shown;
        try
        {
            shown = await access.ReadHostKeyAsync(row.Endpoint, ct);
        }
        catch (DeviceException away)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, "switch-unreachable", away.Message);
        }

        // Decide
        var trusted = row.Endpoint.HostKeySha256;
        if (body.Value.HostKeySha256 is not { } named)
        {
            return TypedResults.Ok(new HostKeyView(name, shown, trusted, Changed: false));
        }

        if (named != shown)
        {
            return Problems.Conflict("host-key-differs", $"{name} shows {shown}, not {named}: nothing was recorded.");
        }

        // Save
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync($"update switch set host_key_sha256 = {shown} where id = {row.Id}", ct);
        await HeldRows.ReleaseAsync(db, [row.Id], [Reasons.HostKey.Code], now, ct);
        await db.ClearAlarmAsync(now, $"{Reasons.HostKey.Code}:{name}", ct);
        await db.WriteAuditAsync(now, Caller.Of(user).Name, "switch.trust", name, new { shown, trusted }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new HostKeyView(name, shown, shown, Changed: trusted != shown));
    }
}
