using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Templates;

/// <summary>
/// A folder under a template's samples: what a switch of one version printed, and in expected.yaml what must be made of it. The same check runs in the
/// tests and wherever a template is tried.
/// </summary>
public static class TemplateSample
{
    public const string FileName = "expected.yaml";

    private const string NotRead = "not read";
    private const string None = "none";

    /// <param name="name">The sample's folder.</param>
    /// <param name="files">What lies in it.</param>
    /// <returns>Everything in which the template and the sample disagree, and every fault of the sample itself; empty when it passes.</returns>
    public static IReadOnlyList<TemplateFault> Check(LoadedTemplate loaded, string name, IReadOnlyDictionary<string, string> files)
    {
        var shown = $"{loaded.Name}/samples/{name}/{FileName}";
        var faults = new FaultList(shown);
        if (!files.TryGetValue(FileName, out var yaml))
        {
            return [new(shown, 1, 1, $"There is no {FileName}.", "Write what must be made of the files beside it.")];
        }

        if (YamlFile.Parse(yaml, faults) is { } root)
        {
            var top = new MapReader(root, "sample", TemplateKeys.Sample, faults);
            top.Required("source", "recorded (from which device) or written (after which document)");
            var walk = top.Find("walk") is { } file ? Walk(loaded, files, file, faults) : null;
            foreach (var sample in Maps(top, "cases", TemplateKeys.SampleCase, faults))
            {
                Case(loaded, files, walk, sample, faults);
            }

            Prompts(loaded, top, faults);
            Errors(loaded, top, faults);
            foreach (var question in Maps(top, "questions", TemplateKeys.SampleQuestion, faults))
            {
                Question(loaded, question, faults);
            }

            Saves(loaded, top, faults);
        }

        return faults.InOrder;
    }

    private static SampleWalk Walk(LoadedTemplate loaded, IReadOnlyDictionary<string, string> files, YamlNode file, FaultList faults)
    {
        var walk = SampleWalk.Parse(Output(files, file, faults));
        if (!TemplateCatalog.Fits(loaded, walk.SysObjectId, walk.SysDescr))
        {
            faults.Add(file, $"The switch of the walk names itself {walk.SysObjectId} \"{Printable.Of(walk.SysDescr ?? "")}\", which match does not fit.", "Correct match, or record a switch of this family.");
        }

        return walk;
    }

    private static void Case(LoadedTemplate loaded, IReadOnlyDictionary<string, string> files, SampleWalk? walk, MapReader sample, FaultList faults)
    {
        var port = new PortName("sample", sample.Required("port", "the port's ifName").Text);
        var refusals = sample.Texts("refusals").Select(r => r.Text).ToList();
        if (refusals.Count == 0 && !IsTrunk(sample) && !loaded.Template.PortPattern.IsMatch(port.IfName))
        {
            faults.Add(sample.At("port"), $"{port.IfName} does not fit ports.pattern.", "Widen the pattern, or take the case out.");
        }

        var outputs = sample.Entries("outputs").ToDictionary(o => o.Key.Text, o => Output(files, o.Value, faults));
        foreach (var (unknown, _) in sample.Entries("outputs").Where(o => !loaded.Template.Reads.ContainsKey(o.Key.Text)))
        {
            faults.Add(unknown, $"outputs names \"{unknown.Text}\", which is no read of the template.", "Name one of reads.");
        }

        var reading = ParseReading.From(loaded.Template, outputs, port);
        var read = loaded.Template.Fields.Where(f => f.Value.Read is not null).Select(f => f.Key).ToList();
        Compare(port, read, sample, "reading", reading, faults);
        if (!refusals.SequenceEqual(reading.Refusals))
        {
            faults.Add(sample.At("refusals"), $"{port.IfName}: refusals should be [{string.Join(", ", refusals)}], are [{string.Join(", ", reading.Refusals)}].", "Correct refuse, or what is expected.");
        }

        if (sample.Find("saved") is { } saved)
        {
            Compare(port, read, sample, "savedReading", ParseReading.FromSection(loaded.Template, Output(files, saved, faults), port), faults);
        }

        var asked = walk?.Port(port.IfName, loaded.Template);
        if (walk is not null && asked is null)
        {
            faults.Add(sample.At("port"), $"The walk has no ifName {port.IfName}.", "Name a port as the agent does.");
        }
        else if (asked is not null && sample.Has("agent"))
        {
            Compare(port, [.. asked.Values.Keys.Where(loaded.Template.Fields.ContainsKey)], sample, "agent", asked, faults);
        }
    }

    /// <summary>An uplink is shown to be read as a trunk; it need not be a port that may be typed.</summary>
    private static bool IsTrunk(MapReader sample) =>
        sample.Entries("reading").Any(e => e.Key.Text == FieldNames.Of(IntentField.Mode) && e.Value is YamlText { Text: PortIntent.TrunkMode });

