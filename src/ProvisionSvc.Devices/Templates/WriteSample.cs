using System.Text;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Templates;

/// <summary>What was recorded of a live switch.</summary>
/// <param name="Host">The name in its prompt; empty where it has no terminal.</param>
/// <param name="Transcript">The whole conversation, its own secrets taken out.</param>
/// <param name="Ports">Per port the answer to each read.</param>
public sealed record RecordedSwitch(
    IReadOnlyList<VarBind> Walk, string Host, string Transcript, IReadOnlyList<(string IfName, IReadOnlyDictionary<string, string> Outputs)> Ports);

/// <summary>Makes a sample of a recording: files without anything private, and the expected.yaml that holds what the template reads in them.</summary>
public static class WriteSample
{
    /// <summary>In sysORDescr and the like nothing is private; these three of the system group are, and every alias.</summary>
    private static readonly Oid[] PrivateColumns = [IfMib.IfAlias];

    private static readonly Oid[] Places = [Oid.Parse("1.3.6.1.2.1.1.4.0"), Oid.Parse("1.3.6.1.2.1.1.6.0")];

    /// <param name="known">Secrets that we know ourselves.</param>
    /// <param name="source">What the sample says of where it comes from.</param>
    /// <returns>The files by name, and what a person should look at.</returns>
    public static (IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Notes) From(
        LoadedTemplate loaded, RecordedSwitch recorded, IReadOnlyList<string> known, string source)
    {
        var hide = new PrivateText(loaded.Archive?.Secrets ?? [], known);
        var notes = new List<string>();
        var walk = recorded.Walk.Select(v => v.Oid == SystemMib.SysName || !IsPrivate(v.Oid) ? v : v with { Value = SnmpValue.OctetString(hide.Text(v.Value.Text.TrimEnd('\0'))) }).ToList();
        hide.AddHost(recorded.Host);
        hide.AddHost(walk.Find(v => v.Oid == SystemMib.SysName).Value.Text);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["walk.txt"] = SampleWalk.Write(walk.Select(v => v.Value.Type == SnmpType.OctetString && !v.Oid.StartsWith(IfMib.IfName) ? v with { Value = SnmpValue.OctetString(hide.Clean(v.Value.Text)) } : v)),
        };
        var cases = new StringBuilder();
        foreach (var (at, (ifName, outputs)) in recorded.Ports.Index())
        {
            var port = new PortName(recorded.Host, ifName);
            var read = ParseReading.From(loaded.Template, outputs, port);
            if (read.Values.GetValueOrDefault(IntentField.Alias) is { } alias)
            {
                hide.Text(alias);
            }

            var (clean, again) = Clean(loaded, outputs, port, hide, everywhere: true);
            if (Lost(read, again).Any())
            {
                (clean, again) = Clean(loaded, outputs, port, hide, everywhere: false);
            }

            notes.AddRange(Lost(read, again).Select(f => $"{ifName}: taking private text out changed {FieldNames.Of(f)}; mend the file by hand."));
            foreach (var (name, text) in clean)
            {
                files[$"port-{at + 1}-{name}.txt"] = text;
            }

            Case(cases, loaded, ifName, at + 1, clean.Keys, again, SampleWalk.Parse(files["walk.txt"]).Port(ifName, loaded.Template));
        }

        var prompt = recorded.Host.Length == 0 ? null : Prompt(loaded, recorded);
        if (recorded.Transcript.Length > 0)
        {
            files["session.txt"] = hide.Clean(recorded.Transcript);
        }

        files[TemplateSample.FileName] = $"source: {Quote(source)}\nabout: recorded as it was, private text and secrets replaced\n\nwalk: walk.txt\n"
            + (cases.Length > 0 ? $"\ncases:\n{cases}" : "")
            + (prompt is null ? "" : $"\nprompts:\n  host: {PrivateText.Host}\n  good: [{Quote(prompt)}]\n");
        return (files, notes);
    }

    private static (Dictionary<string, string> Outputs, PortReading Reading) Clean(
        LoadedTemplate loaded, IReadOnlyDictionary<string, string> outputs, PortName port, PrivateText hide, bool everywhere)
    {
        var clean = outputs.ToDictionary(o => o.Key, o => hide.Clean(o.Value, everywhere));
        return (clean, ParseReading.From(loaded.Template, clean, port));
    }

    /// <summary>Fields that are read otherwise than before; an alias only where it is not read any more.</summary>
    private static IEnumerable<IntentField> Lost(PortReading before, PortReading after) => before.Values
        .Where(v => !after.Values.TryGetValue(v.Key, out var now) || (v.Key == IntentField.Alias ? now is null != v.Value is null : now != v.Value))
        .Select(v => v.Key);

    private static bool IsPrivate(Oid oid) => Places.Contains(oid) || PrivateColumns.Any(oid.StartsWith);

    private static void Case(
        StringBuilder yaml, LoadedTemplate loaded, string ifName, int number, IEnumerable<string> reads, PortReading reading, PortReading? agent)
    {
        yaml.Append($"  - port: {Quote(ifName)}\n");
        if (reads.Any())
        {
            yaml.Append($"    outputs: {{ {string.Join(", ", reads.Order(StringComparer.Ordinal).Select(r => $"{r}: port-{number}-{r}.txt"))} }}\n");
            yaml.Append($"    reading: {Map(reading, _ => true)}\n");
        }

        if (reading.Refusals.Count > 0)
        {
            yaml.Append($"    refusals: [{string.Join(", ", reading.Refusals.Select(Quote))}]\n");
        }

        if (agent is not null)
        {
            yaml.Append($"    agent: {Map(agent, loaded.Template.Fields.ContainsKey)}\n");
        }
    }

    private static string Map(PortReading reading, Func<IntentField, bool> wanted)
    {
        var fields = reading.Values.Where(v => wanted(v.Key)).OrderBy(v => v.Key).Select(v => $"{FieldNames.Of(v.Key)}: {(v.Value is { } value ? Quote(value) : "none")}").ToList();
        return fields.Count == 0 ? "{}" : $"{{ {string.Join(", ", fields)} }}";
    }

    /// <summary>The last line of the conversation that is the prompt, with the stand-in for the name.</summary>
    private static string? Prompt(LoadedTemplate loaded, RecordedSwitch recorded)
    {
        if (loaded.Dialect is not { } dialect)
        {
            return null;
        }

        var pattern = Grammar.Of(dialect).PromptOf(recorded.Host);
        return recorded.Transcript.Split('\n').Select(l => l.TrimEnd('\r', ' ')).LastOrDefault(l => l.Length > 0 && pattern.IsMatch(l)) is { } line
            ? line.Replace(recorded.Host, PrivateText.Host, StringComparison.Ordinal)
            : null;
    }

    private static string Quote(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_') && char.IsAsciiLetterOrDigit(text[0])
        ? text
        : $"'{Printable.Of(text).Replace("'", "''", StringComparison.Ordinal)}'";
}
