using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ProvisionSvc.DeviceLab.Ssh;

/// <summary>
/// Where the forced command arrives. Who it is for is read from the relay's own environment: the kernel names the process at the other
/// end of a unix socket, and sshd has put the connection's four numbers into its SSH_CONNECTION.
/// </summary>
internal sealed class RelayListener : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int PeerCredentials = 17;

    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<(int SshdPort, int ClientPort), Stream, CancellationToken, Task> _serve;
    private readonly Task _loop;
    private readonly Sessions _sessions = new();

    public RelayListener(string path, Func<(int SshdPort, int ClientPort), Stream, CancellationToken, Task> serve)
    {
        _serve = serve;
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(1024);
        _loop = RunAsync(_stop.Token);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            Socket relay;
            try
            {
                relay = await _listener.AcceptAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _sessions.Add(ServeAsync(relay, ct));
        }
    }

    private async Task ServeAsync(Socket relay, CancellationToken ct)
    {
        await using var stream = new NetworkStream(relay, ownsSocket: true);
        if (await ReadConnectionAsync(relay, ct) is { } connection) await _serve(connection, stream, ct);
    }

    /// <summary>Null when the relay has gone already: nobody is waiting then.</summary>
    private static async Task<(int SshdPort, int ClientPort)?> ReadConnectionAsync(Socket relay, CancellationToken ct)
    {
        var credentials = new byte[12];
        relay.GetRawSocketOption(SolSocket, PeerCredentials, credentials);
        try
        {
            var environment = await File.ReadAllBytesAsync($"/proc/{BitConverter.ToInt32(credentials)}/environ", ct);
            var words = Encoding.UTF8.GetString(environment).Split('\0')
                .FirstOrDefault(v => v.StartsWith("SSH_CONNECTION=", StringComparison.Ordinal))?["SSH_CONNECTION=".Length..].Split(' ');
            return words is [_, var client, _, var server]
                ? (int.Parse(server, CultureInfo.InvariantCulture), int.Parse(client, CultureInfo.InvariantCulture)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _sessions.EndAsync();
        _listener.Dispose();
        _stop.Dispose();
    }
}

/// <summary>Tasks that run until they are done; whoever started them waits for all at the end.</summary>
internal sealed class Sessions
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    public void Add(Task task)
    {
        lock (_gate) _running.Add(task);
        _ = task.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Remove(Task task)
    {
        lock (_gate) _running.Remove(task);
    }

    public async Task EndAsync()
    {
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }
}
