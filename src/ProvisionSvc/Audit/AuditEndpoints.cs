using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Audit;

internal static class AuditEndpoints
{
    private const int MostShown = 1000;

    public static void AddAudit(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VerifyAudit>();
        if (options.RunsWorker)
        {
            services.AddHostedService<SealAudit>();
        }
    }

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithName("listAudit").Fails(400).For(Roles.Auditor)
            .WithSummary("Who did what, newest first; before=ID shows what is older.");
        api.MapGet("/audit/verify", VerifyAsync).WithName("verifyAudit").Fails(400, 422).For(Roles.Auditor)
            .WithSummary("Says that the audit log is as it was sealed, or the first line that is not.");
        api.MapGet("/audit/anchors", AnchorsAsync).WithName("listAuditAnchors").For(Roles.Auditor)
            .WithSummary("What each day ended with, for keeping elsewhere.");
    }

    private static async Task<IReadOnlyList<AuditLineView>> ListAsync(
        NpgsqlDataSource dataSource, CancellationToken ct, DateTimeOffset? from = null, DateTimeOffset? to = null, string? who = null, string? action = null, string? @object = null,
        long? before = null, int limit = 100)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select a.id, a.at, a.who, a.action, a.object, a.detail, s.sequence from audit a left join audit_seal s on s.audit_id = a.id
             where ({from} is null or a.at >= {from}) and ({to} is null or a.at < {to}) and ({who} is null or a.who = {who}) and ({action} is null or a.action = {action})
               and ({@object} is null or a.object = {@object}) and ({before}::bigint is null or a.id < {before})
             order by a.id desc limit {Math.Clamp(limit, 1, MostShown)}
             """,
            AuditRows.View,
            ct);
    }

    private static async Task<Results<Ok<AuditVerificationView>, ProblemHttpResult>> VerifyAsync(
        VerifyAudit verify, CancellationToken ct, DateTimeOffset? from = null, DateTimeOffset? to = null, string? anchor = null)
    {
        if (anchor is null)
        {
            return TypedResults.Ok(await verify.RunAsync(from, to, [], ct));
        }

        return anchor.Split(':') is [var number, { Length: 64 } hash] && long.TryParse(number, out var sequence)
            ? TypedResults.Ok(await verify.RunAsync(from, to, [new("", sequence, hash)], ct))
            : Problems.Invalid([new("invalid-anchor", "anchor", "An anchor is the number of a seal, a colon, and its hash of 64 hexadecimal digits.")]);
    }

    private static async Task<IReadOnlyList<AuditAnchorView>> AnchorsAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select day::text as day, sequence, hash from audit_anchor order by day",
            r => new AuditAnchorView(r.Get<string>("day"), r.Get<long>("sequence"), Convert.ToHexStringLower(r.Get<byte[]>("hash"))), ct);
    }
}
