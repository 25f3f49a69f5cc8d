using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Scheduling;

namespace ProvisionSvc.Lanes;

/// <summary>Claims due lanes and runs each on its own, as many at once as the options say. One slow switch delays only itself.</summary>
internal sealed partial class LaneRunner(
    NpgsqlDataSource dataSource, LanePoke poke, LaneRun run, TimeProvider clock, IOptions<LaneOptions> options, Watchdog watchdog, ILogger<LaneRunner> logger) : BackgroundService
{
    // Unique per process start, so that a restarted worker is another owner.
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..8]}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new HashSet<Task>();
        if (Failpoints.AreSet)
        {
            Log.FailpointsSet(logger, Failpoints.Variable);
        }

        await ReleaseAfterStartAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            watchdog.Beat();
            running.RemoveWhere(t => t.IsCompleted);
            var room = options.Value.Concurrency - running.Count;
            try
            {
                var claimed = room > 0 ? await ClaimAsync(room, stoppingToken) : [];
                foreach (var lease in claimed)
                {
                    running.Add(RunAsync(lease, stoppingToken));
                }

                if (claimed.Count == 0)
                {
                    await poke.WaitAsync(options.Value.Sweep, clock, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.NoClaims(logger, away.Message);
                await Task.Delay(options.Value.Sweep, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>A database that does not answer must not look like a worker that hangs.</summary>
    private async Task<List<LaneLease>> ClaimAsync(int room, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.Value.LeaseTtl, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await LaneLease.ClaimAsync(dataSource, options.Value, clock, _owner, room, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            Log.NoClaims(logger, $"the database has not answered for {options.Value.LeaseTtl.TotalSeconds:0} s");
            return [];
        }
    }

    /// <summary>What only other settings or templates could mend may be mended now; what is not waits again, and says so again.</summary>
    private async Task ReleaseAfterStartAsync(CancellationToken ct)
    {
        string[] reasons = [Reasons.OutsidePrefix.Code, Reasons.TemplateMissing.Code, Reasons.Credential.Code];
        while (true)
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(ct);
                await using var tx = await db.BeginTransactionAsync(ct);
                var switches = await db.QueryAsync(
                    $"select distinct switch_id from order_item where state = 'held' and reason = any({reasons})", r => r.Get<long>("switch_id"), ct);
                await HeldRows.ReleaseAsync(db, [.. switches], reasons, clock.GetUtcNow(), ct);
                await tx.CommitAsync(ct);
                return;
            }
            catch (NpgsqlException away)
            {
                Log.NoClaims(logger, away.Message);
                await Task.Delay(options.Value.Sweep, clock, ct);
            }
        }
    }

    private async Task RunAsync(LaneLease lease, CancellationToken ct)
    {
        await Task.Yield();
        await using (lease)
        {
            try
            {
                var started = clock.GetTimestamp();
                await run.RunAsync(lease, ct);
                ServiceMetrics.LaneRuns.Record(clock.GetElapsedTime(started).TotalSeconds);
                await lease.ReleaseAsync(CancellationToken.None);
                poke.Hear();
            }
            catch (LeaseLostException lost)
            {
                Log.Lost(logger, lost.Message);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                await AbandonAsync(lease);
            }
            catch (StoppedException stopped)
            {
                // No crash of its items; whoever claims the lane when it goes on begins with the read-back.
                Log.Interrupted(logger, lease.SwitchId, lease.Epoch, stopped.Message);
                await AbandonAsync(lease);
            }
            catch (NpgsqlException away)
            {
                Log.Interrupted(logger, lease.SwitchId, lease.Epoch, away.Message);
                await AbandonAsync(lease);
            }
            catch (Exception unexpected)
            {
                // One switch's fault must not end the worker; the item counts it as a crash and is quarantined in the end (F48).
                Log.Crashed(logger, lease.SwitchId, lease.Epoch, unexpected);
            }
        }
    }

    /// <summary>As long as the lease lasts; after that it is not ours to give back, and the sweep finds the lane.</summary>
    private async Task AbandonAsync(LaneLease lease)
    {
        using var patience = new CancellationTokenSource(options.Value.LeaseTtl, clock);
        while (true)
        {
            try
            {
                await lease.AbandonAsync(patience.Token);
                return;
            }
            catch (NpgsqlException away)
            {
                Log.Interrupted(logger, lease.SwitchId, lease.Epoch, away.Message);
                await Task.Delay(options.Value.Sweep, clock, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "{Variable} is set: this process ends itself by chance. For tests only")]
        public static partial void FailpointsSet(ILogger logger, string variable);

        [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "No lanes can be claimed: {Why}")]
        public static partial void NoClaims(ILogger logger, string why);

        [LoggerMessage(EventId = 2012, Level = LogLevel.Warning, Message = "{Why} Its next owner reads back and goes on")]
        public static partial void Lost(ILogger logger, string why);

        [LoggerMessage(EventId = 2013, Level = LogLevel.Warning, Message = "Lane of switch {SwitchId}, epoch {Epoch}, was interrupted: {Why}")]
        public static partial void Interrupted(ILogger logger, long switchId, long epoch, string why);

        [LoggerMessage(EventId = 2014, Level = LogLevel.Error, Message = "Lane of switch {SwitchId}, epoch {Epoch}, ended unexpectedly")]
        public static partial void Crashed(ILogger logger, long switchId, long epoch, Exception exception);
    }
}
