using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;

namespace ProvisionSvc.Evidence;

/// <summary>Writes down each order that has ended, once, whole and compressed; a few at a time, since nobody waits for it.</summary>
internal sealed partial class KeepEvidence(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<KeepEvidence> logger) : BackgroundService
{
    private const int MostAtOnce = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly List<long> _impossible = [];

    internal static readonly JsonSerializerOptions Form = new(Json.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var order in await DueAsync(stoppingToken))
                {
                    await TryAsync(order, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
            }
        }
    }

    /// <summary>Each on its own: one that cannot be written keeps no other from it. It is due again after the next start.</summary>
    private async Task TryAsync(long order, CancellationToken ct)
    {
        try
        {
            await KeepAsync(order, ct);
        }
        catch (Exception unexpected) when (unexpected is not (NpgsqlException or OperationCanceledException))
        {
            _impossible.Add(order);
            Log.NotKept(logger, order, unexpected);
        }
    }

    private async Task<List<long>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select order_id from evidence where document is null and order_id <> all({_impossible.ToArray()}) order by order_id limit {MostAtOnce}", r => r.Get<long>("order_id"), ct);
    }

    /// <summary>The document, and with it the end of the conversations that are in it now.</summary>
    internal async Task KeepAsync(long orderId, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var mine = await db.FirstAsync($"select order_id from evidence where order_id = {orderId} and document is null for update skip locked", r => r.Get<long>("order_id"), ct);
        if (mine == 0 || await ComposeEvidence.RunAsync(db, orderId, null, clock.GetUtcNow(), ct) is not { } evidence)
        {
            return;
        }

        var document = Packed.Of(JsonSerializer.SerializeToUtf8Bytes(evidence, Form));
        await db.ExecuteAsync($"update evidence set document = {document}, kept_at = {evidence.WrittenAt} where order_id = {orderId}", ct);
        await db.ExecuteAsync($"delete from conversation where item_id in (select id from order_item where order_id = {orderId})", ct);
        await tx.CommitAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6201, Level = LogLevel.Warning, Message = "Evidence is written down later: {Why}")]
        public static partial void Later(ILogger logger, string why);

        [LoggerMessage(EventId = 6202, Level = LogLevel.Error, Message = "The evidence of order {OrderId} cannot be written down")]
        public static partial void NotKept(ILogger logger, long orderId, Exception exception);
    }
}
