using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>A person ends the use of the older generation: only the newest is kept.</summary>
internal static class RetireCredential
{
    public static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> HandleAsync(
        string name, Body<RetireCredentialRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await db.ExecuteAsync($"select 1 from credential where name = {name} for update", ct);
        if (await ViewCredentials.ViewAsync(db, name, ct) is not { } view)
        {
            return Problems.NotFound("credential", name);
        }

        // Decide
        if (view.Generations is not [var older, .., var newest])
        {
            return TypedResults.Ok(view);
        }

        if ((older.Switches > 0 || view.NotReached > 0) && !body.Value.EvenUnproven)
        {
            return Problems.Conflict(
                "not-proven",
                $"{older.Switches} switches were last reached by generation {older.Generation}, and {view.NotReached} by none: prove the newer one on them (provision credential prove {name}), or say that it is to be retired all the same.");
        }

        // Save
        var now = clock.GetUtcNow();
        string[] why = body.Value.EvenUnproven ? ["on request, even where unproven"] : ["on request"];
        await CredentialRows.RetireAsync(db, name, newest.Generation, Caller.Of(user).Name, why, now, ct);
        await CredentialRows.SettleAlarmAsync(db, name, now, ct);
        view = await ViewCredentials.ViewAsync(db, name, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view!);
    }
}
