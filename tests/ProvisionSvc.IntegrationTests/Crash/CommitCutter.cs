using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>
/// Stands between the service and PostgreSQL and passes everything on, except that of some COMMITs the answer is swallowed and the connection cut: the
/// transaction is kept, and whoever committed it cannot know (F15, T24). Told to be silent it passes nothing in either direction, and nobody is told (F21).
/// </summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _socket;
    private readonly Random _random;
    private readonly Task _loop;
    private readonly Lock _gate = new();
    private volatile TaskCompletionSource? _silence;
    private int _cut;
    private int _commits;

    /// <param name="database">Connection string of a server on a unix socket.</param>
    /// <param name="seed">Chooses which answers are lost; nothing secret.</param>
    public CommitCutter(string database, int seed)
    {
        var upstream = new NpgsqlConnectionStringBuilder(database);
        _socket = $"{upstream.Host}/.s.PGSQL.5432";
        _random = new Random(seed);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        upstream.Host = "127.0.0.1";
        upstream.Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        upstream.SslMode = SslMode.Disable;
        upstream.GssEncryptionMode = GssEncryptionMode.Disable;
        ConnectionString = upstream.ConnectionString;
        _loop = AcceptAsync(_stop.Token);
    }

    /// <summary>The way through here.</summary>
    public string ConnectionString { get; }

    /// <summary>The share of COMMIT answers that are lost, 0..1; 0 at first.</summary>
    public double Share { get; set; }

    /// <summary>From here on nothing passes, as behind a firewall that drops; connections stay open.</summary>
    public void FallSilent() => _silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held back passes now.</summary>
    public void Speak()
    {
        var silence = _silence;
        _silence = null;
        silence?.TrySetResult();
    }

    public int Cut => _cut;

    public int Commits => _commits;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Speak();
        _listener.Dispose();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken ct)
    {
        while (true)
        {
            var client = await _listener.AcceptAsync(ct);
            _ = RelayAsync(client, ct);
        }
    }

    private async Task RelayAsync(Socket client, CancellationToken ct)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_socket), ct);
                await using var near = new NetworkStream(client);
                await using var far = new NetworkStream(server);
                await Task.WhenAny(QuestionsAsync(near, far, ct), AnswersAsync(far, near, ct));
            }
            catch (Exception over) when (over is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone, the other is closed with it.
            }
        }
    }

    private async Task QuestionsAsync(Stream client, Stream server, CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        int length;
        while ((length = await client.ReadAsync(buffer, ct)) > 0)
        {
            await HeardAsync(ct);
            await server.WriteAsync(buffer.AsMemory(0, length), ct);
        }
    }

    private Task HeardAsync(CancellationToken ct) => _silence?.Task.WaitAsync(ct) ?? Task.CompletedTask;

    /// <summary>Server to client, message by message: a type, a length that counts itself, a body.</summary>
    private async Task AnswersAsync(Stream server, Stream client, CancellationToken ct)
    {
        var head = new byte[5];
        while (true)
        {
            await server.ReadExactlyAsync(head, ct);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body, ct);
            if (head[0] == 'C' && Encoding.ASCII.GetString(body) == "COMMIT\0" && Loses())
            {
                return;
            }

            await HeardAsync(ct);
            await client.WriteAsync((byte[])[.. head, .. body], ct);
        }
    }

    private bool Loses()
    {
        lock (_gate)
        {
            if (Share == 0)
            {
                return false;
            }

            _commits++;
            if (_random.NextDouble() >= Share)
            {
                return false;
            }

            _cut++;
            return true;
        }
    }
}
