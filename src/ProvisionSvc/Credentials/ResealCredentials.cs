using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>Seals everything with the present key, in one transaction; then the key of before opens nothing any more and may go.</summary>
internal static class ResealCredentials
{
    public static async Task<Ok<ResealedView>> HandleAsync(ClaimsPrincipal user, CredentialStore store, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var view = await store.ResealAsync(db, ct);
        await db.WriteAuditAsync(clock.GetUtcNow(), Caller.Of(user).Name, "credential.reseal", "credentials", view, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view);
    }
}
