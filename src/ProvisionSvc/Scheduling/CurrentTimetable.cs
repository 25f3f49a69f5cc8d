using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;

namespace ProvisionSvc.Scheduling;

/// <summary>Everything was stopped while a line was about to go out; what is in flight is read back when it goes on.</summary>
internal sealed class StoppedException(string message) : Exception(message);

/// <summary>
/// The timetable as this process knows it: read when it starts, at each change (told by NOTIFY), and looked after every second. Who is about to wait asks the
/// database once more, so that nobody waits for what is over.
/// </summary>
internal sealed class CurrentTimetable(TimeProvider clock, IOptions<SchedulingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Timetable _now = Timetable.Empty;
    private long _version;
    private long _readAt;

    public Timetable Now => _now;

    /// <summary>How long ago the database was asked.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Volatile.Read(ref _readAt));

    /// <summary>Before every line: cheap, and without a question to anybody.</summary>
    /// <exception cref="StoppedException">Everything was stopped.</exception>
    public void RequireGoing()
    {
        if (_now.Stop is { } stop)
        {
            throw new StoppedException($"Everything was stopped by {stop.Who}: {stop.Why}");
        }
    }

    public async Task RefreshAsync(NpgsqlConnection db, CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var askedAt = clock.GetTimestamp();
            var version = await TimetableRows.VersionAsync(db, ct);
            if (version != _version)
            {
                _now = await TimetableRows.LoadAsync(db, options.Value.Zone, clock.GetUtcNow(), ct);
                _version = version;
            }

            Volatile.Write(ref _readAt, askedAt);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What keeps a change from beginning at one of these sites, or null. Not to be asked of a restoration.</summary>
    public async Task<Wait?> WaitAsync(NpgsqlConnection db, IReadOnlyCollection<Site> sites, string action, string placedBy, DateTimeOffset now, CancellationToken ct)
    {
        if (First(sites, action, null, now) is null)
        {
            return null;
        }

        await RefreshAsync(db, ct);
        var role = await db.FirstAsync($"select role from api_token where name = {placedBy}", r => r.Get<string?>("role"), ct);
        return First(sites, action, role, now);
    }

    public void Dispose() => _reading.Dispose();

    private Wait? First(IReadOnlyCollection<Site> sites, string action, string? role, DateTimeOffset now)
    {
        var table = _now;
        return sites.Select(s => table.WaitAt(s, action, role, now)).FirstOrDefault(w => w is not null);
    }
}

/// <summary>Keeps the timetable current: at each NOTIFY, and every second without one.</summary>
internal sealed partial class HearTimetable(NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, ILogger<HearTimetable> logger) : BackgroundService
{
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(1);

    /// <summary>Read before anybody may ask.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var db = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            await timetable.RefreshAsync(db, cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"listen {TimetableRows.ChannelName}", db))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                while (true)
                {
                    await timetable.RefreshAsync(db, stoppingToken);
                    await db.WaitAsync(LongestAge, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.NotRead(logger, away.Message);
                await Task.Delay(LongestAge, clock, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2601, Level = LogLevel.Warning, Message = "The timetable cannot be read ({Why}); it stays as it was")]
        public static partial void NotRead(ILogger logger, string why);
    }
}
