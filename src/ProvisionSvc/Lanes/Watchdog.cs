using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace ProvisionSvc.Lanes;

/// <summary>
/// Ends the process when the lane loop has gone silent (no thread left to run it, or a hang): a worker that limps keeps its claims from nobody, but its
/// supervisor should start it again (F52). On a thread of its own, by the monotonic clock. A process that was stopped as a whole and goes on is not silent: of each of
/// its own pauses the watchdog counts no more than one look.
/// </summary>
internal sealed class Watchdog(IOptions<LaneOptions> options) : IHostedService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private volatile bool _isOver;
    private long _beats;

    /// <summary>The lane loop lives.</summary>
    public void Beat() => Interlocked.Increment(ref _beats);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.WatchdogAfter > TimeSpan.Zero)
        {
            new Thread(Watch) { IsBackground = true, Name = "watchdog", Priority = ThreadPriority.AboveNormal }.Start();
        }

        return Task.CompletedTask;
    }

    /// <summary>A loop that is told to end falls silent.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _isOver = true;
        return Task.CompletedTask;
    }

    private void Watch()
    {
        var (silent, seen, looked) = (TimeSpan.Zero, Interlocked.Read(ref _beats), Stopwatch.GetTimestamp());
        while (!_isOver)
        {
#pragma warning disable RS0030 // A thread of its own: it must not need the pool that it watches.
            Thread.Sleep(Look);
#pragma warning restore RS0030
            var (beats, passed) = (Interlocked.Read(ref _beats), Stopwatch.GetElapsedTime(looked));
            looked = Stopwatch.GetTimestamp();
            silent = beats != seen ? TimeSpan.Zero : silent + (passed < Look * 2 ? passed : Look);
            seen = beats;
            if (silent >= options.Value.WatchdogAfter)
            {
                End(silent);
            }
        }
    }

    /// <summary>Without an orderly end, which would need the threads that are missing, and without a dump, which would hold secrets.</summary>
    private static void End(TimeSpan silent)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"provisionsvc watchdog: the lane loop has been silent for {silent.TotalSeconds:0} s (threads {ThreadPool.ThreadCount}, work queued {ThreadPool.PendingWorkItemCount}); this process ends, its supervisor starts it again"));
        Console.Error.Flush();
        Process.GetCurrentProcess().Kill();
    }
}
