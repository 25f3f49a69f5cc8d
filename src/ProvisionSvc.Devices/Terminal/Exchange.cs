using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>One line on its way: what is typed, which prompt ends its answer, what may be asked meanwhile.</summary>
internal sealed class Exchange(string line, Regex prompt, IReadOnlyList<Dialogue> dialogues)
{
    /// <summary>A device that asks one thing again and again is not answered for ever. Pagers are: bytes and time bound them.</summary>
    private const int MostEqualAnswers = 4;

    private const int MostCharactersOfLogLines = 4096;

    private readonly (Dialogue Dialogue, Regex When)[] _dialogues = [.. dialogues.Select(d => (d, Grammar.Question(d)))];
    private readonly int[] _answered = new int[dialogues.Count];
    private (int Finished, string LastLine)? _lastQuestion;
    private int _searched = -1;

    public string Line => line;

    public required TimeSpan Deadline { get; init; }

    public required TimeSpan Settle { get; init; }

    /// <summary>What stood on the line when we typed.</summary>
    public string PromptBefore { get; init; } = "";

    /// <summary>Where the answer begins on the screen, or -1 while the echo is missing.</summary>
    public int AnswerStart { get; set; } = -1;

    /// <summary>Looks at the screen: is this the end, a question, or will more come?</summary>
    public Sight Look(TerminalScreen screen, Grammar grammar)
    {
        if (!HasEcho(screen))
        {
            return new Sight.More();
        }

        if (screen.LastLine.IsEmpty)
        {
            return grammar.KnowsLogLines && screen.FinishedLength > AnswerStart ? AboveLogLines(screen, grammar) : new Sight.More();
        }

        return Grammar.PromptIn(prompt, screen.LastLine) is { } match ? new Sight.AtPrompt(match, screen.FinishedLength) : Question(screen);
    }

    /// <summary>
    /// How long to wait for more. A look-alike of the prompt stands in output; where the prompt follows the echo at once there is none, and a fifth
    /// of the time is enough: most configuration lines answer nothing.
    /// </summary>
    public TimeSpan Patience(Sight sight, TimeSpan left) => sight switch
    {
        Sight.AtPrompt prompt when prompt.OutputEnd == AnswerStart && line.Length > 0 => Settle / 5,
        Sight.More => left,
        _ => Settle,
    };

    public void Answered(Sight.Asked asked, TerminalScreen screen)
    {
        _answered[asked.Index]++;
        _lastQuestion = (screen.FinishedLength, screen.LastLine.ToString());
    }

    private bool HasEcho(TerminalScreen screen)
    {
        if (AnswerStart < 0 && _searched != screen.FinishedLength)
        {
            _searched = screen.FinishedLength;
            AnswerStart = Echo.AnswerStart(screen.Text(0, Echo.SearchedCharacters), line, PromptBefore);
        }

        return AnswerStart >= 0;
    }

    private Sight Question(TerminalScreen screen)
    {
        // What stands above an answered question is no question any more, nor is the question itself until something follows it.
        var from = Math.Max(AnswerStart, _lastQuestion?.Finished ?? 0);
        if (_dialogues.Length == 0 || (_lastQuestion is { } last && last.Finished == screen.FinishedLength && screen.LastLine.SequenceEqual(last.LastLine)))
        {
            return new Sight.More();
        }

        var tail = screen.Text(Math.Max(from, screen.FinishedLength - Grammar.LongestQuestion));
        for (var i = 0; i < _dialogues.Length; i++)
        {
            var (dialogue, when) = _dialogues[i];
            if ((_answered[i] < MostEqualAnswers || !dialogue.Enter) && when.IsMatch(tail))
            {
                return dialogue.IsSecret && _answered[i] > 0 ? new Sight.Refused() : new Sight.Asked(i, dialogue);
            }
        }

        return new Sight.More();
    }

    /// <summary>Log lines may follow the prompt without a new one: the prompt is then the last line that is not a log line.</summary>
    private Sight AboveLogLines(TerminalScreen screen, Grammar grammar)
    {
        var from = Math.Max(AnswerStart, screen.FinishedLength - MostCharactersOfLogLines);
        var lines = screen.Finished(from)[..^1].Split('\n');
        var last = Array.FindLastIndex(lines, l => l.Length > 0 && !grammar.IsLogLine(l));
        return last >= 0 && lines.AsSpan(last + 1).ContainsAnyExcept("") && Grammar.PromptIn(prompt, lines[last]) is { } match
            ? new Sight.AtPrompt(match, from + lines.Take(last).Sum(l => l.Length + 1))
            : new Sight.More();
    }
}

/// <summary>What the screen shows.</summary>
internal abstract record Sight
{
    private Sight()
    {
    }

    public sealed record More : Sight;

    /// <summary>The answer ends at <paramref name="OutputEnd"/>.</summary>
    public sealed record AtPrompt(Match Prompt, int OutputEnd) : Sight;

    public sealed record Asked(int Index, Dialogue Dialogue) : Sight;

    /// <summary>A secret that was given is asked for again.</summary>
    public sealed record Refused : Sight;
}
