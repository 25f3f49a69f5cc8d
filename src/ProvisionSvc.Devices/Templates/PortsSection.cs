using System.Text.RegularExpressions;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>ports</c>: which names may be typed, and how.</summary>
internal static class PortsSection
{
    public static Regex Pattern(MapReader top, FaultList faults)
    {
        if (top.Map("ports", TemplateKeys.Ports) is not { } ports)
        {
            faults.Add(top.At("ports"), "ports is missing.", "Add ports with the pattern of the names that may be typed.");
            return Patterns.Compile("(?!)");
        }

        var pattern = Patterns.Whole(ports.RequiredPattern("pattern", "the pattern of the port names that may be typed"));
        foreach (var hostile in new[] { "", " ", "x\ny", "; x", "?", "a b c d" }.Where(n => pattern.IsMatch(n)))
        {
            faults.Add(ports.At("pattern"), $"ports.pattern accepts \"{Printable.Of(hostile)}\" as a port's name.", "Spell out what this family's names look like.");
        }

        return pattern;
    }

    public static Dictionary<string, string> LongNames(MapReader top, FaultList faults)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (shortName, value) in top.Map("ports", TemplateKeys.Ports)?.Entries("longNames") ?? [])
        {
            // A blank at the end belongs to the name: Ruijie types "GigabitEthernet 0/1".
            if (value is YamlText { Text: var longName } && longName.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '/'))
            {
                found[shortName.Text] = longName;
            }
            else
            {
                faults.Add(value, $"ports.longNames.{Printable.Of(shortName.Text)} is no beginning of a port's name.", "Write letters, digits, blanks, '-' and '/'.");
            }
        }

        return found;
    }
}
