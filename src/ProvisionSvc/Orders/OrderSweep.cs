using Npgsql;

namespace ProvisionSvc.Orders;

/// <summary>What time and other orders bring about, every second: items whose predecessor has ended, holds that have ended, orders over many that are further.</summary>
internal sealed partial class OrderSweep(
    NpgsqlDataSource dataSource, AdvanceItems advance, ExpireHolds expire, TimeProvider clock, ILogger<OrderSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(advance.RunAsync, stoppingToken);
            await TryAsync(expire.RunAsync, stoppingToken);
            await TryAsync(SettleAsync, stoppingToken);
        }
    }

    private async Task SettleAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await SettleParents.RunAsync(db, clock.GetUtcNow(), ct);
    }

    /// <summary>Each on its own: one that cannot be done keeps no other from its time, and ends no worker.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> part, CancellationToken ct)
    {
        try
        {
            await part(ct);
        }
        catch (NpgsqlException away)
        {
            Log.Later(logger, away.Message);
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            Log.Failed(logger, unexpected);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2112, Level = LogLevel.Warning, Message = "Orders are looked at later: {Why}")]
        public static partial void Later(ILogger logger, string why);

        [LoggerMessage(EventId = 2113, Level = LogLevel.Error, Message = "What orders wait for cannot be looked at; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
