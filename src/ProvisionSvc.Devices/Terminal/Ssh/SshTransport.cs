using System.Buffers;
using System.IO.Pipelines;
using Renci.SshNet;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>A shell channel of SSH.NET as a bounded pipe.</summary>
internal sealed class SshTransport : ITerminalTransport
{
    // Columns: no echo may wrap. Rows: fewer pagers where the device takes the number.
    private const int Columns = 511;
    private const int Rows = 1000;
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(1);

    private readonly SshClient _client;
    private readonly SessionTap _tap;
    private readonly ShellStream _shell;
    private readonly Pipe _pipe;
    private readonly Lock _pumping = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _ended;

    private SshTransport(SshClient client, SessionTap tap, string terminalType, int mostUnread)
    {
        (_client, _tap) = (client, tap);
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: mostUnread, resumeWriterThreshold: mostUnread / 2, useSynchronizationContext: false));
        using (tap.AcknowledgeEagerly())
        {
            _shell = client.CreateShellStream(terminalType, Columns, Rows, 0, 0, _buffer.Length);
        }

        _shell.DataReceived += (_, _) => Pump();
        _shell.Closed += (_, _) => End("the device closed the session");
        _shell.ErrorOccurred += (_, e) => End($"the connection broke ({e.Exception.Message})");
        _tap.Disconnected = () => End("the device closed the connection");
        Pump();
    }

    public PipeReader Output => _pipe.Reader;

    public int LocalPort => _tap.LocalPort;

    public string Ending { get; private set; } = "the session was cut";

    /// <summary>Opens the shell of a connected client. Blocks.</summary>
    public static SshTransport Open(SshClient client, SessionTap tap, TerminalDialect dialect) => new(client, tap, dialect.TerminalType, dialect.MaxOutputBytes + 1);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        // The library blocks while the peer's window or our send buffer is full.
        var write = Task.Run(
            () =>
            {
                _shell.Write(bytes.Span);
                _shell.Flush();
            },
            ct);
        try
        {
            await write.WaitAsync(ct);
        }
        catch (Exception e) when (e is Renci.SshNet.Common.SshException or System.Net.Sockets.SocketException or ObjectDisposedException or NullReferenceException)
        {
            // A connection that closes under a write shows itself in any of these ways.
            throw new IOException(e.Message, e);
        }
    }

    public void Abort()
    {
        lock (_pumping)
        {
            Finish("the session was cut");
        }

        _tap.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        var closing = Task.Run(() =>
        {
            _shell.Dispose();
            _client.Dispose();
            _tap.Detour?.Leave();
        });
        try
        {
            await closing.WaitAsync(ClosingTime);
        }
        catch (TimeoutException)
        {
            _tap.Cut(); // What still blocks ends with the socket.
        }

        Abort();
        await _pipe.Reader.CompleteAsync();
    }

    /// <summary>
    /// Takes the bytes out of the library's own buffer, which has no bound, on the library's receiving thread, and thereby before it can receive more.
    /// </summary>
    private void Pump()
    {
        lock (_pumping)
        {
            while (!_ended && _shell.DataAvailable)
            {
                var count = _shell.Read(_buffer, 0, _buffer.Length);
                _pipe.Writer.Write(_buffer.AsSpan(0, count));
                var flushed = _pipe.Writer.FlushAsync();
                if (!flushed.IsCompleted)
                {
                    Finish("the device sent more than anybody asked for");
                    _tap.Cut();
                }
            }
        }
    }

    private void End(string why)
    {
        lock (_pumping)
        {
            Pump();
            Finish(why);
        }
    }

    private void Finish(string why)
    {
        if (!_ended)
        {
            Ending = why;
            _ended = true;
            _pipe.Writer.Complete();
        }
    }
}
