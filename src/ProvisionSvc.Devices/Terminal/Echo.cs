namespace ProvisionSvc.Devices.Terminal;

/// <summary>Finds the echo of a sent line in what came back: only what follows it is the line's answer.</summary>
internal static class Echo
{
    /// <summary>An echo stands near the beginning; further down nobody looks for it.</summary>
    public const int SearchedCharacters = 8 * 1024;

    private const int MostLogLinesWithin = 8;

    /// <summary>
    /// Where the answer to <paramref name="sent"/> begins in <paramref name="text"/>, or -1. The echo is a line of its own or follows <paramref name="prompt"/>,
    /// the text that stood there when the line was sent. A terminal may have wrapped it, and log lines may have cut into it.
    /// </summary>
    public static int AnswerStart(ReadOnlySpan<char> text, ReadOnlySpan<char> sent, ReadOnlySpan<char> prompt)
    {
        for (var line = 0; line < text.Length; line = NextLine(text, line))
        {
            if (text[line..].StartsWith(prompt) && Match(text, Begin(text, line + prompt.Length, sent), sent, MostLogLinesWithin) is >= 0 and var afterPrompt)
            {
                return afterPrompt;
            }

            if (Match(text, line, sent, MostLogLinesWithin) is >= 0 and var alone)
            {
                return alone;
            }
        }

        return -1;
    }

    /// <summary>The blank at the end of a prompt may come late: after the prompt was known by what stands before it, and after we typed.</summary>
    private static int Begin(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> sent)
    {
        while (!sent.StartsWith(" ") && at < text.Length && text[at] == ' ')
        {
            at++;
        }

        return at;
    }

    private static int Match(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> sent, int logLinesLeft)
    {
        var begun = false;
        while (!sent.IsEmpty)
        {
            if (at >= text.Length)
            {
                return -1;
            }

            if (text[at] == sent[0])
            {
                begun = true;
                at++;
                sent = sent[1..];
            }
            else if (text[at] != '\n' || !begun)
            {
                return -1;
            }
            else
            {
                return AfterBreak(text, at + 1, sent, logLinesLeft);
            }
        }

        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        return at < text.Length && text[at] == '\n' ? at + 1 : -1;
    }

    /// <summary>The echo broke off at a line's end: it goes on in the next line (wrapped), or after some lines that are not ours (cut in).</summary>
    private static int AfterBreak(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> sent, int logLinesLeft)
    {
        for (; logLinesLeft >= 0 && at < text.Length; logLinesLeft--, at = NextLine(text, at))
        {
            // Blanks before the break are not kept by the screen.
            if (Match(text, at, sent, logLinesLeft - 1) is >= 0 and var found)
            {
                return found;
            }

            if (sent[0] == ' ' && Match(text, at, sent.TrimStart(' '), logLinesLeft - 1) is >= 0 and var trimmed)
            {
                return trimmed;
            }
        }

        return -1;
    }

    private static int NextLine(ReadOnlySpan<char> text, int at)
    {
        var end = text[at..].IndexOf('\n');
        return end < 0 ? text.Length : at + end + 1;
    }
}
