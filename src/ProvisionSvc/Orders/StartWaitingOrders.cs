using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Starts orders whose requested start has come, or that were released while nobody could start them.</summary>
internal sealed partial class StartWaitingOrders(NpgsqlDataSource dataSource, PlaceOrder place, TimeProvider clock, ILogger<StartWaitingOrders> logger) : BackgroundService
{
    // Orders of one service or one building wait for each other in the database anyway.
    private const int AtOnce = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await StartDueAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
            }
        }
    }

    /// <summary>A bulk is thousands of orders: as long as a look finds as many as it asks for and they do start, the next one follows at once.</summary>
    private async Task StartDueAsync(CancellationToken ct)
    {
        IReadOnlyList<long> before = [];
        while (await DueAsync(ct) is { Count: > 0 } due && !due.SequenceEqual(before))
        {
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (order, token) => await StartAsync(order, token));
            before = due;
            if (due.Count < WaitingOrders.MostDue)
            {
                break;
            }
        }
    }

    /// <summary>Each on its own: one that cannot be started keeps no other from its time, and ends no worker.</summary>
    private async Task StartAsync(long order, CancellationToken ct)
    {
        try
        {
            await place.StartWaitingAsync(order, ct);
        }
        catch (NpgsqlException away)
        {
            Log.Later(logger, away.Message);
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            Log.NotStarted(logger, order, unexpected);
        }
    }

    private async Task<List<long>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await WaitingOrders.DueAsync(db, clock.GetUtcNow(), ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "Order {OrderId} cannot be started; it is tried again")]
        public static partial void NotStarted(ILogger logger, long orderId, Exception exception);

        [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "Waiting orders are started later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
