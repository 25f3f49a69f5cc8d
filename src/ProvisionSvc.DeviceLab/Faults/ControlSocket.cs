using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProvisionSvc.DeviceLab.Ssh;

namespace ProvisionSvc.DeviceLab.Faults;

/// <summary>Orders from outside the process: a line with a JSON array of words in, a line with the answer out.</summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Socket _listener;
    private readonly LabHost _lab;
    private readonly CancellationTokenSource _stop = new();
    private readonly Sessions _sessions = new();
    private readonly Task _loop;

    public ControlSocket(string path, LabHost lab)
    {
        (Path, _lab) = (path, lab);
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(64);
        _loop = RunAsync(_stop.Token);
    }

    public string Path { get; }

    /// <summary>The other side: sends words to a running lab and gives its answer line.</summary>
    public static async Task<(bool Ok, string Answer)> SendAsync(string path, IReadOnlyList<string> words, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        }
        catch (SocketException e)
        {
            throw new LabException($"No lab answers at {path}: {e.Message}.", e);
        }

        await using var stream = new NetworkStream(socket);
        await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
        await writer.WriteLineAsync(JsonSerializer.Serialize(words).AsMemory(), ct);
        using var reader = new StreamReader(stream, leaveOpen: true);
        var answer = await reader.ReadLineAsync(ct) ?? throw new LabException($"The lab at {path} hung up.");
        return (!answer.StartsWith("{\"error\"", StringComparison.Ordinal), answer);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true) _sessions.Add(ServeAsync(await _listener.AcceptAsync(ct), ct));
        }
        catch (OperationCanceledException)
        {
            // The lab stops.
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken ct)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
            while (await reader.ReadLineAsync(ct) is { } line) await writer.WriteLineAsync((await AnswerAsync(line, ct)).AsMemory(), ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The asker hung up, or the lab stops.
        }
    }

    private async Task<string> AnswerAsync(string line, CancellationToken ct)
    {
        try
        {
            var words = JsonSerializer.Deserialize<string[]>(line) ?? [];
            return JsonSerializer.Serialize(await ControlWords.RunAsync(_lab.Control, words, ct) ?? new { ok = true }, Format);
        }
        catch (Exception e) when (e is LabException or JsonException)
        {
            return JsonSerializer.Serialize(new { error = e.Message }, Format);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _sessions.EndAsync();
        _listener.Dispose();
        SocketPath.Forget(Path);
        _stop.Dispose();
    }
}
