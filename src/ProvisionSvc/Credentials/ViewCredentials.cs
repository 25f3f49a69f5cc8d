using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>Credentials without their secrets.</summary>
internal static class ViewCredentials
{
    public static async Task<IReadOnlyList<CredentialView>> ListAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await QueryAsync(db, null, ct);
    }

    public static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> FindAsync(string name, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await ViewAsync(db, name, ct) is { } view ? TypedResults.Ok(view) : Problems.NotFound("credential", name);
    }

    public static async Task<CredentialView?> ViewAsync(NpgsqlConnection db, string name, CancellationToken ct) => (await QueryAsync(db, name, ct)).FirstOrDefault();

    private static async Task<List<CredentialView>> QueryAsync(NpgsqlConnection db, string? name, CancellationToken ct)
    {
        // A switch whose terminal and agent were reached by different ones is on the older.
        var rows = await db.QueryAsync(
            $"""
             with on_generation as (
                 select w.credential as name, w.id, min(u.generation) as generation
                 from switch w left join switch_credential u on u.switch_id = w.id and u.name = w.credential
                 where {name}::text is null or w.credential = {name} group by w.credential, w.id)
             select c.name, c.generation as in_use, c.updated_at, g.generation, g.user_name, g.snmp, g.set_at, g.blocked_at,
                    (select count(*)::int from on_generation o where o.name = c.name) as switches,
                    (select count(*)::int from on_generation o where o.name = c.name
                        and not exists (select from credential_generation e where e.name = o.name and e.generation = o.generation)) as not_reached,
                    (select count(*)::int from on_generation o where o.name = c.name and o.generation = g.generation) as reached,
                    array(select distinct w.name from credential_refusal r join switch w on w.id = r.switch_id
                          where r.name = g.name and r.generation = g.generation order by w.name) as refused_by
             from credential c join credential_generation g on g.name = c.name
             where {name}::text is null or c.name = {name} order by c.name, g.generation
             """,
            r => (
                Credential: new CredentialView(
                    r.Get<string>("name"), r.Get<string>("user_name"), r.Get<int>("in_use"), r.Get<DateTimeOffset>("updated_at"), r.Get<int>("switches"), r.Get<int>("not_reached"), []),
                Generation: new CredentialGenerationView(
                    r.Get<int>("generation"), r.Get<int>("generation") > r.Get<int>("in_use") ? "next" : "current", r.Get<string>("user_name"), r.Get<string>("snmp"),
                    r.Get<DateTimeOffset>("set_at"), r.Get<int>("reached"), r.Get<string[]>("refused_by"), r.Get<DateTimeOffset?>("blocked_at"))),
            ct);
        return [.. rows.GroupBy(r => r.Credential.Name).Select(g => g.First().Credential with { Generations = [.. g.Select(r => r.Generation)] })];
    }
}
