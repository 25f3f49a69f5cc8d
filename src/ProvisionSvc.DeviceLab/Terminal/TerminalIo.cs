using System.Text;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>
/// The byte side of a terminal: the device itself echoes what is typed, ends lines with CRLF, edits the line and stops after each
/// page. Nothing leaves before it is flushed, which happens when input runs dry.
/// </summary>
internal sealed class TerminalIo(Stream stream) : IDisposable
{
    private const int LongestLine = 510;
    private const string More = "  ---- More ----";

    // Cursor back over the mark, blanks over it, and back again.
    private static readonly string Erase = $"\u001b[42D{new string(' ', 42)}\u001b[42D";

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _input = new byte[4096];
    private readonly MemoryStream _output = new();
    private int _at;
    private int _end;
    private bool _lastWasReturn;

    /// <summary>Asked when TAB or ? is typed; answers what to print or, for TAB, the rest of the word.</summary>
    public Func<string, string>? Complete { get; set; }

    public Func<string, IEnumerable<string>>? Help { get; set; }

    public void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Forgets what was not sent yet.</summary>
    public void Discard() => _output.SetLength(0);

    public async Task FlushAsync(CancellationToken ct)
    {
        if (_output.Length == 0) return;
        var bytes = _output.ToArray();
        _output.SetLength(0);
        await SendAsync(bytes, ct);
    }

    /// <summary>Sends at once, whatever the session is doing: an asynchronous log line.</summary>
    public Task InterruptAsync(string text, CancellationToken ct) => SendAsync(Encoding.UTF8.GetBytes(text), ct);

    /// <summary>Reads a line and echoes it; null at the end of input. Ctrl+Z and Ctrl+C come as lines of their own.</summary>
    public async Task<string?> ReadLineAsync(string prompt, CancellationToken ct)
    {
        var line = new List<byte>();
        while (await ReadByteAsync(ct) is >= 0 and var read)
        {
            var isFeed = read == '\n' && _lastWasReturn;
            _lastWasReturn = read == '\r';
            switch (read)
            {
                case '\n' when isFeed:
                    break;
                case '\r' or '\n':
                    Write("\r\n");
                    return Encoding.UTF8.GetString([.. line]);
                case 0x1A or 0x03:
                    Write("\r\n");
                    return ((char)read).ToString();
                case 0x08 or 0x7F:
                    if (line.Count == 0) break;
                    line.RemoveAt(line.Count - 1);
                    Write("\b \b");
                    break;
                case '\t':
                    var rest = Complete?.Invoke(Encoding.UTF8.GetString([.. line])) ?? "";
                    line.AddRange(Encoding.UTF8.GetBytes(rest));
                    Write(rest);
                    break;
                case '?':
                    var typed = Encoding.UTF8.GetString([.. line]);
                    Write("?\r\n" + string.Concat((Help?.Invoke(typed) ?? []).Select(word => $"  {word}\r\n")) + prompt + typed);
                    break;
                case >= 0x20 when line.Count < LongestLine:
                    line.Add((byte)read);
                    _output.WriteByte((byte)read);
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>Prints an answer, stopping after each page: blank for the next page, Enter for one line, anything else ends it.</summary>
    public async Task PrintAsync(IReadOnlyList<string> lines, int pageLength, CancellationToken ct)
    {
        var left = pageLength;
        for (var i = 0; i < lines.Count; i++)
        {
            if (pageLength > 0 && left == 0)
            {
                Write(More);
                var key = await ReadByteAsync(ct);
                Write(Erase);
                if (key is not (' ' or '\r')) return;
                left = key == ' ' ? pageLength : 1;
            }

            Write(lines[i] + "\r\n");
            left--;
        }
    }

    private async ValueTask<int> ReadByteAsync(CancellationToken ct)
    {
        if (_at == _end)
        {
            await FlushAsync(ct);
            (_at, _end) = (0, await stream.ReadAsync(_input, ct));
            if (_end == 0) return -1;
        }

        return _input[_at++];
    }

    private async Task SendAsync(byte[] bytes, CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await stream.WriteAsync(bytes, ct);
            await stream.FlushAsync(ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        _output.Dispose();
    }
}
