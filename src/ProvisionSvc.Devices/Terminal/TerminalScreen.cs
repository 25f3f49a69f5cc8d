using System.Buffers;
using System.Text;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>
/// Turns a device's bytes into text, one byte at a time, so that it never matters how the bytes were cut. Keeps what a person would see:
/// carriage returns, backspaces and cursor moves rewrite the line under the cursor; colours, bells and other escape sequences vanish.
/// </summary>
internal sealed class TerminalScreen
{
    private const int WidestLine = 16 * 1024;

    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _finished = new();
    private char[] _line = new char[256];
    private int _length;
    private int _column;
    private Escape _escape;
    private int _parameter;

    private enum Escape
    {
        None,
        Started,
        Intermediate,
        Csi,
        Text,
        TextEscape,
    }

    /// <summary>The line under the cursor.</summary>
    public ReadOnlySpan<char> LastLine => _line.AsSpan(0, _length);

    /// <summary>How many characters the finished lines have, line feeds included.</summary>
    public int FinishedLength => _finished.Length;

    public void Feed(in ReadOnlySequence<byte> bytes)
    {
        Span<char> chars = stackalloc char[512];
        foreach (var segment in bytes)
        {
            var rest = segment.Span;
            while (!rest.IsEmpty)
            {
                _utf8.Convert(rest, chars, flush: false, out var used, out var made, out _);
                foreach (var c in chars[..made])
                {
                    Put(c);
                }

                rest = rest[used..];
            }
        }
    }

    /// <summary>The text from <paramref name="start"/> on: finished lines and the line under the cursor, at most <paramref name="limit"/> characters.</summary>
    public string Text(int start = 0, int limit = int.MaxValue)
    {
        var finished = Math.Min(_finished.Length - start, limit);
        return finished == limit ? _finished.ToString(start, limit) : _finished.ToString(start, finished) + LastLine[..Math.Min(_length, limit - finished)].ToString();
    }

    /// <summary>The finished lines from <paramref name="start"/> on, without the line under the cursor.</summary>
    public string Finished(int start) => _finished.ToString(start, _finished.Length - start);

    /// <summary>Forgets the finished lines; the line under the cursor (the prompt that we type after) stays.</summary>
    public void Forget() => _finished.Clear();

    /// <summary>Forgets everything: where nothing is echoed, what stood there is not part of what follows.</summary>
    public void Clear()
    {
        _finished.Clear();
        _length = _column = 0;
    }

    private void Put(char c)
    {
        switch (_escape)
        {
            case Escape.None:
                Plain(c);
                break;
            case Escape.Started:
                _parameter = -1;
                _escape = c switch
                {
                    '[' => Escape.Csi,
                    ']' or 'P' or 'X' or '^' or '_' => Escape.Text,
                    >= ' ' and <= '/' => Escape.Intermediate,
                    _ => Escape.None,
                };
                break;
            case Escape.Intermediate:
                _escape = c is >= ' ' and <= '/' ? Escape.Intermediate : Escape.None;
                break;
            case Escape.Csi:
                Csi(c);
                break;
            case Escape.Text:
                _escape = c switch { '\a' => Escape.None, '\e' => Escape.TextEscape, '\n' => Escape.None, _ => Escape.Text };
                break;
            default:
                _escape = c == '\\' ? Escape.None : Escape.Text;
                break;
        }
    }

    private void Plain(char c)
    {
        switch (c)
        {
            case '\n':
                _finished.Append(_line.AsSpan(0, _length).TrimEnd(' ')).Append('\n');
                _length = _column = 0;
                break;
            case '\r':
                _column = 0;
                break;
            case '\b':
                _column = Math.Max(0, _column - 1);
                break;
            case '\e':
                _escape = Escape.Started;
                break;
            case '\t' or (>= ' ' and < '\u007f') or > '\u009f' when !IsInvisible(c):
                Write(c);
                break;
        }
    }

    /// <summary>Line separators and writing-direction overrides can make a line look like another one.</summary>
    private static bool IsInvisible(char c) => c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';

    private void Write(char c)
    {
        if (_column == WidestLine)
        {
            Plain('\n');
        }

        if (_column == _length)
        {
            if (_length == _line.Length)
            {
                Array.Resize(ref _line, _length * 2);
            }

            _length++;
        }

        _line[_column++] = c;
    }

    private void Csi(char c)
    {
        if (char.IsAsciiDigit(c))
        {
            _parameter = Math.Min(9999, (Math.Max(_parameter, 0) * 10) + c - '0');
            return;
        }

        if (c is < '@' or > '~')
        {
            // Further parameters do not matter to us; a control character ends a broken sequence.
            _escape = c < ' ' ? Escape.None : Escape.Csi;
            if (c < ' ')
            {
                Plain(c);
            }

            return;
        }

        _escape = Escape.None;
        var count = Math.Max(_parameter, 1);
        switch (c)
        {
            case 'D':
                _column = Math.Max(0, _column - count);
                break;
            case 'C':
                _column = Math.Min(_length, _column + count);
                break;
            case 'G':
                _column = Math.Min(_length, count - 1);
                break;
            case 'K' when _parameter == 2:
                _length = _column = 0;
                break;
            case 'K' or 'J' when _parameter <= 0:
                _length = Math.Min(_length, _column);
                break;
        }
    }
}
