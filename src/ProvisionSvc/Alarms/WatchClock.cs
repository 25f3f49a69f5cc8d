using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Alarms;

/// <summary>
/// Leases end by the database's clock, windows and requested starts by this machine's: an alarm where they are apart (T25). A slow answer is no wrong clock:
/// only what lies outside of the time of asking counts.
/// </summary>
internal sealed partial class WatchClock(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<WatchClock> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    private readonly string _key = $"clock:{Environment.MachineName}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CompareAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    internal async Task CompareAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var before = clock.GetUtcNow();
        var there = await db.FirstAsync($"select clock_timestamp() as at", r => r.Get<DateTimeOffset>("at"), ct);
        var after = clock.GetUtcNow();
        var apart = there < before ? before - there : there > after ? there - after : TimeSpan.Zero;
        if (apart <= Allowed)
        {
            await db.ClearAlarmAsync(after, _key, ct);
            return;
        }

        await db.RaiseAlarmAsync(
            after, _key, "major", $"The clock of {Environment.MachineName} and the database's are {(apart < TimeSpan.FromSeconds(10) ? "more than 1 s" : "more than 10 s")} apart.",
            "Look at NTP on both machines; until then requested starts and maintenance ends come at another time than was meant.", ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6301, Level = LogLevel.Warning, Message = "Clocks are compared later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
