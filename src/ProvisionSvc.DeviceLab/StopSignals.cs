using System.Runtime.InteropServices;

namespace ProvisionSvc.DeviceLab;

/// <summary>What ends a command that runs on: SIGTERM, SIGINT, or the end of its input.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _stopped = new();
    private readonly PosixSignalRegistration _term;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    }

    public Task WaitAsync(CancellationToken ct) => Task.WhenAny(_stopped.Task, EndOfInputAsync(), Task.Delay(Timeout.Infinite, ct));

    public void Dispose()
    {
        _term.Dispose();
        _interrupt.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stopped.TrySetResult();
    }

    // A console read cannot be cancelled: it has a thread of its own, which ends with the process. Services and containers start with
    // /dev/null as input, whose end says nothing.
    private static Task EndOfInputAsync()
    {
        var ended = new TaskCompletionSource();
        if (File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false)?.FullName == "/dev/null") return ended.Task;
        new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            ended.TrySetResult();
        }) { IsBackground = true, Name = "end of input" }.Start();
        return ended.Task;
    }
}
