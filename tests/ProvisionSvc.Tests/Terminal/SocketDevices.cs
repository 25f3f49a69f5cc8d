using System.Net.Sockets;
using System.Text;

namespace ProvisionSvc.Tests.Terminal;

/// <summary>
/// Devices behind a socket of the file system, one per connection: a real sshd whose forced command connects its sessions to it is then what the sessions meet.
/// </summary>
internal sealed class SocketDevices : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    /// <param name="device">Runs one device until its session hangs up.</param>
    public SocketDevices(string path, Func<IDeviceEnd, Task> device)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(1000);
        _accepting = AcceptAsync(device);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync(Func<IDeviceEnd, Task> device)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(RunAsync(await _listener.AcceptAsync(_end.Token), device));
                running.RemoveAll(r => r.IsCompletedSuccessfully);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunAsync(Socket socket, Func<IDeviceEnd, Task> device)
    {
        using (socket)
        {
            try
            {
                await device(new End(socket, _end.Token));
            }
            catch (Exception e) when (e is EndOfStreamException or SocketException or OperationCanceledException)
            {
                // The session hung up, or everything ends.
            }
        }
    }

    private sealed class End(Socket socket, CancellationToken ct) : IDeviceEnd
    {
        private readonly byte[] _read = new byte[256];
        private int _at;
        private int _filled;

        public async Task WriteAsync(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), ct);
            }
        }

        public Task PauseAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System, ct);

        public async Task<string> ReadLineAsync()
        {
            var line = new StringBuilder();
            for (var c = await ReadKeyAsync(); c != '\n'; c = await ReadKeyAsync())
            {
                line.Append(c);
            }

            return line.ToString();
        }

        public async Task<char> ReadKeyAsync()
        {
            if (_at == _filled)
            {
                (_at, _filled) = (0, await socket.ReceiveAsync(_read, ct));
                if (_filled == 0)
                {
                    throw new EndOfStreamException();
                }
            }

            return (char)_read[_at++];
        }
    }
}
