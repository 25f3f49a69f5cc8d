using System.Threading.Channels;
using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Lanes;

/// <summary>
/// Tells the lane runners of every process that there is work. A hint only, sent after the commit and coalesced; the sweep finds what it misses.
/// </summary>
internal sealed partial class LanePoke(NpgsqlDataSource dataSource, ILogger<LanePoke> logger) : BackgroundService
{
    public const string ChannelName = "lanes";

    private readonly Channel<bool> _here = OneSignal();
    private readonly Channel<bool> _elsewhere = OneSignal();

    public void Poke(IReadOnlyCollection<long> switches)
    {
        if (switches.Count > 0)
        {
            _here.Writer.TryWrite(true);
            _elsewhere.Writer.TryWrite(true);
        }
    }

    /// <summary>Waits for a poke, at most <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await _here.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nobody poked: the sweep's turn.
        }
    }

    /// <summary>A poke from another process.</summary>
    public void Hear() => _here.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _elsewhere.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(stoppingToken);
                await db.ExecuteAsync($"select pg_notify({ChannelName}, '')", stoppingToken);
            }
            catch (NpgsqlException away)
            {
                Log.NotPoked(logger, away.Message);
            }
        }
    }

    private static Channel<bool> OneSignal() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Other workers were not poked ({Why}); their sweep finds the work")]
        public static partial void NotPoked(ILogger logger, string why);
    }
}

/// <summary>Hears the pokes of other processes over LISTEN.</summary>
internal sealed partial class LaneListener(NpgsqlDataSource dataSource, LanePoke poke, TimeProvider clock, ILogger<LaneListener> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Listen.ToAsync(dataSource, LanePoke.ChannelName, poke.Hear, why => Log.NotListening(logger, why), clock, stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Not listening for pokes ({Why}); the sweep finds the work meanwhile")]
        public static partial void NotListening(ILogger logger, string why);
    }
}
