using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads the lines by which a field is written, each with the level at which it is typed.</summary>
internal sealed class FieldLines(LinePolicy lines, FaultList faults, LevelTemplate configure, LevelTemplate port)
{
    /// <summary>A plain line is typed in the innermost level the family has; another level is named: <c>configure: vlan batch {value}</c>.</summary>
    public IReadOnlyList<TemplateLine> Of(MapReader map, string key, params IReadOnlyList<string> placeholders)
    {
        var found = new List<TemplateLine>();
        var innermost = port.Enter.Count > 0 ? LineScope.Port : configure.Enter.Count > 0 ? LineScope.Configure : LineScope.Exec;
        foreach (var item in map.Items(key))
        {
            var scoped = item is YamlMap one ? new MapReader(one, map.Name(key), TemplateKeys.Line, faults) : null;
            var scope = scoped is null ? innermost : scoped.Has("exec") ? LineScope.Exec : scoped.Has("configure") ? LineScope.Configure : LineScope.Port;
            var text = scoped is null ? item as YamlText : scoped.Text(scope switch { LineScope.Exec => "exec", LineScope.Configure => "configure", _ => "port" });
            if (item is YamlMap { Entries.Count: not 1 } || text is not { Text.Length: > 0 })
            {
                faults.Add(item, $"{map.Name(key)} lists lines; this is none.", "Write a text, or one of exec, configure, port with a text.");
            }
            else if ((scope == LineScope.Port && port.Enter.Count == 0) || (scope == LineScope.Configure && configure.Enter.Count == 0))
            {
                faults.Add(item, $"{map.Name(key)} types a line at a level that this template does not enter.", "Add configure or port with enter and leave.");
            }
            else
            {
                found.Add(new(scope, lines.Check(text, map.Name(key), placeholders)));
            }
        }

        if (map.Has(key) && found.Count == 0)
        {
            faults.Add(map.At(key), $"{map.Name(key)} has no line.", "Write what is typed.");
        }

        return found;
    }
}
