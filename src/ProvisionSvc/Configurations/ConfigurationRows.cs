using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Configurations;

/// <summary>One version of a switch's configuration, without its text.</summary>
/// <param name="Since">When it was first seen, <paramref name="Until"/> when last.</param>
/// <param name="Source">After what it was first seen: <c>orders</c> or <c>interval</c>.</param>
internal sealed record ConfigurationVersion(long Id, DateTimeOffset Since, DateTimeOffset Until, string Source, int Lines, int Octets);

/// <summary>The archive's rows.</summary>
internal static class ConfigurationRows
{
    /// <summary>
    /// Keeps the text as the newest version; the one before becomes its difference to it. False where the text is the newest version already.
    /// </summary>
    public static async Task<bool> SaveAsync(NpgsqlConnection db, long switchId, string text, string source, DateTimeOffset now, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var sha256 = SHA256.HashData(bytes);
        await using var tx = await db.BeginTransactionAsync(ct);

        // Two savers of one switch would both make a newest version.
        await db.ExecuteAsync($"select 1 from switch where id = {switchId} for no key update", ct);
        var newest = await db.FirstAsync(
            $"select id, sha256, body from configuration where switch_id = {switchId} and whole",
            r => (Id: r.Get<long>("id"), Sha256: r.Get<byte[]>("sha256"), Body: r.Get<byte[]>("body")), ct);
        var same = newest.Body is not null && newest.Sha256.AsSpan().SequenceEqual(sha256);
        if (same)
        {
            await db.ExecuteAsync($"update configuration set until = greatest(until, {now}) where id = {newest.Id}", ct);
        }
        else
        {
            if (newest.Body is not null)
            {
                var delta = ConfigurationBody.Delta(text, ConfigurationBody.OpenWhole(newest.Body));
                await db.ExecuteAsync($"update configuration set whole = false, body = {delta} where id = {newest.Id}", ct);
            }

            await db.ExecuteAsync(
                $"""
                 insert into configuration (switch_id, since, until, source, sha256, lines, octets, whole, body)
                 values ({switchId}, {now}, {now}, {source}, {sha256}, {text.Split('\n').Length}, {bytes.Length}, true, {ConfigurationBody.Whole(text)})
                 """,
                ct);
        }

        await db.ExecuteAsync(
            $"""
             insert into configuration_fetch (switch_id, fetched_at) values ({switchId}, {now})
             on conflict (switch_id) do update set due_at = null, attempts = 0, problem = null, fetched_at = {now}
             """,
            ct);
        await tx.CommitAsync(ct);
        return !same;
    }

    /// <summary>The versions, newest first.</summary>
    public static Task<List<ConfigurationVersion>> VersionsAsync(NpgsqlConnection db, long switchId, CancellationToken ct) => db.QueryAsync(
        $"select id, since, until, source, lines, octets from configuration where switch_id = {switchId} order by id desc",
        r => new ConfigurationVersion(
            r.Get<long>("id"), r.Get<DateTimeOffset>("since"), r.Get<DateTimeOffset>("until"), r.Get<string>("source"), r.Get<int>("lines"), r.Get<int>("octets")),
        ct);

    /// <summary>The text of one version: the newest, taken back step by step.</summary>
    public static async Task<string> TextAsync(NpgsqlConnection db, long switchId, long id, CancellationToken ct)
    {
        var bodies = await db.QueryAsync(
            $"select id, whole, sha256, body from configuration where switch_id = {switchId} and id >= {id} order by id desc",
            r => (Whole: r.Get<bool>("whole"), Sha256: r.Get<byte[]>("sha256"), Body: r.Get<byte[]>("body")), ct);
        var text = "";
        foreach (var (whole, _, body) in bodies)
        {
            text = whole ? ConfigurationBody.OpenWhole(body) : ConfigurationBody.OpenDelta(body, text);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan().SequenceEqual(bodies[^1].Sha256)
            ? text
            : throw new InvalidDataException($"Version {id} of the configuration of switch {switchId} does not have the hash that it was kept under.");
    }

    /// <summary>The switch's configuration is to be fetched at <paramref name="at"/>, or earlier where it already was.</summary>
    public static Task<int> MakeDueAsync(NpgsqlConnection db, long switchId, DateTimeOffset at, CancellationToken ct) => db.ExecuteAsync(
        $"""
         insert into configuration_fetch as f (switch_id, due_at) values ({switchId}, {at})
         on conflict (switch_id) do update set due_at = least(coalesce(f.due_at, excluded.due_at), excluded.due_at)
         """,
        ct);
}
