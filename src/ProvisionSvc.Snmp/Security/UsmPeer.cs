namespace ProvisionSvc.Snmp;

/// <summary>What became known about an agent's engine; most are alarms (reliability T5).</summary>
public enum SnmpEngineNews
{
    /// <summary>The engine proved for the first time who it is: worth pinning in the inventory.</summary>
    Learned,

    /// <summary>More boots than before: it was restarted.</summary>
    Rebooted,

    /// <summary>Alarm: it proved fewer boots, or less time, than before: reset to factory defaults, replaced by its twin, or restored. It is enrolled anew.</summary>
    BootsWentBack,

    /// <summary>Alarm: something at the agent's address claims another engine id than the pinned one: replaced hardware, or somebody in between. It is not believed.</summary>
    IdChanged,
}

/// <summary>News of an agent's engine, with what is known about it now.</summary>
public sealed record SnmpEngineEvent(System.Net.IPEndPoint Agent, SnmpEngineNews News, ReadOnlyMemory<byte> EngineId, int Boots)
{
    public override string ToString() => $"{News} at {Agent}: engine {Convert.ToHexString(EngineId.Span)}, boots {Boots}";
}

/// <summary>An agent's engine as seen from here (RFC 3414 §2.2, §2.3): its id, and its clock once that was proven. Guarded by its own lock.</summary>
internal sealed class UsmPeer(KeyMaker keyMaker, TimeProvider clock) : IDisposable
{
    private const int LeastEngineId = 5; // RFC 3411 §5
    private readonly Lock _lock = new();
    private byte[] _engineId = [];
    private UsmKeys? _keys;
    private int _boots;
    private int _time;
    private long _seen;
    private bool _hasClock;
    private bool _isProven;

    /// <summary>The engine's id as far as known, its estimated clock, and the user's keys there.</summary>
    public (byte[] EngineId, int Boots, int Time, UsmKeys? Keys) Now(SnmpV3Security security)
    {
        lock (_lock)
        {
            if (security.EngineId.Length > 0 && !security.EngineId.Span.SequenceEqual(_engineId))
            {
                Become(security.EngineId.ToArray());
            }

            if (!_hasClock && security.KnownBoots > 0)
            {
                // Enough to notice boots going back; the engine itself will tell the true ones.
                (_boots, _time, _seen, _hasClock) = (security.KnownBoots, 0, clock.GetTimestamp(), true);
            }

            if (_engineId.Length == 0)
            {
                return (_engineId, 0, 0, null);
            }

            if (_keys?.User != security.User)
            {
                // The one before may be in use right now: left to the collector.
                _keys = keyMaker.KeysOf(security.User, _engineId);
            }

            return (_engineId, _boots, _hasClock ? TimeNow() : 0, _keys);
        }
    }

    /// <summary>An engine id that nobody has proven, from a Report. True when it is taken: the first, or in place of one that was never proven either.</summary>
    public bool TryAdopt(ReadOnlySpan<byte> engineId, SnmpV3Security security, out bool isAlarm)
    {
        lock (_lock)
        {
            isAlarm = false;
            if (engineId.Length < LeastEngineId || engineId.SequenceEqual(_engineId))
            {
                return false;
            }

            if (_isProven || security.EngineId.Length > 0)
            {
                isAlarm = true;
                return false;
            }

            // Without authentication nothing will ever be proven: the change itself is all there is to tell.
            isAlarm = _engineId.Length > 0 && security.User.Level == SecurityLevel.NoAuthNoPriv;
            Become(engineId.ToArray());
            return true;
        }
    }

    /// <summary>An authentic Report about the time window: its clock is the true one, whatever was thought before (RFC 3414 §3.2 (7) b, and T5 where that would lock us out).</summary>
    public SnmpEngineNews? Synchronise(int boots, int time)
    {
        lock (_lock)
        {
            var isBack = _hasClock && (boots < _boots || (boots == _boots && time < TimeNow() - UsmClock.Window));
            return Take(boots, time, isBack ? SnmpEngineNews.BootsWentBack : null);
        }
    }

    /// <summary>An authentic answer: in the window or not (RFC 3414 §3.2 (7) b), and what it tells about the clock.</summary>
    public bool IsTimely(int boots, int time, out SnmpEngineNews? news)
    {
        lock (_lock)
        {
            news = null;
            if (boots == UsmClock.BootsLatched || (_hasClock && (boots < _boots || (boots == _boots && time < TimeNow() - UsmClock.Window))))
            {
                return false;
            }

            if (!_isProven || boots > _boots || time > TimeNow())
            {
                news = Take(boots, time, null);
            }

            return true;
        }
    }

    /// <summary>Starts from nothing, as for an agent never seen: the pin is dropped.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            Become([]);
        }
    }

    public void Dispose() => _keys?.Dispose();

    private SnmpEngineNews? Take(int boots, int time, SnmpEngineNews? news)
    {
        news ??= !_isProven ? SnmpEngineNews.Learned : boots > _boots ? SnmpEngineNews.Rebooted : null;
        (_boots, _time, _seen, _hasClock, _isProven) = (boots, time, clock.GetTimestamp(), true, true);
        return news;
    }

    private void Become(byte[] engineId)
    {
        (_engineId, _keys, _boots, _time, _hasClock, _isProven) = (engineId, null, 0, 0, false, false);
    }

    private int TimeNow() => (int)Math.Min(int.MaxValue, _time + (long)clock.GetElapsedTime(_seen).TotalSeconds);
}

/// <summary>The clock rules of USM.</summary>
internal static class UsmClock
{
    /// <summary>Seconds a message may be old (RFC 3414 §2.2.3).</summary>
    public const int Window = 150;

    /// <summary>Boots that can rise no further: such an engine must be given a new id (RFC 3414 §2.2.2).</summary>
    public const int BootsLatched = int.MaxValue;
}
