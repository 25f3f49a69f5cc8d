using System.IO.Pipelines;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>What listening for a while brought.</summary>
internal enum Heard
{
    Bytes,
    Silence,
    Ending,
}

/// <summary>Reads the device's bytes onto the screen, waiting no longer than told.</summary>
internal sealed class Listener : IDisposable
{
    private readonly PipeReader _input;
    private readonly TerminalScreen _screen;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public Listener(PipeReader input, TerminalScreen screen, TimeProvider clock)
    {
        (_input, _screen, _clock) = (input, screen, clock);
        _timer = clock.CreateTimer(static reader => ((PipeReader)reader!).CancelPendingRead(), input, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many bytes came since the last reset.</summary>
    public long Received { get; private set; }

    public void ResetCount() => Received = 0;

    public async ValueTask<Heard> ListenAsync(TimeSpan atMost, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var since = _clock.GetTimestamp();
        await using var cancelled = ct.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), _input);
        while (true)
        {
            var left = atMost - _clock.GetElapsedTime(since);
            _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            var read = await _input.ReadAsync(CancellationToken.None);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!read.Buffer.IsEmpty)
            {
                Received += read.Buffer.Length;
                _screen.Feed(read.Buffer);
                _input.AdvanceTo(read.Buffer.End);
                return Heard.Bytes;
            }

            if (read.IsCompleted)
            {
                return Heard.Ending;
            }

            // A timer that fired just as bytes came cancels the next read instead: only the clock says that the time is up.
            _input.AdvanceTo(read.Buffer.Start);
            ct.ThrowIfCancellationRequested();
            if (_clock.GetElapsedTime(since) >= atMost)
            {
                return Heard.Silence;
            }
        }
    }

    /// <summary>Takes what has already come, without waiting.</summary>
    public Heard Drain(int atMost)
    {
        ResetCount();
        while (Received <= atMost && _input.TryRead(out var read))
        {
            Received += read.Buffer.Length;
            _screen.Feed(read.Buffer);
            _input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return Heard.Ending;
            }

            if (read.IsCanceled && read.Buffer.IsEmpty)
            {
                continue;
            }
        }

        return Received == 0 ? Heard.Silence : Heard.Bytes;
    }

    public void Dispose() => _timer.Dispose();
}
