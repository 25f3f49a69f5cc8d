using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>
/// What waits for the consumer: a short queue per source, sources taken in turn, so that the loudest one hides nobody (reliability F46). Knows too how much each
/// source has sent lately. Bounded in every direction.
/// </summary>
internal sealed class NotificationQueue(SnmpNotificationOptions options, TimeProvider clock, NotificationCounters counters)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Source> _sources = [];
    private readonly Queue<Source> _turns = new(); // sources that have something, each once
    private int _count;
    private long? _looked; // for silent sources

    /// <summary>Whether this source may send another datagram now; takes the token for it.</summary>
    public bool MaySend(IPAddress address)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(address, out var source))
            {
                if (_sources.Count >= options.MaxSources && !TryForgetSilent())
                {
                    counters.Count(NotificationFate.TooManySources);
                    return false;
                }

                source = new Source(options.BurstPerSource, clock.GetTimestamp());
                _sources.Add(address, source);
            }

            if (source.TryTake(options, clock))
            {
                return true;
            }

            counters.Count(NotificationFate.RateLimited);
            return false;
        }
    }

    /// <summary>True when there is one more to take than before; false when it took the place of an older one.</summary>
    public bool Put(SnmpNotification notification)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(notification.From.Address, out var source))
            {
                return false; // forgotten since: it was silent longer than everybody else
            }

            var isFull = source.Waiting.Count >= options.QueueLengthPerSource || (_count >= options.QueueLength && source.Waiting.Count > 0);
            if (isFull)
            {
                source.Waiting.Dequeue();
                _count--;
            }
            else if (_count >= options.QueueLength)
            {
                // All full and this source has nothing yet: the one whose turn it is gives up its oldest.
                DropOldestOf(_turns.Peek());
                isFull = true;
            }

            if (isFull)
            {
                counters.Count(NotificationFate.Overwritten);
            }

            source.Waiting.Enqueue(notification);
            _count++;
            if (!source.HasTurn)
            {
                source.HasTurn = true;
                _turns.Enqueue(source);
            }

            return !isFull;
        }
    }

    public bool TryTake([NotNullWhen(true)] out SnmpNotification? notification)
    {
        lock (_lock)
        {
            while (_turns.TryDequeue(out var source))
            {
                source.HasTurn = false;
                if (!source.Waiting.TryDequeue(out notification))
                {
                    continue;
                }

                _count--;
                if (source.Waiting.Count > 0)
                {
                    source.HasTurn = true;
                    _turns.Enqueue(source);
                }

                return true;
            }

            notification = null;
            return false;
        }
    }

    private void DropOldestOf(Source source)
    {
        source.Waiting.Dequeue();
        _count--;
        if (source.Waiting.Count == 0)
        {
            _turns.Dequeue();
            source.HasTurn = false;
        }
    }

    /// <summary>Forgets sources whose bucket is full again and that have nothing waiting: nothing is lost with them.</summary>
    private bool TryForgetSilent()
    {
        // Once a second: a flood of made-up sources must not make every datagram look at all of them.
        var now = clock.GetTimestamp();
        if (_looked is { } looked && clock.GetElapsedTime(looked, now) < TimeSpan.FromSeconds(1))
        {
            return false;
        }

        _looked = now;
        foreach (var (address, source) in _sources)
        {
            if (source.Waiting.Count == 0 && !source.HasTurn && source.IsRested(options, clock))
            {
                _sources.Remove(address);
            }
        }

        return _sources.Count < options.MaxSources;
    }

    private sealed class Source(double tokens, long since)
    {
        private double _tokens = tokens;
        private long _since = since;

        public Queue<SnmpNotification> Waiting { get; } = new();

        public bool HasTurn { get; set; }

        public bool TryTake(SnmpNotificationOptions options, TimeProvider clock)
        {
            Refill(options, clock);
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }

        public bool IsRested(SnmpNotificationOptions options, TimeProvider clock)
        {
            Refill(options, clock);
            return _tokens >= options.BurstPerSource;
        }

        private void Refill(SnmpNotificationOptions options, TimeProvider clock)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(options.BurstPerSource, _tokens + (clock.GetElapsedTime(_since, now).TotalSeconds * options.RatePerSource));
            _since = now;
        }
    }
}
