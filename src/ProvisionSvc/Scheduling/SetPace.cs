using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Scheduling;

/// <summary>How many changes may begin at a node in a minute.</summary>
internal static class SetPace
{
    public static async Task<Results<Ok<SetPaceRequest>, ProblemHttpResult>> HandleAsync(
        string name, Body<SetPaceRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (body.Value.PerMinute is <= 0 or > 100_000)
        {
            return Problems.Invalid([new("invalid-pace", "perMinute", "A pace is 1 to 100,000 items a minute; leave it out for what the setting says.")]);
        }

        var caller = Caller.Of(user);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var (scope, _) = await ScopeRows.FindAsync(db, "node", name, "name", [ScopeKind.Node], caller, ct);
        if (scope is null)
        {
            return Problems.NotFound("node", name);
        }

        await db.ExecuteAsync($"update node set pace_per_minute = {body.Value.PerMinute} where id = {scope.Scope.Id}", ct);
        await db.WriteAuditAsync(clock.GetUtcNow(), caller.Name, "node.pace", name, new { body.Value.PerMinute }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(body.Value);
    }
}
