using System.Globalization;
using System.Text.RegularExpressions;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Turns what a device answered into a reading. What an answer does not prove is not read, rather than guessed.</summary>
public static class ParseReading
{
    /// <param name="outputs">The answers by the name of the read that asked; a read without an answer is missing.</param>
    public static PortReading From(DeviceTemplate template, IReadOnlyDictionary<string, string> outputs, PortName port)
    {
        var answers = outputs
            .Select(o => (o.Key, Text: Section(template, Lines(o.Value), template.Sections.GetValueOrDefault(o.Key), port)))
            .Where(a => a.Text is not null)
            .ToDictionary(a => a.Key, a => string.Join('\n', a.Text!));
        return Read(template, f => f.Command, answers, port);
    }

    /// <summary>The port as the saved configuration has it. A port that does not stand in it is not read.</summary>
    public static PortReading FromSection(DeviceTemplate template, string savedConfiguration, PortName port)
    {
        var section = Section(template, Lines(savedConfiguration), template.Save.VerifySection, port);
        return section is null ? PortReading.Nothing : Read(
            template,
            rule => template.Save.VerifyAs is null || rule.Command == template.Save.VerifyAs ? "saved" : "",
            new Dictionary<string, string> { ["saved"] = string.Join('\n', section) },
            port);
    }

    private static PortReading Read(DeviceTemplate template, Func<ReadRule, string> answerOf, Dictionary<string, string> answers, PortName port)
    {
        var values = new Dictionary<IntentField, string?>();
        foreach (var (field, how) in template.Fields)
        {
            if (how.Read is { } rule && answers.TryGetValue(answerOf(rule), out var text) && Apply(rule, text, field) is { IsRead: true } found)
            {
                values[field] = found.Value;
            }
        }

        return new(values)
        {
            Refusals = [.. template.Guards
                .Where(g => answers.TryGetValue(g.Command, out var text) && g.Pattern.IsMatch(text))
                .Select(g => g.Why)],
        };
    }

    private static (bool IsRead, string? Value) Apply(ReadRule rule, string text, IntentField field)
    {
        var matches = rule.Pattern.Matches(text);
        if (matches.LastOrDefault() is { } match)
        {
            return (true, rule.Present ?? field switch
            {
                IntentField.Mode => match.Groups[PortIntent.TrunkMode].Success ? PortIntent.TrunkMode : PortIntent.Access,
                IntentField.AllowedVlans => List(matches.Select(m => m.Groups["value"].Value)),
                _ => Canonical(field, match.Groups["value"].Value.Trim(), rule.Scale),
            });
        }

        return (rule.SilenceIsAnAnswer && rule.AbsentProof?.IsMatch(text) != false, rule.Absent);
    }

    /// <summary>Numbers without the device's leading zeros and unit; a rate that is no whole kbit/s keeps its fraction, so that it agrees with no intent.</summary>
    private static string? Canonical(IntentField field, string value, long scale) => field switch
    {
        _ when value.Length == 0 => null,
        IntentField.RateDown or IntentField.RateUp when decimal.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            (number / scale).ToString("0.############", CultureInfo.InvariantCulture),
        IntentField.AccessVlan or IntentField.NativeVlan when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan) =>
            vlan.ToString(CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>A list may be printed over several lines; one that is no list of VLANs stays as it came, so that it agrees with no intent.</summary>
    private static string? List(IEnumerable<string> parts)
    {
        var lists = parts.Select(p => (Text: p.Trim(), Vlans: VlanSet.TryParse(p, out var vlans) ? vlans : null)).ToList();
        return lists.TrueForAll(l => l.Vlans is not null)
            ? lists.Aggregate(VlanSet.None, (all, l) => all.Union(l.Vlans!)) is { IsEmpty: false } known ? known.ToString() : null
            : string.Join(' ', lists.Select(l => l.Text));
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.TrimEnd('\r'))];

    /// <summary>
    /// The line that is <paramref name="header"/> for this port with all deeper indented lines below it, wherever it stands; null without one. No header: everything. A whole
    /// line is compared, so that port 1 is not found in port 10, and a description cannot pass for one: it never begins a line.
    /// </summary>
    private static IReadOnlyList<string>? Section(DeviceTemplate template, string[] lines, string? header, PortName port)
    {
        if (header is null)
        {
            return lines;
        }

        var wanted = template.Typed(header, port).Trim();
        List<string>? found = null;
        var headerIndent = -1;
        foreach (var line in lines)
        {
            var indent = line.TakeWhile(c => c == ' ').Count();
            if (line.Trim() == wanted)
            {
                headerIndent = indent;
                (found ??= []).Add(line.TrimEnd());
            }
            else if (headerIndent >= 0 && indent > headerIndent && line.Length > indent)
            {
                found!.Add(line);
            }
            else
            {
                headerIndent = -1;
            }
        }

        return found;
    }
}
