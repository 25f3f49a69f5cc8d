namespace ProvisionSvc.Tests.Cli;

/// <summary>A clock on which every pause under a minute is over at once, and which is later afterwards; deadlines above a minute never come.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2030, 1, 31, 1, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _now = Start;

    /// <summary>True where deadlines above a minute come at once too.</summary>
    public bool IsOutOfPatience { get; init; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.FromMinutes(1))
        {
            _now += dueTime;
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }
        else if (IsOutOfPatience)
        {
            callback(state);
        }

        return new Rung();
    }

    private sealed class Rung : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
