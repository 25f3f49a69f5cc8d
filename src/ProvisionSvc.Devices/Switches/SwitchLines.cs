using System.Collections.Concurrent;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>
/// A switch has few terminal sessions, and people need them too. This process has at most one of them at a time, and knocks at none where the last login
/// found that ours would be the last one.
/// </summary>
internal sealed class SwitchLines(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Somebody else may have left since; the next order is not due again before that anyway.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<string, Entry> _switches = new(StringComparer.Ordinal);

    /// <summary>Waits for our own other session on this switch to end. Dispose what is returned when the session has ended.</summary>
    /// <exception cref="DeviceException">SessionLimit: it does not end, or all sessions were just seen taken.</exception>
    public async Task<IDisposable> TakeAsync(string switchName, CancellationToken ct)
    {
        var entry = _switches.GetOrAdd(switchName, _ => new Entry());
        if (!await entry.Turn.WaitAsync(Patience, ct))
        {
            throw new DeviceException(DeviceFault.SessionLimit, $"{switchName}: another session of ours has been open for {Patience.TotalSeconds:0} s; one at a time is all we take.");
        }

        if (entry.FullSince is { } since && clock.GetElapsedTime(since) < Memory)
        {
            entry.Turn.Release();
            throw new DeviceException(DeviceFault.SessionLimit, $"{switchName} was seen a moment ago without a terminal session to spare.");
        }

        entry.FullSince = null;
        return new Turn(entry);
    }

    /// <summary>The login found no session free but the one it took.</summary>
    public void Full(string switchName) => _switches[switchName].FullSince = clock.GetTimestamp();

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public long? FullSince { get; set; }
    }

    private sealed class Turn(Entry entry) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                entry.Turn.Release();
            }
        }
    }
}
