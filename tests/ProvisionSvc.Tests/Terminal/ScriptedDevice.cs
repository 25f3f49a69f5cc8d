using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Threading.Channels;
using ProvisionSvc.Core;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Terminal;

/// <summary>
/// A device at the other end of an in-process stream. Time stands still while it writes, and jumps to the session's next timer while it waits for
/// input: no test depends on how busy the machine is.
/// </summary>
internal sealed class ScriptedDevice : ITerminalTransport, IDeviceEnd
{
    public const string Prompt = "<SW-01>";

    private readonly Pipe _toSession = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Channel<byte> _toDevice = Channel.CreateUnbounded<byte>();
    private readonly Task _running;
    private volatile bool _left;

    public ScriptedDevice(Func<ScriptedDevice, Task> script) => _running = Task.Run(() => RunAsync(script));

    public static TerminalDialect Dialect { get; } = new()
    {
        Prompt = @"(?:<(?<host>[^<>\s]+)>|\[[~*]?(?<host>[^\[\]\s]+?)(?:-[^\[\]\s]+)?\])",
        Errors = ["^Error:", "^% "],
        Harmless = ["already been configured"],
        Pagers = [new Dialogue("---- More ----", " ", Enter: false)],
        LogLines = [@"^\w{3} +\d+ \d\d:\d\d:\d\d .*%%"],
        LoginDialogues = [new Dialogue(@"Change now\? \[Y/N\]:", "N")],
        Logout = ["quit"],
    };

    public static TerminalEndpoint Endpoint { get; } =
        new("sw-12", IPAddress.Loopback, 22, new TerminalLogin("operator", new Secret("hunter2-canary")), "SHA256:none");

    public VirtualClock Clock { get; } = new();

    /// <summary>Every line the device read, in order.</summary>
    public List<string> Read { get; } = [];

    /// <summary>How the device's writes are cut into pieces.</summary>
    public Func<int> ChunkSize { get; init; } = () => int.MaxValue;

    public PipeReader Output => _toSession.Reader;

    public int LocalPort => 40001;

    public string Ending { get; private set; } = "the device closed the session";

    public bool WasAborted { get; private set; }

    public Task<ITerminalSession> LoginAsync(TerminalDialect dialect, CancellationToken ct) => TerminalSession.LoginAsync(this, Endpoint, dialect, Clock, ct);

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var size = Math.Clamp(ChunkSize(), 1, bytes.Length - at);
            if ((await _toSession.Writer.WriteAsync(bytes.AsMemory(at, size))).IsCompleted)
            {
                throw new EndOfStreamException();
            }

            at += size;
        }
    }

    /// <summary>Says nothing for a while.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        while (!Clock.IsAnyoneWaiting)
        {
            EndIfLeft();
            await Task.Yield();
        }

        Clock.Advance(time);
    }

    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        for (var c = await ReadKeyAsync(); c != '\n'; c = await ReadKeyAsync())
        {
            line.Append(c);
        }

        Read.Add(line.ToString());
        return line.ToString();
    }

    public async Task<char> ReadKeyAsync()
    {
        while (true)
        {
            // A session that waits types nothing: first see that it waits, then that it typed nothing, only then let the time jump.
            var waits = Clock.IsAnyoneWaiting;
            if (_toDevice.Reader.TryRead(out var key))
            {
                return (char)key;
            }

            EndIfLeft();
            if (!waits || !Clock.FireNext())
            {
                await Task.Yield();
            }
        }
    }

    public void Close() => _toSession.Writer.Complete();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        foreach (var b in bytes.Span)
        {
            _toDevice.Writer.TryWrite(b);
        }

        return default;
    }

    public void Abort()
    {
        WasAborted = true;
        _left = true;
        _toSession.Reader.CancelPendingRead();
    }

    public async ValueTask DisposeAsync()
    {
        _left = true;
        await _toSession.Reader.CompleteAsync();
        await _running;
    }

    private void EndIfLeft()
    {
        if (_left)
        {
            throw new EndOfStreamException();
        }
    }

    private async Task RunAsync(Func<ScriptedDevice, Task> script)
    {
        try
        {
            await script(this);
        }
        catch (EndOfStreamException)
        {
            // The session hung up.
        }

        Close();
    }
}
