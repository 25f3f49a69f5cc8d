using System.Text.RegularExpressions;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads a template.yaml. Everything that is wrong with it is said at once, each with line, column and remedy.</summary>
public static class TemplateReader
{
    /// <param name="file">The file as messages name it.</param>
    /// <param name="folder">The folder it lies in, which is the template's name.</param>
    /// <returns>The template, or null with the faults.</returns>
    public static (LoadedTemplate? Loaded, IReadOnlyList<TemplateFault> Faults) Read(string file, string folder, string yaml)
    {
        var faults = new FaultList(file);
        var loaded = YamlFile.Parse(yaml, faults) is { } root ? Template(new(root, "", TemplateKeys.Top, faults), folder, faults) : null;
        return faults.Any ? (null, faults.InOrder) : (loaded, []);
    }

    private static LoadedTemplate Template(MapReader top, string folder, FaultList faults)
    {
        // Neither word nor terminal: a family that is only spoken to by SNMP. Then no line passes, wherever it stands.
        if (top.Has("terminal") && !top.Has("firstWords"))
        {
            faults.Add(top.At("firstWords"), "firstWords is missing.", "List the first words of all lines that this template types.");
        }

        var lines = new LinePolicy(top.Texts("firstWords"), LinePolicy.Allowed(top, faults), faults);
        lines.CheckFirstWords();

        var configure = LevelSection.Configure(top, lines, faults);
        var port = LevelSection.Port(top, lines, faults);
        var (reads, sections) = Reads(top, lines, faults);
        var (save, questions) = SaveSection.Read(top, reads, lines, faults);
        var template = new DeviceTemplate
        {
            Name = Name(top, folder, faults),
            Title = top.Required("title", "the family's name for people").Text,
            Draft = top.Text("draft")?.Text,
            SysObjectIds = ObjectIds(top, faults),
            SysDescr = top.Map("match", TemplateKeys.Match)?.Pattern("sysDescr"),
            PortPattern = PortsSection.Pattern(top, faults),
            LongNames = PortsSection.LongNames(top, faults),
            Configure = configure,
            Port = port,
            Reads = reads,
            Sections = sections,
            Guards = Guards(top, reads, faults),
            FirstWords = [.. top.Texts("firstWords").Select(w => w.Text)],
            Fields = new FieldSection(lines, faults, configure, port, reads).Read(top),
            Save = save,
        };
        return new(template, TerminalSection.Read(top, lines, faults)) { SaveDialogues = questions, Archive = ArchiveSection.Read(top, lines, faults) };
    }

    private static string Name(MapReader top, string folder, FaultList faults)
    {
        var name = top.Required("name", "the folder's name");
        if (name.Text.Length > 0 && name.Text != folder)
        {
            faults.Add(name, $"The template is called \"{Printable.Of(name.Text)}\" but lies in the folder \"{folder}\".", "Call both the same.");
        }

        return name.Text;
    }

    private static IReadOnlyList<string> ObjectIds(MapReader top, FaultList faults)
    {
        var match = top.Map("match", TemplateKeys.Match);
        var known = match is not null && (match.Has("sysObjectId") || match.Has("sysDescr"));
        if (match?.Text("byHand") is { } byHand && known)
        {
            faults.Add(byHand, "match.byHand stands beside what switches say of themselves.", "Keep one of them.");
        }
        else if (!known && match?.Has("byHand") != true)
        {
            faults.Add(top.At("match"), "Nothing says which switches this is for.", "Add match with sysObjectId, sysDescr or both, or byHand with the reason why a person chooses it.");
        }

        var ids = match?.Texts("sysObjectId") ?? [];
        foreach (var id in ids.Where(i => !Regex.IsMatch(i.Text, @"\A1(\.\d+)+\.?\z", RegexOptions.NonBacktracking)))
        {
            faults.Add(id, $"\"{Printable.Of(id.Text)}\" is not an object identifier.", "Write numbers and dots: 1.3.6.1.4.1.2011.2.");
        }

        return [.. ids.Select(i => i.Text.TrimEnd('.'))];
    }

    private static (Dictionary<string, string> Commands, Dictionary<string, string> Sections) Reads(MapReader top, LinePolicy lines, FaultList faults)
    {
        var commands = new Dictionary<string, string>();
        var sections = new Dictionary<string, string>();
        foreach (var (name, value) in top.Entries("reads"))
        {
            var where = $"reads.{name.Text}";
            switch (value)
            {
                case YamlText { Text.Length: > 0 } text:
                    commands[name.Text] = lines.Check(text, where, "{port}");
                    break;
                case YamlMap map:
                    var read = new MapReader(map, where, TemplateKeys.ReadCommand, faults);
                    commands[name.Text] = lines.Check(read.Required("command", "what is typed"), $"{where}.command", "{port}");
                    if (read.Text("section") is { } section)
                    {
                        sections[name.Text] = section.Text;
                    }

                    break;
                default:
                    faults.Add(value, $"{where} is not a command.", "Write the line that is typed, or a map with command and section.");
                    break;
            }
        }

        return (commands, sections);
    }

    private static IReadOnlyList<PortGuard> Guards(MapReader top, Dictionary<string, string> reads, FaultList faults)
    {
        var guards = new List<PortGuard>();
        foreach (var item in top.Items("refuse"))
        {
            if (item is not YamlMap map)
            {
                faults.Add(item, "An item of refuse is a map.", $"Write {string.Join(", ", TemplateKeys.Refuse)}.");
                continue;
            }

            var guard = new MapReader(map, "refuse", TemplateKeys.Refuse, faults);
            guards.Add(new(
                FieldRead.Command(guard, reads, faults),
                guard.RequiredPattern("match", "the pattern that forbids writing the port"),
                guard.Required("why", "the words after \"the switch shows that\"").Text));
        }

        return guards;
    }
}
