using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>A person has corrected the switches and says why the credential may be tried again where it was refused; what waited for it goes on.</summary>
internal static class UnlockCredential
{
    public static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> HandleAsync(
        string name, Body<UnlockCredentialRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (string.IsNullOrWhiteSpace(body.Value.Why))
        {
            return Problems.Invalid([new Fault("missing-member", "why", "Say why the switches take it now; it is kept in the audit log.")]);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await db.ExecuteAsync($"select 1 from credential where name = {name} for update", ct);
        if (await ViewCredentials.ViewAsync(db, name, ct) is not { } before)
        {
            return Problems.NotFound("credential", name);
        }

        // Save
        var now = clock.GetUtcNow();
        await db.ExecuteAsync($"delete from credential_refusal where name = {name}", ct);
        await db.ExecuteAsync($"update credential set updated_at = {now} where name = {name}", ct); // a lane that was refused meanwhile looks at it
        await CredentialRows.SettleAlarmAsync(db, name, now, ct);
        await SetCredential.ReleaseAsync(db, name, now, ct);
        var refusedBy = before.Generations.SelectMany(g => g.RefusedBy).Distinct().ToList();
        await db.WriteAuditAsync(now, Caller.Of(user).Name, "credential.unlock", name, new { body.Value.Why, refusedBy }, ct);
        var view = await ViewCredentials.ViewAsync(db, name, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view!);
    }
}