    /// <summary>Every field that can be read this way is expected: a value, <c>none</c> (read, not set), or <c>not read</c>.</summary>
    private static void Compare(PortName port, IReadOnlyList<IntentField> fields, MapReader sample, string key, PortReading reading, FaultList faults)
    {
        var expected = sample.Entries(key).Where(e => e.Value is YamlText).ToDictionary(e => e.Key.Text, e => (YamlText)e.Value);
        foreach (var (name, _) in sample.Entries(key).Where(e => FieldNames.Parse(e.Key.Text) is not { } field || !fields.Contains(field)))
        {
            faults.Add(name, $"{key} names \"{Printable.Of(name.Text)}\", which is no field that is read this way.", $"Those are {string.Join(", ", fields.Order().Select(FieldNames.Of))}.");
        }

        foreach (var field in fields.Order())
        {
            var seen = reading.Values.TryGetValue(field, out var value) ? value ?? None : NotRead;
            var wanted = expected.GetValueOrDefault(FieldNames.Of(field));
            if (seen != (wanted?.Text ?? NotRead))
            {
                faults.Add(
                    wanted ?? sample.At(key), $"{port.IfName}: {key}: {FieldNames.Of(field)} should be \"{wanted?.Text ?? NotRead}\", is \"{Printable.Of(seen)}\".",
                    $"Correct fields.{FieldNames.Of(field)}, or what is expected.");
            }
        }
    }

    private static void Prompts(LoadedTemplate loaded, MapReader top, FaultList faults)
    {
        if (top.Map("prompts", TemplateKeys.SamplePrompts) is not { } prompts)
        {
            return;
        }

        if (loaded.Dialect is not { } dialect)
        {
            faults.Add(top.At("prompts"), "The template has no terminal, so there is no prompt.", "Take the prompts out.");
            return;
        }

        var pattern = Grammar.Of(dialect).PromptOf(prompts.Required("host", "the switch's own name").Text);
        foreach (var (key, expected) in new[] { ("good", true), ("bad", false) })
        {
            foreach (var line in prompts.Texts(key).Where(l => pattern.IsMatch(l.Text) != expected))
            {
                faults.Add(line, $"\"{Printable.Of(line.Text)}\" {(expected ? "is not taken" : "is taken")} for a prompt.", "Correct terminal.prompt.");
            }
        }
    }

    private static void Errors(LoadedTemplate loaded, MapReader top, FaultList faults)
    {
        if (top.Map("errors", TemplateKeys.SampleErrors) is not { } errors)
        {
            return;
        }

        foreach (var (key, expected) in new[] { ("rejected", true), ("accepted", false) })
        {
            foreach (var answer in errors.Texts(key).Where(a => (loaded.Dialect is { } dialect && Grammar.Of(dialect).ErrorIn(a.Text) is not null) != expected))
            {
                faults.Add(answer, $"\"{Printable.Of(answer.Text)}\" is {(expected ? "not " : "")}taken for a rejection.", "Correct terminal.errors or terminal.harmless.");
            }
        }
    }

    private static void Question(LoadedTemplate loaded, MapReader question, FaultList faults)
    {
        var says = question.Required("says", "the end of the output");
        var of = question.Word("of", ["login", "save", "pager"]);
        var known = of switch
        {
            "login" => loaded.Dialect?.LoginDialogues ?? [],
            "pager" => loaded.Dialect?.Pagers ?? [],
            _ => loaded.SaveDialogues,
        };

        // No answer in the sample: the question must not be answered; the session ends instead of guessing.
        var wanted = (question.Find("answer") as YamlText)?.Text;
        var answer = known.FirstOrDefault(d => Grammar.Question(d).IsMatch(says.Text))?.Answer;
        if (answer != wanted)
        {
            faults.Add(says, $"\"{Printable.Of(says.Text)}\" should be answered {Quoted(wanted)}, is answered {Quoted(answer)}.",
                $"Correct {of switch { "save" => "save.questions", "pager" => "terminal.pagers", _ => "terminal.questions" }}.");
        }
    }

    private static void Saves(LoadedTemplate loaded, MapReader top, FaultList faults)
    {
        if (top.Map("saves", TemplateKeys.SampleSaves) is not { } saves)
        {
            return;
        }

        foreach (var (key, expected) in new[] { ("succeeded", true), ("failed", false) })
        {
            foreach (var answer in saves.Texts(key).Where(a => loaded.Template.Save.Success?.IsMatch(a.Text) != expected))
            {
                faults.Add(answer, $"\"{Printable.Of(answer.Text)}\" is {(expected ? "not " : "")}taken for a save that succeeded.", "Correct save.success.");
            }
        }
    }

    private static IEnumerable<MapReader> Maps(MapReader top, string key, IReadOnlyList<string> keys, FaultList faults)
    {
        foreach (var item in top.Items(key))
        {
            if (item is YamlMap map)
            {
                yield return new(map, key, keys, faults);
            }
            else
            {
                faults.Add(item, $"An item of {key} is a map.", $"Write {string.Join(", ", keys)}.");
            }
        }
    }

    private static string Output(IReadOnlyDictionary<string, string> files, YamlNode name, FaultList faults)
    {
        if (name is YamlText { Text.Length: > 0 } text && files.TryGetValue(text.Text, out var content))
        {
            return content;
        }

        faults.Add(name, "There is no such file in the sample's folder.", "Name a file that lies beside expected.yaml.");
        return "";
    }

    private static string Quoted(string? answer) => answer is null ? "by nothing" : $"\"{answer}\"";
}
