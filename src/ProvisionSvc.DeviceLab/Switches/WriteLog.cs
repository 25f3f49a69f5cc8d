using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>What an entry of the lab's log tells.</summary>
public enum LogKind
{
    /// <summary>A terminal session began.</summary>
    Open,

    /// <summary>A terminal session ended.</summary>
    Close,

    /// <summary>A line was executed or refused and configured nothing.</summary>
    Line,

    /// <summary>Something was written, even to the value it had. One line may write several fields: they share session and line number.</summary>
    Write,

    /// <summary>The switch started again with its startup configuration.</summary>
    Boot,
}

/// <summary>One thing that happened to a switch, in the order in which it took effect.</summary>
public sealed record LogEntry(long Sequence, DateTimeOffset Time, string Switch, string Session, string Channel, LogKind Kind)
{
    /// <summary>The client's end of the connection: joins a session with the service's journal.</summary>
    public string? Client { get; init; }

    /// <summary>The number of the line in its session, from 1.</summary>
    public int? LineNumber { get; init; }

    public string? Line { get; init; }

    public string? Oid { get; init; }

    public string? Port { get; init; }

    public string? Field { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>accepted, rejected, or ignored (told to accept without effect).</summary>
    public string Result { get; init; } = "accepted";
}

/// <summary>Who did it and how; the log's constant part within a line or a SET.</summary>
public sealed record Origin(string Session, string Channel, string? Client = null)
{
    public int? LineNumber { get; init; }

    public string? Line { get; init; }

    public string? Oid { get; init; }
}

/// <summary>
/// The lab's own record of every write, line and session, as JSON lines in a file and in memory. A harness compares it with what the
/// service believes it did. Memory keeps the newest 200,000 entries; the file keeps all.
/// </summary>
public sealed class WriteLog : IDisposable
{
    private const int Kept = 200_000;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new();
    private readonly StreamWriter _file;
    private readonly TimeProvider _clock;
    private long _sequence;
    private long _sessions;
    private bool _closed;

    public WriteLog(string path, TimeProvider clock)
    {
        Path = path;
        _clock = clock;
        // Entries are numbered on from an earlier run; there are never more sessions than entries, so session names stay unique too.
        if (File.Exists(path)) _sequence = _sessions = File.ReadLines(path).LongCount();
        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
    }

    public string Path { get; }

    /// <summary>Everything kept in memory, oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    /// <summary>The writes of one switch, oldest first.</summary>
    public IReadOnlyList<LogEntry> WritesOf(string switchName) => [.. Entries.Where(e => e.Kind == LogKind.Write && e.Switch == switchName)];

    internal string NewSession(string kind) => $"{kind}-{Interlocked.Increment(ref _sessions)}";

    internal void Append(string switchName, LogKind kind, Origin origin, Func<LogEntry, LogEntry>? describe = null)
    {
        lock (_gate)
        {
            // A session may end after the lab was closed; its last word has nowhere to go.
            if (_closed) return;
            var entry = new LogEntry(++_sequence, _clock.GetUtcNow(), switchName, origin.Session, origin.Channel, kind)
            {
                Client = origin.Client,
                LineNumber = origin.LineNumber,
                Line = origin.Line,
                Oid = origin.Oid,
            };
            entry = describe?.Invoke(entry) ?? entry;
            _entries.Enqueue(entry);
            if (_entries.Count > Kept) _entries.Dequeue();
            _file.WriteLine(JsonSerializer.Serialize(entry, Format));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
        }
    }
}
