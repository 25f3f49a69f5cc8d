using Microsoft.Extensions.Options;
using Npgsql;

namespace ProvisionSvc.Polling;

/// <summary>Claims shards of a sweep, asks their switches at once, and writes what changed. Workers come and go; a shard left behind is dealt out again.</summary>
internal sealed partial class SweepWorker(
    NpgsqlDataSource dataSource, SweepSwitches sweep, TimeProvider clock, IOptions<PollingOptions> options, ILogger<SweepWorker> logger) : BackgroundService
{
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await RunShardAsync(stoppingToken))
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), clock, stoppingToken);
            }
        }
    }

    /// <summary>False when there was no shard to do.</summary>
    internal async Task<bool> RunShardAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SweepRows.ClaimAsync(db, _owner, clock.GetUtcNow(), options.Value.ShardPatience, ct) is not { } shard)
        {
            return false;
        }

        await db.CloseAsync();
        var heard = await sweep.AskAsync(shard.Switches, ct);
        await using var save = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await save.BeginTransactionAsync(ct);
        await sweep.SaveAsync(save, heard, ct);
        await SweepRows.FinishAsync(save, shard.Id, shard.Sweep, heard.Answered, heard.Swept.Count - heard.Answered, clock.GetUtcNow(), ct);
        await tx.CommitAsync(ct);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3111, Level = LogLevel.Warning, Message = "The sweep goes on later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
