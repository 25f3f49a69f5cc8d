namespace ProvisionSvc.Tests.Terminal;

/// <summary>Time that passes only when somebody says so; a timer fires on the thread that moves the time.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _armed = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public bool IsAnyoneWaiting
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count > 0;
            }
        }
    }

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <summary>Jumps to the next timer and fires it; false when nobody waits for anything.</summary>
    public bool FireNext() => Fire(long.MaxValue);

    /// <summary>Lets time pass and fires what becomes due.</summary>
    public void Advance(TimeSpan time)
    {
        var until = GetTimestamp() + time.Ticks;
        while (Fire(until))
        {
        }

        Interlocked.Exchange(ref _now, until);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private bool Fire(long until)
    {
        VirtualTimer next;
        lock (_lock)
        {
            if (_armed.MinBy(t => t.Due) is not { } first || first.Due > until)
            {
                return false;
            }

            next = first;
            _armed.Remove(next);
            _now = Math.Max(_now, next.Due);
        }

        next.Callback();
        return true;
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._armed.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime.Ticks;
                    clock._armed.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
