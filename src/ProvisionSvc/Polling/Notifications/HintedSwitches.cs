namespace ProvisionSvc.Polling.Notifications;

/// <summary>
/// Which switches have said that something happened, and when each may be read for it: soon, but not more often than its pause allows, however often it says so
/// (F46, T3). Holds one entry per switch, so the inventory bounds it. Thread-safe.
/// </summary>
internal sealed class HintedSwitches(NotificationOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, DateTimeOffset> _due = [];
    private readonly Dictionary<long, DateTimeOffset> _rests = [];
    private readonly Queue<DateTimeOffset> _taken = new(); // within the last second

    public void Hint(long switchId)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            var soon = now + options.Gather;
            _due.TryAdd(switchId, _rests.TryGetValue(switchId, out var rested) && rested > soon ? rested : soon);
        }
    }

    /// <summary>The switches to read now, longest due first, no more than the rate allows; each rests from here on.</summary>
    public long[] Take()
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            while (_taken.TryPeek(out var taken) && now - taken >= TimeSpan.FromSeconds(1))
            {
                _taken.Dequeue();
            }

            long[] due = [.. _due.Where(d => d.Value <= now).OrderBy(d => d.Value).Take(options.ReadingsPerSecond - _taken.Count).Select(d => d.Key)];
            foreach (var switchId in due)
            {
                _due.Remove(switchId);
                _rests[switchId] = now + options.Pause;
                _taken.Enqueue(now);
            }

            if (due.Length > 0)
            {
                foreach (var rested in _rests.Where(r => r.Value <= now).Select(r => r.Key).ToList())
                {
                    _rests.Remove(rested);
                }
            }

            return due;
        }
    }
}
