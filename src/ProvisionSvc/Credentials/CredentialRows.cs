using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;

namespace ProvisionSvc.Credentials;

/// <summary>How a generation of a credential stands with one switch.</summary>
/// <param name="Refusals">How many switches refused it within the window.</param>
internal sealed record CredentialStanding(bool Exists, bool Blocked, bool Refused, int Refusals)
{
    /// <summary>Why it is not tried; null where it may be.</summary>
    public string? Why(string name, int generation, string switchName) =>
        !Exists ? $"Generation {generation} of credential \"{name}\" is no more; the newer one is tried next time."
        : Blocked ? $"Credential \"{name}\" (generation {generation}) was refused by several switches and is tried on no further one: provision credential show {name}."
        : Refused ? $"{switchName} has refused credential \"{name}\" (generation {generation}); it is not tried there again until it is set anew, or unlocked (provision credential unlock {name})."
        : null;
}

/// <summary>What switches said to a credential, as rows. Whoever writes them holds the lock on the credential's row.</summary>
internal static class CredentialRows
{
    public static async Task<CredentialStanding> StandingAsync(
        NpgsqlConnection db, string name, int generation, long switchId, Channel channel, DateTimeOffset since, CancellationToken ct) => await db.FirstAsync(
        $"""
         select g.blocked_at is not null as blocked,
                exists (select from credential_refusal r where r.name = g.name and r.generation = g.generation and r.switch_id = {switchId} and r.channel = {channel}) as refused,
                (select count(distinct r.switch_id)::int from credential_refusal r where r.name = g.name and r.generation = g.generation and r.at > {since}) as refusals
         from credential_generation g where g.name = {name} and g.generation = {generation}
         """,
        r => new CredentialStanding(true, r.Get<bool>("blocked"), r.Get<bool>("refused"), r.Get<int>("refusals")),
        ct) ?? new(false, false, false, 0);

    public static async Task ReachedAsync(NpgsqlConnection db, string name, int generation, long switchId, Channel channel, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             insert into switch_credential (switch_id, channel, name, generation, reached_at) values ({switchId}, {channel}, {name}, {generation}, {now})
             on conflict (switch_id, channel) do update set name = excluded.name, generation = excluded.generation, reached_at = excluded.reached_at
             """,
            ct);
        await db.ExecuteAsync($"delete from credential_refusal where switch_id = {switchId} and channel = {channel} and name = {name}", ct);
    }

    /// <summary>Notes the refusal, and blocks the generation when enough switches have refused it within the window.</summary>
    public static async Task RefusedAsync(
        NpgsqlConnection db, string name, int generation, long switchId, Channel channel, DateTimeOffset now, CredentialOptions options, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             insert into credential_refusal (name, generation, switch_id, channel, at)
             select name, generation, {switchId}, {channel}, {now} from credential_generation where name = {name} and generation = {generation}
             on conflict (name, generation, switch_id, channel) do update set at = excluded.at
             """,
            ct);
        await db.ExecuteAsync(
            $"""
             update credential_generation set blocked_at = coalesce(blocked_at, {now})
             where name = {name} and generation = {generation} and {options.RefusalsUntilBlocked} <=
                 (select count(distinct switch_id) from credential_refusal where name = {name} and generation = {generation} and at > {now - options.RefusalWindow})
             """,
            ct);
    }

    /// <summary>One alarm for the credential, however many switches refuse it.</summary>
    public static async Task RaiseAlarmAsync(NpgsqlConnection db, string name, int generation, string why, DateTimeOffset now, CancellationToken ct)
    {
        var (switches, blocked) = await db.FirstAsync(
            $"""
             select array(select distinct w.name from credential_refusal r join switch w on w.id = r.switch_id
                          where r.name = g.name and r.generation = g.generation order by w.name) as switches, g.blocked_at is not null as blocked
             from credential_generation g where g.name = {name} and g.generation = {generation}
             """,
            r => (r.Get<string[]>("switches"), r.Get<bool>("blocked")), ct);
        if (switches is { Length: > 0 })
        {
            await db.RaiseAlarmAsync(
                now, Alarm(name), "critical",
                $"Credential \"{name}\" (generation {generation}) is refused by {string.Join(", ", switches)}{(blocked ? "; it is tried on no further switch, and orders wait" : "")}. {why}",
                $"Correct it (provision credential set {name}), or the switches; then provision credential unlock {name}. Where it was refused nothing is tried until then.",
                ct);
        }
    }

    /// <summary>Nobody refuses it any more: neither block nor alarm is left.</summary>
    public static async Task SettleAlarmAsync(NpgsqlConnection db, string name, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             update credential_generation g set blocked_at = null
             where g.name = {name} and g.blocked_at is not null
               and not exists (select from credential_refusal r where r.name = g.name and r.generation = g.generation)
             """,
            ct);
        if (await db.FirstAsync($"select not exists (select from credential_refusal where name = {name}) as none", r => r.Get<bool>("none"), ct))
        {
            await db.ClearAlarmAsync(now, Alarm(name), ct);
        }
    }

    /// <summary>
    /// Retires what is older than the newest generation when every switch of the credential was reached by that on each channel on which it was ever reached.
    /// </summary>
    public static async Task<bool> RetireIfProvenAsync(NpgsqlConnection db, string name, DateTimeOffset now, CancellationToken ct)
    {
        var newest = await db.FirstAsync(
            $"""
             select n.generation from credential c
             cross join lateral (select max(g.generation) as generation from credential_generation g where g.name = c.name) n
             where c.name = {name} and n.generation > c.generation
               and not exists (select from switch w where w.credential = c.name and not exists (
                   select from switch_credential u where u.switch_id = w.id and u.name = c.name having min(u.generation) >= n.generation))
             """,
            r => r.Get<int>("generation"), ct);
        if (newest == 0)
        {
            return false;
        }

        await RetireAsync(db, name, newest, "credential", ["every switch was reached by it"], now, ct);
        return true;
    }

    /// <summary>From now on only this generation is used.</summary>
    public static async Task RetireAsync(NpgsqlConnection db, string name, int newest, string who, string[] why, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"delete from credential_generation where name = {name} and generation < {newest}", ct);
        await db.ExecuteAsync($"update credential set generation = {newest}, updated_at = {now} where name = {name}", ct);
        await db.WriteAuditAsync(now, who, "credential.retire", name, new { generation = newest, why }, ct);
    }

    private static string Alarm(string name) => $"credential-refused:{name}";
}
