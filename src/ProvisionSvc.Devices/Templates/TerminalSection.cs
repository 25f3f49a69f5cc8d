using System.Globalization;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>terminal</c>: how the family's command line looks and behaves.</summary>
internal static class TerminalSection
{
    private static readonly TerminalDialect Defaults = new() { Prompt = "" };

    /// <summary>Null where the family is only spoken to by SNMP: no terminal, and no word that may be typed.</summary>
    public static TerminalDialect? Read(MapReader top, LinePolicy lines, FaultList faults)
    {
        if (top.Map("terminal", TemplateKeys.Terminal) is not { } map)
        {
            if (top.Has("firstWords"))
            {
                faults.Add(top.At("terminal"), "terminal is missing.", "Add it, with the prompt at least.");
            }

            return null;
        }

        return new()
        {
            LineEnd = map.Word("lineEnd", ["lf", "cr", "crlf"]) switch { "cr" => "\r", "crlf" => "\r\n", _ => "\n" },
            Prompt = Prompt(map, faults),
            InitialPrompt = Checked(map, "initialPrompt"),
            Login = [.. map.Items("login").Select(i => Login(i, map, lines, faults)).OfType<LoginStep>()],
            LoginDialogues = Questions(map, "questions", faults),
            Pagers = Questions(map, "pagers", faults, enter: false),
            Errors = CheckedList(map, "errors"),
            Harmless = CheckedList(map, "harmless"),
            LogLines = CheckedList(map, "logLines"),
            SessionLimits = map.Has("sessionLimits") ? CheckedList(map, "sessionLimits") : Defaults.SessionLimits,
            Lines = Lines(map, faults),
            Logout = [.. map.Texts("logout").Select(l => lines.Check(l, map.Name("logout")))],
            Echoes = map.Flag("echoes", Defaults.Echoes),
            ForbiddenCharacters = map.Has("forbiddenCharacters") ? string.Concat(map.Texts("forbiddenCharacters").Select(t => t.Text)) : Defaults.ForbiddenCharacters,
            LegacyAlgorithms = [.. map.Texts("legacyAlgorithms").Select(t => t.Text)],
            ShortestHost = (int)map.Number("shortestHost", Defaults.ShortestHost, 1, 255),
            TerminalType = map.Text("terminalType")?.Text ?? Defaults.TerminalType,
            LineDeadline = map.Duration("deadline", Defaults.LineDeadline),
            LoginDeadline = map.Duration("loginDeadline", Defaults.LoginDeadline),
            Settle = map.Duration("settle", Defaults.Settle),
            MaxOutputBytes = Size(map, faults),
        };
    }

    /// <summary>Questions and answers of <paramref name="key"/>; <paramref name="enter"/> is what an answer ends with unless it says otherwise.</summary>
    public static IReadOnlyList<Dialogue> Questions(MapReader map, string key, FaultList faults, bool enter = true)
    {
        var found = new List<Dialogue>();
        foreach (var item in map.Items(key))
        {
            if (item is not YamlMap one)
            {
                faults.Add(item, $"An item of {map.Name(key)} is a map.", "Write when (a pattern) and answer.");
                continue;
            }

            var question = new MapReader(one, map.Name(key), TemplateKeys.Question, faults);
            question.RequiredPattern("when", "the pattern of the question");
            found.Add(new(question.Text("when")?.Text ?? "", Answer(question, faults), question.Flag("enter", enter)));
        }

        return found;
    }

    private static string Answer(MapReader question, FaultList faults)
    {
        // An empty answer is an answer: the bare return key keeps what the device offers.
        var answer = question.Find("answer") as YamlText;
        if (answer is null)
        {
            faults.Add(question.At("answer"), $"{question.Name("answer")} is missing.", "Write what is typed; '' is the bare return key.");
        }
        else if (!Printable.Is(answer.Text))
        {
            faults.Add(answer, $"{question.Name("answer")} holds a character that cannot be typed.", "Write plain ASCII.");
        }
        else if (answer.Text.Contains('{') && answer.Text is not (Dialogue.Password or Dialogue.EnableSecret))
        {
            faults.Add(answer, $"{question.Name("answer")} has a placeholder.", $"Only {Dialogue.Password} and {Dialogue.EnableSecret} may stand there, alone.");
        }

        return answer?.Text ?? "";
    }

    private static string Prompt(MapReader map, FaultList faults)
    {
        var pattern = map.RequiredPattern("prompt", "the pattern of the prompt, with a group (?<host>…)");
        if (map.Text("prompt") is { } prompt && !pattern.GetGroupNames().Contains("host"))
        {
            faults.Add(prompt, $"{map.Name("prompt")} has no group (?<host>…).", "Name the part of the prompt that is the switch's own name; it is pinned at login.");
        }

        return map.Text("prompt")?.Text ?? "";
    }

    private static string? Lines(MapReader map, FaultList faults)
    {
        if (map.Pattern("lines") is { } pattern && map.Text("lines") is { } text && new[] { "max", "used" }.Except(pattern.GetGroupNames()).Any())
        {
            faults.Add(text, $"{map.Name("lines")} has no groups (?<max>…) and (?<used>…).", "Name the two numbers: how many sessions there are, and how many are taken.");
        }

        return map.Text("lines")?.Text;
    }

    private static LoginStep? Login(YamlNode item, MapReader map, LinePolicy lines, FaultList faults)
    {
        switch (item)
        {
            case YamlText { Text.Length: > 0 } line:
                return new(lines.Check(line, map.Name("login")));
            case YamlMap one:
                var step = new MapReader(one, map.Name("login"), TemplateKeys.LoginStep, faults);
                var questions = Questions(step, "questions", faults);
                return new(
                    lines.Check(step.Required("send", "the line to type"), step.Name("send")),
                    step.Flag("mayFail", false),
                    Checked(step, "prompt"),
                    questions.Count > 0 ? questions : null);
            default:
                faults.Add(item, $"{map.Name("login")} lists lines; this is none.", "Write a text, or a map with send.");
                return null;
        }
    }

    private static string? Checked(MapReader map, string key)
    {
        map.Pattern(key);
        return map.Text(key)?.Text;
    }

    private static IReadOnlyList<string> CheckedList(MapReader map, string key) => [.. map.Texts(key).Select(t =>
    {
        map.Compile(t, map.Name(key));
        return t.Text;
    })];

    private static int Size(MapReader map, FaultList faults)
    {
        if (map.Text("maxOutput") is not { } text)
        {
            return Defaults.MaxOutputBytes;
        }

        var (digits, unit) = text.Text switch
        {
            var t when t.EndsWith("KiB", StringComparison.Ordinal) => (t[..^3], 1024),
            var t when t.EndsWith("MiB", StringComparison.Ordinal) => (t[..^3], 1024 * 1024),
            var t => (t, 0),
        };
        if (unit > 0 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1024 && number * (long)unit <= 64 * 1024 * 1024)
        {
            return number * unit;
        }

        faults.Add(text, $"{map.Name("maxOutput")} is \"{Printable.Of(text.Text)}\".", "Write a number with KiB or MiB, up to 64MiB.");
        return Defaults.MaxOutputBytes;
    }
}
