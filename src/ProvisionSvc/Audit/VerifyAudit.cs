using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Audit;

/// <summary>
/// Reads the chain from its beginning and says that it is intact, or names the first line that is not as it was sealed: changed, removed, or inserted among
/// older ones. Lines that were cut off at the end, seals and all, are found by the anchors kept in files.
/// </summary>
internal sealed class VerifyAudit(NpgsqlDataSource dataSource, TimeProvider clock, IOptions<AuditOptions> options, IOptions<ProvisionOptions> host)
{
    private const int Page = 10_000;

    private sealed record SealedRow(long Sequence, long AuditId, byte[] Hash, AuditRow? Row);

    private sealed record Place(long Sequence, byte[] Hash, DateTimeOffset Latest);

    public async Task<AuditVerificationView> RunAsync(DateTimeOffset? from, DateTimeOffset? to, IReadOnlyList<AuditAnchorView> kept, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var anchors = Anchors(await FileAsync(ct), kept, await TableAsync(db, ct));
        var (first, last) = await RangeAsync(db, from, to, ct);
        var place = first > 1
            ? await db.FirstAsync($"select sequence, hash from audit_seal where sequence = {first - 1}", r => new Place(r.Get<long>("sequence"), r.Get<byte[]>("hash"), DateTimeOffset.MinValue), ct)
            : new Place(0, AuditChain.Beginning, DateTimeOffset.MinValue);
        var broken = place is null ? new AuditBreakView(first - 1, 0, "removed", $"Seal {first - 1} is missing.") : null;
        long lines = 0;
        while (broken is null && place!.Sequence < last)
        {
            var page = await PageAsync(db, place.Sequence, last, ct);
            (place, broken) = Walk(place, page, anchors);
            lines += page.Count;
            if (broken is null && page.Count == 0)
            {
                broken = new(place.Sequence + 1, 0, "removed", $"Seal {place.Sequence + 1} and what followed it up to {last} are missing.");
            }
        }

        broken ??= CutOff(anchors, last, to) ?? await UnsealedAsync(db, to, ct);
        var waiting = await db.FirstAsync($"select count(*)::int as n from audit a where not exists (select from audit_seal s where s.audit_id = a.id)", r => r.Get<int>("n"), ct);
        return new(broken is null, lines, first, place?.Sequence ?? 0, place is null ? "" : Convert.ToHexStringLower(place.Hash), waiting, broken);
    }

    private (Place Place, AuditBreakView? Broken) Walk(Place place, List<SealedRow> page, Dictionary<long, List<string>> anchors)
    {
        foreach (var (sequence, id, hash, row) in page)
        {
            var broken = sequence != place.Sequence + 1 ? new(place.Sequence + 1, 0, "removed", $"Seal {place.Sequence + 1} is missing.")
                : row is null ? new AuditBreakView(sequence, id, "removed", $"Line {id} was sealed and is no longer there.")
                : !AuditChain.Next(place.Hash, sequence, row).AsSpan().SequenceEqual(hash) ? new(sequence, id, "changed", $"Line {id} ({row.Action} {row.Object}), or its seal, is not what was sealed.")
                : row.At + options.Value.Lateness < place.Latest ? new(sequence, id, "inserted", $"Line {id} ({row.Action} {row.Object}) says {row.At:u}, but was sealed after lines of {place.Latest:u}.")
                : anchors.TryGetValue(sequence, out var hashes) && hashes.Exists(a => a != Convert.ToHexStringLower(hash))
                    ? new(sequence, id, "replaced", $"Seal {sequence} is not the one that was anchored: the chain up to here was written anew.")
                    : null;
            if (broken is not null)
            {
                return (place, broken);
            }

            place = new(sequence, hash, row!.At > place.Latest ? row.At : place.Latest);
        }

        return (place, null);
    }

    private static AuditBreakView? CutOff(Dictionary<long, List<string>> anchors, long last, DateTimeOffset? to) =>
        to is null && anchors.Keys.Where(s => s > last).Order().FirstOrDefault() is > 0 and var missing
            ? new(missing, 0, "removed", $"Seal {missing} was anchored, but the chain ends with seal {last}.")
            : null;

    /// <summary>A line that nobody has sealed for long was put below those that were.</summary>
    private async Task<AuditBreakView?> UnsealedAsync(NpgsqlConnection db, DateTimeOffset? to, CancellationToken ct)
    {
        var stray = await db.FirstAsync(
            $"""
             select a.id, a.at, a.who, a.action, a.object, a.detail from audit a
             where not exists (select from audit_seal s where s.audit_id = a.id) and a.at < {clock.GetUtcNow() - options.Value.Lateness}
               and a.at < (select max(s.sealed_at) from audit_seal s) - {options.Value.Lateness} and ({to} is null or a.at < {to})
             order by a.id limit 1
             """,
            AuditRow.Of,
            ct);
        return stray is null ? null : new(0, stray.Id, "inserted", $"Line {stray.Id} ({stray.Action} {stray.Object}) says {stray.At:u}, but later lines were sealed without it.");
    }

    private static Task<List<SealedRow>> PageAsync(NpgsqlConnection db, long after, long last, CancellationToken ct) => db.QueryAsync(
        $"""
         select s.sequence, s.audit_id, s.hash, a.id, a.at, a.who, a.action, a.object, a.detail
         from audit_seal s left join audit a on a.id = s.audit_id
         where s.sequence > {after} and s.sequence <= {last} order by s.sequence limit {Page}
         """,
        r => new SealedRow(r.Get<long>("sequence"), r.Get<long>("audit_id"), r.Get<byte[]>("hash"), r.Get<long?>("id") is null ? null : AuditRow.Of(r)),
        ct);

    private static Task<(long First, long Last)> RangeAsync(NpgsqlConnection db, DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct) => db.FirstAsync(
        $"""
         select coalesce((select min(sequence) from audit_seal where {from} is not null and sealed_at >= {from}),
                         case when {from} is null then 1 else (select coalesce(max(sequence), 0) + 1 from audit_seal) end) as first,
                coalesce((select max(sequence) from audit_seal where {to} is null or sealed_at < {to}), 0) as last
         """,
        r => (r.Get<long>("first"), r.Get<long>("last")),
        ct);

    private static Task<List<AuditAnchorView>> TableAsync(NpgsqlConnection db, CancellationToken ct) => db.QueryAsync(
        $"select day::text as day, sequence, hash from audit_anchor", r => new AuditAnchorView(r.Get<string>("day"), r.Get<long>("sequence"), Convert.ToHexStringLower(r.Get<byte[]>("hash"))), ct);

    private async Task<IReadOnlyList<AuditAnchorView>> FileAsync(CancellationToken ct)
    {
        var file = SealAudit.FileOf(options.Value, host.Value);
        return File.Exists(file) ? [.. (await File.ReadAllLinesAsync(file, ct)).Where(l => l.Length > 0).Select(l => Json.To<AuditAnchorView>(l))] : [];
    }

    private static Dictionary<long, List<string>> Anchors(params IReadOnlyList<AuditAnchorView>[] sources) =>
        sources.SelectMany(s => s).GroupBy(a => a.Sequence).ToDictionary(g => g.Key, g => g.Select(a => a.Hash.ToLower(CultureInfo.InvariantCulture)).Distinct(StringComparer.Ordinal).ToList());
}
