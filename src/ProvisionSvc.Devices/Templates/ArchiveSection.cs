using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Templates;

/// <summary>How a family shows its whole running configuration, and what of it is not kept.</summary>
/// <param name="Ignore">Lines that differ each time they are shown although nothing was changed.</param>
/// <param name="Secrets">Secrets of this family, beyond those that <see cref="Scrub"/> knows: the group <c>secret</c> is taken out.</param>
public sealed record ArchiveTemplate(string Command, TimeSpan Deadline, IReadOnlyList<Regex> Ignore, IReadOnlyList<Regex> Secrets)
{
    /// <summary>The configuration as it may be kept: lines without the device's line ends, without what changes by itself, without any secret.</summary>
    /// <param name="known">Secrets that we know ourselves, taken out wherever they stand.</param>
    public string Keep(string shown, IEnumerable<string> known)
    {
        var lines = shown.Split('\n').Select(l => l.TrimEnd('\r', ' ', '\t')).Where(l => !Ignore.Any(i => i.IsMatch(l))).ToList();
        var text = string.Join('\n', lines.SkipWhile(l => l.Length == 0)).TrimEnd('\n');
        return Scrub.Secrets(text, Secrets, known);
    }
}

/// <summary>Reads <c>archive</c>.</summary>
internal static class ArchiveSection
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static ArchiveTemplate? Read(MapReader top, LinePolicy lines, FaultList faults)
    {
        if (top.Map("archive", TemplateKeys.Archive) is not { } map)
        {
            return null;
        }

        if (!top.Has("terminal"))
        {
            faults.Add(top.At("archive"), "archive stands in a template without terminal.", "Take it out: there is nowhere to type its command.");
        }

        return new(
            lines.Check(map.Required("command", "what shows the whole running configuration"), map.Name("command")),
            map.Duration("deadline", Deadline),
            [.. map.Texts("ignore").Select(t => map.Compile(t, map.Name("ignore")))],
            [.. map.Texts("secrets").Select(t => Secret(t, map, faults))]);
    }

    private static Regex Secret(YamlText text, MapReader map, FaultList faults)
    {
        var pattern = map.Compile(text, map.Name("secrets"));
        if (!pattern.GetGroupNames().Contains("secret"))
        {
            faults.Add(text, $"{map.Name("secrets")} has a pattern without a group (?<secret>…).", "Name the part that is taken out.");
        }

        return pattern;
    }
}
