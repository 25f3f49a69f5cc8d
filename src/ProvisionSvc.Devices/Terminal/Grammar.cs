using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>A dialect's regular expressions, compiled once, and the questions that are asked of output with them. Pure.</summary>
internal sealed class Grammar
{
    /// <summary>A question's text, over all its lines.</summary>
    public const int LongestQuestion = 512;

    /// <summary>A prompt or a marker is short; a longer line is not looked at further.</summary>
    private const int LongestLine = 1024;

    private const string HostGroup = "(?<host>";
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);
    private static readonly ConditionalWeakTable<TerminalDialect, Grammar> Known = [];

    private readonly TerminalDialect _dialect;
    private readonly Regex[] _errors;
    private readonly Regex[] _harmless;
    private readonly Regex[] _logLines;
    private readonly Regex[] _sessionLimits;
    private readonly Regex? _lines;

    private Grammar(TerminalDialect dialect)
    {
        _dialect = dialect;
        Prompt = Anchored(dialect.Prompt);
        InitialPrompt = dialect.InitialPrompt is { } initial ? Anchored(initial) : Prompt;
        LoginPrompts = [.. dialect.Login.Select(step => step.Prompt is { } prompt ? Anchored(prompt) : null)];
        _errors = All(dialect.Errors);
        _harmless = All(dialect.Harmless);
        _logLines = All(dialect.LogLines);
        _sessionLimits = All(dialect.SessionLimits, RegexOptions.IgnoreCase);
        _lines = dialect.Lines is { } lines ? New(lines, RegexOptions.None) : null;
    }

    public Regex Prompt { get; }

    public Regex InitialPrompt { get; }

    public IReadOnlyList<Regex?> LoginPrompts { get; }

    public static Grammar Of(TerminalDialect dialect) => Known.GetValue(dialect, d => new Grammar(d));

    /// <summary>A question, matched against the end of the output.</summary>
    public static Regex Question(Dialogue dialogue) => New($"(?:{dialogue.When})[ \\t]*\\z", RegexOptions.None);

    /// <summary>The prompt in <paramref name="lastLine"/>, or null.</summary>
    public static Match? PromptIn(Regex prompt, ReadOnlySpan<char> lastLine) =>
        lastLine.Length is > 0 and <= LongestLine && prompt.IsMatch(lastLine) ? prompt.Match(lastLine.ToString()) : null;

    /// <summary>
    /// The prompt with the learnt hostname in place of the group <c>host</c>: the name itself, or its first characters where a device cuts it.
    /// Matching the name literally is what keeps <c>&lt;other&gt;</c> in a description and a hyphen in the hostname apart.
    /// </summary>
    public Regex PromptOf(string host)
    {
        if (host.Length == 0)
        {
            return Prompt;
        }

        var names = new StringBuilder(HostGroup).Append(Regex.Escape(host));
        for (var length = host.Length - 1; length >= Math.Max(1, _dialect.ShortestHost); length--)
        {
            names.Append('|').Append(Regex.Escape(host[..length]));
        }

        names.Append(')');
        var pattern = _dialect.Prompt;
        for (var group = pattern.IndexOf(HostGroup, StringComparison.Ordinal); group >= 0;)
        {
            var end = GroupEnd(pattern, group);
            pattern = $"{pattern[..group]}{names}{pattern[end..]}";
            group = pattern.IndexOf(HostGroup, group + names.Length, StringComparison.Ordinal);
        }

        return Anchored(pattern);
    }

    /// <summary>The output without the lines that the device prints on its own.</summary>
    public string WithoutLogLines(string output) =>
        !KnowsLogLines || output.Length == 0 ? output : string.Concat(Lines(output).Where(line => !IsLogLine(line)).Select(line => line + "\n"));

    public bool KnowsLogLines => _logLines.Length > 0;

    public bool IsLogLine(string line) => Finds(_logLines, line);

    /// <summary>The first line that says "rejected", or null.</summary>
    public string? ErrorIn(string output) =>
        _errors.Length == 0 ? null : Lines(output).FirstOrDefault(line => Finds(_errors, line) && !Finds(_harmless, line))?.Trim();

    public bool SaysSessionLimit(string banner) => Lines(banner).Any(line => Finds(_sessionLimits, line));

    /// <summary>What the banner says of the device's sessions, or null.</summary>
    public VtyLines? LinesIn(string banner) =>
        _lines?.Match(banner) is { Success: true } match && int.TryParse(match.Groups["max"].Value, out var max) && int.TryParse(match.Groups["used"].Value, out var used)
            ? new(max, used)
            : null;

    private static IEnumerable<string> Lines(string output) => output.EndsWith('\n') ? output[..^1].Split('\n') : output.Split('\n');

    private static bool Finds(Regex[] regexes, string line) => line.Length is > 0 and <= LongestLine && Array.Exists(regexes, r => r.IsMatch(line));

    private static Regex[] All(IEnumerable<string> patterns, RegexOptions options = RegexOptions.None) => [.. patterns.Select(p => New(p, options))];

    private static Regex Anchored(string pattern) => New($"\\A(?:{pattern})[ \\t]*\\z", RegexOptions.None);

    private static Regex New(string pattern, RegexOptions options) => new(pattern, options | RegexOptions.CultureInvariant, LongestMatch);

    private static int GroupEnd(string pattern, int start)
    {
        var depth = 0;
        var inSet = false;
        for (var i = start; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when !inSet:
                    inSet = true;
                    i += pattern.AsSpan(i + 1).StartsWith("^]") ? 2 : pattern.AsSpan(i + 1).StartsWith("]") ? 1 : 0;
                    break;
                case ']':
                    inSet = false;
                    break;
                case '(' when !inSet:
                    depth++;
                    break;
                case ')' when !inSet && --depth == 0:
                    return i + 1;
            }
        }

        throw new ArgumentException($"The prompt \"{pattern}\" has no end of its group \"host\".", nameof(pattern));
    }
}
