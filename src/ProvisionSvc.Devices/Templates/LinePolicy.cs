using System.Text.RegularExpressions;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>
/// What a template may type. A template is data written by people, perhaps by the wrong ones (T8): every command in a line begins with a word of the
/// template's own list, and some words are on no list.
/// </summary>
/// <param name="allowed">Forbidden words that this family needs, with the reason: only of <see cref="Excusable"/>, only in front, only in lines that name the port.</param>
internal sealed class LinePolicy(IReadOnlyList<YamlText> firstWords, IReadOnlyDictionary<string, string> allowed, FaultList faults)
{
    /// <summary>Verbs that delete files on some families and take one statement out of a candidate on others.</summary>
    public static readonly IReadOnlyList<string> Excusable = ["delete"];


    private static readonly HashSet<string> ForbiddenWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "erase", "reload", "reboot", "restart", "poweroff", "halt", "format", "delete", "reset", "factory-reset", "username", "user", "local-user",
        "password", "passwd", "aaa", "useradd", "userdel", "rm", "dd", "mkfs", "eval", "startup", "upgrade", "copy", "move", "rename",
    };

    private static readonly string[] ForbiddenPhrases = ["write erase", "netns exec", "init 0", "init 6"];

    // Trunks carry other people's lines: only a field that is about them may have these, and never for more than the VLAN that it is about.
    private static readonly string[] TrunkPhrases =
        ["switchport trunk", "switchport mode trunk", "no switchport mode", "port trunk", "port link-type trunk", "undo port link-type", "vlan_mode=trunk", "vlan_mode=native-untagged"];

    private static readonly HashSet<string> WholeLists = new(StringComparer.OrdinalIgnoreCase) { "all", "except", "to" };

    private static readonly Regex Placeholders = new(@"\{[^{}]*\}?|\}", RegexOptions.NonBacktracking);
    private readonly HashSet<string> _allowed = firstWords.Select(w => w.Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>True for the lines of a field that makes or fills trunks.</summary>
    private bool _mayTrunk;

    /// <summary>The same policy for the lines of a field that makes or fills trunks.</summary>
    public LinePolicy ForTrunks => new(firstWords, allowed, faults) { _mayTrunk = true };

    /// <summary>Reads <c>allow</c>: the excused words with their reasons.</summary>
    public static Dictionary<string, string> Allowed(MapReader top, FaultList faults)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in top.Items("allow"))
        {
            if (item is not YamlMap map)
            {
                faults.Add(item, "An item of allow is a map.", $"Write {string.Join(", ", TemplateKeys.Allow)}.");
                continue;
            }

            var allow = new MapReader(map, "allow", TemplateKeys.Allow, faults);
            if (allow.Word("word", Excusable) is { } word && allow.Required("why", "what the word means here, and that it cannot mean anything worse").Text is { Length: > 0 } why)
            {
                found[word] = why;
            }
            else
            {
                allow.Required("word", "the word that this family needs");
            }
        }

        return found;
    }

    /// <summary>The list itself: single words, none of them forbidden.</summary>
    public void CheckFirstWords()
    {
        foreach (var word in firstWords)
        {
            if (!Printable.Is(word.Text) || word.Text.Contains(' ') || Placeholders.IsMatch(word.Text))
            {
                faults.Add(word, $"\"{Printable.Of(word.Text)}\" is not one plain word.", "List single words; what follows a word is free.");
            }
            else if (ForbiddenWords.Contains(Bare(word.Text)) && !allowed.ContainsKey(word.Text))
            {
                faults.Add(word, $"No template may type \"{word.Text}\".", "Take it off the list.");
            }
        }
    }

    /// <param name="placeholders">What may stand in braces here.</param>
    public string Check(YamlText line, string where, params IReadOnlyList<string> placeholders)
    {
        if (!Printable.Is(line.Text))
        {
            faults.Add(line, $"{where} holds a character that cannot be typed: \"{Printable.Of(line.Text)}\".", "Write one line of plain ASCII per item.");
            return line.Text;
        }

        foreach (var hole in Placeholders.Matches(line.Text).Select(m => m.Value).Where(h => !placeholders.Contains(h)).Distinct())
        {
            faults.Add(line, $"{where} has the placeholder {hole}.", placeholders.Count == 0 ? "None may stand here." : $"Here may stand {string.Join(", ", placeholders)}.");
        }

        var bare = CommandWords.WithoutQuotes(line.Text);
        if (bare.AsSpan().IndexOfAny('`', '<', '>') >= 0)
        {
            faults.Add(line, $"{where} redirects, or has a backtick.", "Write $(…) for a command's answer; lines neither read nor write files.");
        }

        if (line.Text.Contains('\\') || bare.Replace("''", "", StringComparison.Ordinal).AsSpan().IndexOfAny('\'', '"') >= 0)
        {
            faults.Add(line, $"{where} has a backslash, a quote without its other half, or a command inside double quotes.", "Quote plainly: what is a command must be plain to see.");
        }

        var commands = CommandWords.Commands(line.Text).ToList();
        commands.ForEach(c => CheckCommand(line, where, c));
        if (commands.Count == 0)
        {
            faults.Add(line, $"{where} types nothing.", "Take it out.");
        }

        return line.Text;
    }

    private void CheckCommand(YamlText line, string where, string[] words)
    {
        if (CommandWords.IsAssignment(words))
        {
            return;
        }

        if (!_allowed.Contains(words[0]))
        {
            faults.Add(line, $"{where} begins a command with \"{words[0]}\", which firstWords does not list.", "Add the word to firstWords if this family needs it.");
        }

        // Anywhere, not only in front: undo, do, sudo and paths of menus stand before verbs.
        var excused = allowed.ContainsKey(words[0]) && words.Any(w => w.Contains("{port}", StringComparison.Ordinal)) ? 1 : 0;
        foreach (var verb in words.Skip(excused).Where(w => ForbiddenWords.Contains(Bare(w))))
        {
            faults.Add(line, $"{where} would \"{verb}\".", "No template may; do it by hand.");
        }

        foreach (var phrase in ForbiddenPhrases.Where(p => Has(words, p)))
        {
            faults.Add(line, $"{where} would \"{phrase}\".", "No template may; do it by hand.");
        }

        CheckTrunk(line, where, words);
    }

    private void CheckTrunk(YamlText line, string where, string[] words)
    {
        foreach (var phrase in TrunkPhrases.Where(p => Has(words, p)))
        {
            if (!_mayTrunk)
            {
                faults.Add(line, $"{where} would \"{phrase}\".", "Trunks carry other people's lines; only mode, allowedVlans and nativeVlan may change one.");
            }
            else if (words.FirstOrDefault(w => WholeLists.Contains(w) || IsVlanList(w)) is { } list)
            {
                faults.Add(line, $"{where} would \"{phrase}\" with \"{list}\".", "Name {value}, or nothing: the VLANs of a trunk come and go one by one.");
            }
        }
    }

    private static bool Has(string[] words, string phrase) => $" {string.Join(' ', words)} ".Contains($" {phrase} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Numbers of the template's own, but for 1, which every trunk has at first, and 4095, which no frame may have.</summary>
    private static bool IsVlanList(string word) =>
        word[(word.LastIndexOf('=') + 1)..] is var list and not ("1" or "4095") && list.Any(char.IsAsciiDigit) && list.All(c => char.IsAsciiDigit(c) || c is '-' or ',');

    /// <summary>The word without a path before it (<c>/bin/rm</c>, <c>/system</c>).</summary>
    private static string Bare(string word) => word[(word.LastIndexOf('/') + 1)..];
}
