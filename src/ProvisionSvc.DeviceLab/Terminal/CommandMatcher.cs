using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>Where a session of a command line may stand. A family uses the ones that it has.</summary>
[Flags]
internal enum Mode
{
    /// <summary>After login.</summary>
    User = 1,

    /// <summary>After <c>enable</c>.</summary>
    Enabled = 2,
    Configure = 4,
    Interface = 8,
    Vlan = 16,

    /// <summary>ZXR10 keeps switching in a mode of its own, with VLANs and interfaces below it.</summary>
    SwitchVlan = 32,
    SwitchVlanInterface = 64,
    SwitchVlanVlan = 128,

    Configuration = Configure | Interface | Vlan | SwitchVlan | SwitchVlanInterface | SwitchVlanVlan,
    All = User | Enabled | Configuration,
}

/// <summary>
/// One command as a row of words: keywords; <c>&lt;vlan&gt;</c>, <c>&lt;kbps&gt;</c>, <c>&lt;bytes&gt;</c>, <c>&lt;number&gt;</c> for a number in its range;
/// <c>&lt;vlans&gt;</c> for a list with commas and hyphens; <c>&lt;word&gt;</c> for any one word; <c>&lt;rest&gt;</c> for everything up to the end of the line.
/// </summary>
internal sealed record Command(Mode Modes, string Pattern, Action<CommandContext> Run)
{
    public string[] Words { get; } = Pattern.Split(' ');
}

/// <summary>A word of a line and the column where it begins.</summary>
internal readonly record struct Token(string Text, int Column);

/// <summary>What can be wrong with a line before it is carried out; each family has its own words for it.</summary>
internal enum Misfit
{
    Unrecognized,
    Incomplete,
    Ambiguous,
    TooMany,
    WrongParameter,
}

/// <summary>What the device makes of a line before it carries it out.</summary>
internal abstract record Match
{
    private Match()
    {
    }

    public sealed record Found(Command Command, IReadOnlyList<Token> Arguments) : Match;

    /// <summary>What is wrong, and the column under which a caret would stand.</summary>
    public sealed record Wrong(Misfit Misfit, int Column) : Match;
}

/// <summary>Finds the command that a line means: keywords may be shortened as long as only one fits at that place.</summary>
internal static class CommandMatcher
{
    public static List<Token> Split(string line)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < line.Length;)
        {
            if (line[i] is ' ' or '\t')
            {
                i++;
                continue;
            }

            var start = i;
            while (i < line.Length && line[i] is not (' ' or '\t')) i++;
            tokens.Add(new Token(line[start..i], start));
        }

        return tokens;
    }

    public static Match Find(IReadOnlyList<Command> commands, string line)
    {
        var tokens = Split(line);
        var alive = commands;
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            var open = alive.Where(c => c.Words.Length > at).ToList();
            if (open.Count == 0) return new Match.Wrong(Misfit.TooMany, token.Column);

            var keywords = KeywordsAt(open, at, token.Text);
            if (keywords.Count > 1) return new Match.Wrong(Misfit.Ambiguous, token.Column);
            if (keywords.Count == 1)
            {
                alive = [.. open.Where(c => c.Words[at] == keywords[0])];
                continue;
            }

            if (open.FirstOrDefault(c => c.Words[at] == "<rest>") is { } rest)
            {
                return new Match.Found(rest, [.. Parameters(rest, tokens, at), new Token(line[token.Column..].TrimEnd(), token.Column)]);
            }

            alive = [.. open.Where(c => IsParameter(c.Words[at]) && Fits(c.Words[at], token.Text))];
            if (alive.Count == 0)
            {
                return new Match.Wrong(open.Any(c => IsParameter(c.Words[at])) ? Misfit.WrongParameter : Misfit.Unrecognized, token.Column);
            }
        }

        return alive.FirstOrDefault(c => c.Words.Length == tokens.Count) is { } found
            ? new Match.Found(found, Parameters(found, tokens, tokens.Count))
            : new Match.Wrong(Misfit.Incomplete, line.TrimEnd().Length);
    }

    /// <summary>What may stand where the line ends: for help and completion.</summary>
    public static IReadOnlyList<string> Next(IReadOnlyList<Command> commands, string line)
    {
        var tokens = Split(line);
        var partial = line.Length > 0 && line[^1] != ' ' && tokens.Count > 0 ? tokens[^1].Text : "";
        var before = partial.Length > 0 ? tokens[..^1] : tokens;
        var alive = commands.ToList();
        for (var at = 0; at < before.Count; at++)
        {
            var open = alive.Where(c => c.Words.Length > at).ToList();
            var keywords = KeywordsAt(open, at, before[at].Text);
            alive = keywords.Count > 0
                ? [.. open.Where(c => keywords.Contains(c.Words[at]))]
                : [.. open.Where(c => IsParameter(c.Words[at]) && Fits(c.Words[at], before[at].Text))];
        }

        return [.. alive.Select(c => c.Words.Length > before.Count ? c.Words[before.Count] : "<cr>")
            .Where(w => w.StartsWith(partial, StringComparison.OrdinalIgnoreCase) || (partial.Length > 0 && IsParameter(w)))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static List<string> KeywordsAt(IEnumerable<Command> commands, int at, string text)
    {
        var words = commands.Select(c => c.Words[at]).Where(w => !IsParameter(w)).Distinct(StringComparer.Ordinal).ToList();
        var exact = words.Where(w => w.Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return exact.Count > 0 ? exact : [.. words.Where(w => w.StartsWith(text, StringComparison.OrdinalIgnoreCase))];
    }

    private static List<Token> Parameters(Command command, List<Token> tokens, int count) =>
        [.. tokens.Take(count).Where((_, i) => IsParameter(command.Words[i]))];

    private static bool IsParameter(string word) => word[0] == '<';

    private static bool Fits(string parameter, string text) => parameter switch
    {
        "<word>" => true,
        "<vlans>" => VlanList.TryParse(text) is { Count: > 0 },
        _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && parameter switch
        {
            "<vlan>" => n is >= 1 and <= 4094,
            "<kbps>" => n is >= 64 and <= 10_000_000,
            "<bytes>" => n is >= 4000 and <= 4_294_967_295,
            "<number>" => n is >= 0 and <= 65535,
            _ => false,
        },
    };
}
