using System.Text;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>
/// The byte side of a terminal: the device itself echoes what is typed, ends lines with CRLF, edits the line and stops after each
/// page. Nothing leaves before it is flushed, which happens when input runs dry.
/// </summary>
internal sealed class TerminalIo(Stream stream, TimeProvider clock) : IDisposable
{
    private const int LongestLine = 510;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly byte[] _input = new byte[4096];
    private readonly MemoryStream _output = new();
    private int _at;
    private int _end;
    private bool _lastWasReturn;

    /// <summary>Asked when TAB is typed: the rest of the word. Null: TAB does nothing.</summary>
    public Func<string, string>? Complete { get; set; }

    /// <summary>Asked when ? is typed. Null: ? is a character like any other.</summary>
    public Func<string, IEnumerable<string>>? Help { get; set; }

    /// <summary>How long each byte takes on its way out; asked anew for every piece of output.</summary>
    public Func<TimeSpan> PerByte { get; init; } = () => TimeSpan.Zero;

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

    /// <summary>Reads a line and echoes it unless it is secret; null at the end of input. Ctrl+Z and Ctrl+C come as lines of their own.</summary>
    public async Task<string?> ReadLineAsync(string prompt, bool secret, CancellationToken ct)
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
                    if (!secret) Write("\b \b");
                    break;
                case '\t' when Complete is not null:
                    var rest = Complete(Encoding.UTF8.GetString([.. line]));
                    line.AddRange(Encoding.UTF8.GetBytes(rest));
                    Write(rest);
                    break;
                case '?' when Help is not null && !secret:
                    var typed = Encoding.UTF8.GetString([.. line]);
                    Write("?\r\n" + string.Concat(Help(typed).Select(word => $"  {word}\r\n")) + prompt + typed);
                    break;
                case >= 0x20 when line.Count < LongestLine:
                    line.Add((byte)read);
                    if (!secret) _output.WriteByte((byte)read);
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>Prints an answer, stopping after each page: blank for the next page, Enter for one line, anything else ends it.</summary>
    public async Task PrintAsync(IReadOnlyList<string> lines, Pager? pager, int pageLength, CancellationToken ct)
    {
        var left = pageLength;
        for (var i = 0; i < lines.Count; i++)
        {
            if (pager is not null && pageLength > 0 && left == 0)
            {
                Write(pager.More);
                var key = await ReadByteAsync(ct);
                Write(pager.Erase);
                var all = pager.All is { } whole && key == whole;
                if (!all && key is not (' ' or '\r')) return;
                left = all ? int.MaxValue : key == ' ' ? pageLength : 1;
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
            if (PerByte() is not { Ticks: > 0 } pause)
            {
                await stream.WriteAsync(bytes, ct);
                await stream.FlushAsync(ct);
                return;
            }

            for (var i = 0; i < bytes.Length; i++)
            {
                await Task.Delay(pause, clock, ct);
                await stream.WriteAsync(bytes.AsMemory(i, 1), ct);
                await stream.FlushAsync(ct);
            }
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
