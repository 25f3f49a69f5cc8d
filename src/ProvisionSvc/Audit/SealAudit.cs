using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Audit;

/// <summary>
/// Chains the audit log, line by line, in the background: one process at a time, by a lock that ends with its transaction. What a day ended with is written
/// to a file and the log, for keeping where nobody with the database's rights can reach it (T14).
/// </summary>
internal sealed partial class SealAudit(
    NpgsqlDataSource dataSource, TimeProvider clock, IOptions<AuditOptions> options, IOptions<ProvisionOptions> host, ILogger<SealAudit> logger) : BackgroundService
{
    // Any number unique in this database.
    private const long OneAtATime = 0x41554454;
    private const int MostAtOnce = 5000;

    // Transactions commit out of order: lines below the highest sealed one are looked for as long as one may still be under way, and once an hour from the beginning.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(10);

    private long _lookedThrough;
    private long? _fromTheBeginning;

    private sealed record Seal(long Sequence, byte[] Hash, DateTimeOffset At);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SealAsync(stoppingToken) < MostAtOnce)
                {
                    await Task.Delay(options.Value.SealEvery, clock, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
                await Task.Delay(options.Value.SealEvery, clock, stoppingToken);
            }
        }
    }

    /// <summary>Seals what nobody has sealed; returns how many lines, 0 where another process is at it.</summary>
    internal async Task<int> SealAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (!await db.FirstAsync($"select pg_try_advisory_xact_lock({OneAtATime}) as mine", r => r.Get<bool>("mine"), ct))
        {
            return 0;
        }

        var now = clock.GetUtcNow();
        var last = await db.FirstAsync(
            $"select sequence, hash, sealed_at from audit_seal order by sequence desc limit 1",
            r => new Seal(r.Get<long>("sequence"), r.Get<byte[]>("hash"), r.Get<DateTimeOffset>("sealed_at")),
            ct) ?? new(0, AuditChain.Beginning, now);
        var anchor = last.Sequence > 0 && last.At.UtcDateTime.Date < now.UtcDateTime.Date ? await AnchorAsync(db, last, ct) : null;
        var rows = await UnsealedAsync(db, ct);
        await SealAsync(db, last, rows, now, ct);
        await tx.CommitAsync(ct);
        if (anchor is not null)
        {
            Log.Anchored(logger, anchor.Day, anchor.Sequence, anchor.Hash);
            await AppendAsync(FileOf(options.Value, host.Value), JsonSerializer.Serialize(anchor, Json.Options) + "\n", ct);
        }

        return rows.Count;
    }

    public static string FileOf(AuditOptions audit, ProvisionOptions host) => audit.AnchorFile ?? Path.Combine(host.StateDirectory, "audit-anchors.jsonl");

    private async Task<List<AuditRow>> UnsealedAsync(NpgsqlConnection db, CancellationToken ct)
    {
        if (_fromTheBeginning is not { } at || clock.GetElapsedTime(at) > TimeSpan.FromHours(1))
        {
            (_fromTheBeginning, _lookedThrough) = (clock.GetTimestamp(), 0);
        }

        var rows = await db.QueryAsync(
            $"""
             select a.id, a.at, a.who, a.action, a.object, a.detail from audit a
             where a.id > {_lookedThrough} and not exists (select from audit_seal s where s.audit_id = a.id)
             order by a.id limit {MostAtOnce}
             """,
            AuditRow.Of,
            ct);
        if (rows.Count < MostAtOnce)
        {
            _lookedThrough = await db.FirstAsync(
                $"select coalesce(max(audit_id), 0) as id from audit_seal where sequence = (select max(sequence) from audit_seal where sealed_at < {clock.GetUtcNow() - LongestTransaction})",
                r => r.Get<long>("id"), ct);
        }

        return rows;
    }

    private static async Task SealAsync(NpgsqlConnection db, Seal last, List<AuditRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var hashes = new byte[rows.Count][];
        var before = last.Hash;
        for (var i = 0; i < rows.Count; i++)
        {
            before = hashes[i] = AuditChain.Next(before, last.Sequence + i + 1, rows[i]);
        }

        // Never earlier than the seal before it, whatever the clock of another machine said.
        var at = now > last.At ? now : last.At;
        await db.ExecuteAsync(
            $"""
             insert into audit_seal (sequence, audit_id, hash, sealed_at)
             select {last.Sequence} + n.place, n.id, n.hash, {at} from unnest({rows.Select(r => r.Id).ToArray()}, {hashes}) with ordinality as n(id, hash, place)
             """,
            ct);
    }

    /// <summary>What the day of this seal ended with; null where that is kept already.</summary>
    private static async Task<AuditAnchorView?> AnchorAsync(NpgsqlConnection db, Seal last, CancellationToken ct)
    {
        var day = last.At.UtcDateTime.ToString("yyyy-MM-dd");
        var added = await db.ExecuteAsync($"insert into audit_anchor (day, sequence, hash) values ({day}::date, {last.Sequence}, {last.Hash}) on conflict do nothing", ct);
        return added > 0 ? new(day, last.Sequence, Convert.ToHexStringLower(last.Hash)) : null;
    }

    private async Task AppendAsync(string file, string line, CancellationToken ct)
    {
        try
        {
            await File.AppendAllTextAsync(file, line, ct);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // It stands in the log and in the table too; sealing goes on.
            Log.NotAppended(logger, file, full.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6101, Level = LogLevel.Warning, Message = "The audit log is sealed later: {Why}")]
        public static partial void Later(ILogger logger, string why);

        [LoggerMessage(EventId = 6102, Level = LogLevel.Information, Message = "Audit log: {Day} ended with seal {Sequence}, {Hash}")]
        public static partial void Anchored(ILogger logger, string day, long sequence, string hash);

        [LoggerMessage(EventId = 6103, Level = LogLevel.Error, Message = "The anchor was not added to {File}: {Why}")]
        public static partial void NotAppended(ILogger logger, string file, string why);
    }
}
