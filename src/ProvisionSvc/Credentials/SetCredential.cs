using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>
/// Sets a credential anew. Where switches take the one in use, the new one stands beside it as the next generation until they are proven to take that (T20);
/// where none was ever reached by it, it takes its place.
/// </summary>
internal static class SetCredential
{
    /// <summary>A generation that stands, and the channels on which some switch was last reached by it.</summary>
    private sealed record Standing(int Number, IReadOnlyList<Channel> Reached);

    public static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> HandleAsync(
        string name, Body<SetCredentialRequest> body, ClaimsPrincipal user, CredentialStore store, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Fault> faults = body.Faults.Count > 0 ? body.Faults : [.. CheckCredential.Run(name, body.Value)];
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await db.ExecuteAsync($"select pg_advisory_xact_lock(hashtext({"credential/" + name}))", ct);
        await db.ExecuteAsync($"select 1 from credential where name = {name} for update", ct);
        var standing = await StandingAsync(db, name, ct);
        var opened = (await store.GenerationsAsync(db, name, ct)).ToDictionary(g => g.Number);

        // Decide
        var generation = 1 + standing.Select(s => s.Number).DefaultIfEmpty(0).Max();
        var set = KeptCredential.Generation(generation, body.Value);
        var kept = standing is [var current, ..] && standing.Any(s => s.Reached.Count > 0) ? current.Number : generation;
        var dropped = standing.Where(s => s.Number != kept).ToList();
        foreach (var (number, reached) in dropped.Select(d => (d.Number, d.Reached)))
        {
            // Of what cannot be opened any more nothing is lost.
            if (opened.TryGetValue(number, out var lost) && reached.Any(c => !Same(c, lost, set) && !Same(c, lost, opened.GetValueOrDefault(kept))))
            {
                return Problems.Conflict(
                    "rotation-under-way",
                    $"Some switches take generation {number} of credential \"{name}\" already, others still {kept}: prove it (provision credential prove {name}) or retire the older one first; a third would lock some of them out.");
            }
        }

        // Save
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            $"""
             insert into credential (name, generation, updated_at) values ({name}, {kept}, {now})
             on conflict (name) do update set generation = excluded.generation, updated_at = excluded.updated_at
             """,
            ct);
        await store.SaveAsync(db, name, generation, body.Value, ct);
        foreach (var (number, reached) in dropped.Select(d => (d.Number, d.Reached)))
        {
            foreach (var channel in reached)
            {
                var instead = opened.TryGetValue(number, out var lost) && Same(channel, lost, set) ? generation : kept;
                await db.ExecuteAsync($"update switch_credential set generation = {instead} where name = {name} and generation = {number} and channel = {channel}", ct);
            }

            await db.ExecuteAsync($"delete from credential_generation where name = {name} and generation = {number}", ct);
        }

        await db.WriteAuditAsync(now, Caller.Of(user).Name, "credential.set", name, new { generation, body.Value.User, beside = kept == generation ? default(int?) : kept }, ct);
        await CredentialRows.SettleAlarmAsync(db, name, now, ct);
        await ReleaseAsync(db, name, now, ct);
        var view = await ViewCredentials.ViewAsync(db, name, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view!);
    }

    /// <summary>What has waited for this credential goes on.</summary>
    public static async Task ReleaseAsync(NpgsqlConnection db, string name, DateTimeOffset now, CancellationToken ct)
    {
        var switches = await db.QueryAsync($"select id from switch where credential = {name}", r => r.Get<long>("id"), ct);
        await HeldRows.ReleaseAsync(db, [.. switches], [Reasons.Credential.Code], now, ct);
    }

    private static Task<List<Standing>> StandingAsync(NpgsqlConnection db, string name, CancellationToken ct) => db.QueryAsync(
        $"""
         select g.generation, array(select distinct u.channel from switch_credential u join switch w on w.id = u.switch_id and w.credential = u.name
                                    where u.name = g.name and u.generation = g.generation) as reached
         from credential_generation g where g.name = {name} order by g.generation
         """,
        r => new Standing(r.Get<int>("generation"), [.. r.Get<string[]>("reached").Select(EnumText.Parse<Channel>)]),
        ct);

    private static bool Same(Channel channel, CredentialGeneration one, CredentialGeneration? other) =>
        other is not null && (channel == Channel.Terminal ? one.Login == other.Login : one.Agent == other.Agent);
}
