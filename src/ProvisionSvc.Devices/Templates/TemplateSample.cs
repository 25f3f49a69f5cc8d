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

    /// <summary>Everything in which the template and the sample disagree, and every fault of the sample itself; empty when it passes.</summary>
    public static IReadOnlyList<string> Check(LoadedTemplate loaded, string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return [$"{folder}: there is no {FileName}."];
        }

        var shown = $"{loaded.Name}/samples/{Path.GetFileName(folder)}/{FileName}";
        var faults = new FaultList(shown);
        var wrong = new List<string>();
        if (YamlFile.Parse(File.ReadAllText(file), faults) is { } root)
        {
            var top = new MapReader(root, "sample", TemplateKeys.Sample, faults);
            top.Required("source", "recorded (from which device) or written (after which document)");
            wrong.AddRange(Maps(top, "cases", TemplateKeys.SampleCase, faults).SelectMany(c => Case(loaded, folder, c, faults)));
            wrong.AddRange(Prompts(loaded, top));
            wrong.AddRange(Errors(loaded, top));
            wrong.AddRange(Maps(top, "questions", TemplateKeys.SampleQuestion, faults).SelectMany(q => Question(loaded, q)));
            wrong.AddRange(Saves(loaded, top));
        }

        return [.. faults.InOrder.Select(f => f.ToString()), .. wrong.Select(w => $"{shown}: {w}")];
    }

    private static IEnumerable<string> Case(LoadedTemplate loaded, string folder, MapReader sample, FaultList faults)
    {
        var port = new PortName("sample", sample.Required("port", "the port's ifName").Text);
        var refusals = sample.Texts("refusals").Select(r => r.Text).ToList();
        if (refusals.Count == 0 && !IsTrunk(sample) && !loaded.Template.PortPattern.IsMatch(port.IfName))
        {
            yield return $"{port.IfName} does not fit ports.pattern.";
        }

        var outputs = sample.Entries("outputs").ToDictionary(o => o.Key.Text, o => Output(folder, o.Value, faults));
        foreach (var unknown in outputs.Keys.Where(k => !loaded.Template.Reads.ContainsKey(k)))
        {
            yield return $"outputs names \"{unknown}\", which is no read of the template.";
        }

        var reading = ParseReading.From(loaded.Template, outputs, port);
        foreach (var difference in Differences(loaded.Template, sample, "reading", reading))
        {
            yield return $"{port.IfName}: {difference}";
        }

        if (!refusals.SequenceEqual(reading.Refusals))
        {
            yield return $"{port.IfName}: refusals should be [{string.Join(", ", refusals)}], are [{string.Join(", ", reading.Refusals)}].";
        }

        if (sample.Find("saved") is { } saved)
        {
            var found = ParseReading.FromSection(loaded.Template, Output(folder, saved, faults), port);
            foreach (var difference in Differences(loaded.Template, sample, "savedReading", found))
            {
                yield return $"{port.IfName}: {difference}";
            }
        }
    }

    /// <summary>An uplink is shown to be read as a trunk; it need not be a port that may be typed.</summary>
    private static bool IsTrunk(MapReader sample) =>
        sample.Entries("reading").Any(e => e.Key.Text == FieldNames.Of(IntentField.Mode) && e.Value is YamlText { Text: PortIntent.TrunkMode });

    /// <summary>Every field of the template is expected: a value, <c>none</c> (read, not set), or <c>not read</c>.</summary>
    private static IEnumerable<string> Differences(DeviceTemplate template, MapReader sample, string key, PortReading reading)
    {
        var expected = sample.Entries(key).Where(e => e.Value is YamlText).ToDictionary(e => e.Key.Text, e => ((YamlText)e.Value).Text);
        foreach (var name in expected.Keys.Where(n => FieldNames.Parse(n) is not { } field || !template.Fields.ContainsKey(field)))
        {
            yield return $"{key} names \"{name}\", which is no field of the template.";
        }

        foreach (var field in template.Fields.Where(f => f.Value.Read is not null).Select(f => f.Key).Order())
        {
            var seen = reading.Values.TryGetValue(field, out var value) ? value ?? None : NotRead;
            var wanted = expected.GetValueOrDefault(FieldNames.Of(field), NotRead);
            if (seen != wanted)
            {
                yield return $"{key}: {FieldNames.Of(field)} should be \"{wanted}\", is \"{Printable.Of(seen)}\".";
            }
        }
    }

    private static IEnumerable<string> Prompts(LoadedTemplate loaded, MapReader top)
    {
        if (top.Map("prompts", TemplateKeys.SamplePrompts) is not { } prompts)
        {
            yield break;
        }

        if (loaded.Dialect is not { } dialect)
        {
            yield return "The template has no terminal, so there is no prompt.";
            yield break;
        }

        var pattern = Grammar.Of(dialect).PromptOf(prompts.Required("host", "the switch's own name").Text);
        foreach (var (key, expected) in new[] { ("good", true), ("bad", false) })
        {
            foreach (var line in prompts.Texts(key).Where(l => pattern.IsMatch(l.Text) != expected))
            {
                yield return $"\"{line.Text}\" {(expected ? "is not taken" : "is taken")} for a prompt.";
            }
        }
    }

    private static IEnumerable<string> Errors(LoadedTemplate loaded, MapReader top)
    {
        if (top.Map("errors", TemplateKeys.SampleErrors) is not { } errors)
        {
            yield break;
        }

        foreach (var (key, expected) in new[] { ("rejected", true), ("accepted", false) })
        {
            foreach (var answer in errors.Texts(key).Where(a => (loaded.Dialect is { } dialect && Grammar.Of(dialect).ErrorIn(a.Text) is not null) != expected))
            {
                yield return $"\"{Printable.Of(answer.Text)}\" is {(expected ? "not " : "")}taken for a rejection.";
            }
        }
    }

    private static IEnumerable<string> Question(LoadedTemplate loaded, MapReader question)
    {
        var says = question.Required("says", "the end of the output").Text;
        var known = question.Word("of", ["login", "save", "pager"]) switch
        {
            "login" => loaded.Dialect?.LoginDialogues ?? [],
            "pager" => loaded.Dialect?.Pagers ?? [],
            _ => loaded.SaveDialogues,
        };

        // No answer in the sample: the question must not be answered; the session ends instead of guessing.
        var wanted = (question.Find("answer") as YamlText)?.Text;
        var answer = known.FirstOrDefault(d => Grammar.Question(d).IsMatch(says))?.Answer;
        if (answer != wanted)
        {
            yield return $"\"{Printable.Of(says)}\" should be answered {Quoted(wanted)}, is answered {Quoted(answer)}.";
        }
    }

    private static IEnumerable<string> Saves(LoadedTemplate loaded, MapReader top)
    {
        if (top.Map("saves", TemplateKeys.SampleSaves) is not { } saves)
        {
            yield break;
        }

        foreach (var (key, expected) in new[] { ("succeeded", true), ("failed", false) })
        {
            foreach (var answer in saves.Texts(key).Where(a => loaded.Template.Save.Success?.IsMatch(a.Text) != expected))
            {
                yield return $"\"{Printable.Of(answer.Text)}\" is {(expected ? "not " : "")}taken for a save that succeeded.";
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

    private static string Output(string folder, YamlNode name, FaultList faults)
    {
        if (name is YamlText { Text.Length: > 0 } text && Path.GetFileName(text.Text) == text.Text && File.Exists(Path.Combine(folder, text.Text)))
        {
            return File.ReadAllText(Path.Combine(folder, text.Text));
        }

        faults.Add(name, "There is no such file in the sample's folder.", "Name a file that lies beside expected.yaml.");
        return "";
    }

    private static string Quoted(string? answer) => answer is null ? "by nothing" : $"\"{answer}\"";
}
