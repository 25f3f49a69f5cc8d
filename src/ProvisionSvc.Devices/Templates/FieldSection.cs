using System.Globalization;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>fields</c>: per intent field how it is set, unset, rounded, read and proven.</summary>
internal sealed class FieldSection(
    LinePolicy lines, FaultList faults, LevelTemplate configure, LevelTemplate port, IReadOnlyDictionary<string, string> reads)
{
    private const long MostScale = 1_000_000;

    public Dictionary<IntentField, FieldTemplate> Read(MapReader top)
    {
        var fields = new Dictionary<IntentField, FieldTemplate>();
        foreach (var (key, value) in top.Entries("fields"))
        {
            if (FieldNames.Parse(key.Text) is not { } field)
            {
                faults.Add(key, $"\"{Printable.Of(key.Text)}\" is not a field of an intent.", $"The fields are {string.Join(", ", FieldNames.All)}.");
            }
            else if (value is not YamlMap map)
            {
                faults.Add(value, $"fields.{key.Text} is {value.Kind}.", $"Write a map with {string.Join(", ", Keys(field))}.");
            }
            else
            {
                fields[field] = Field(field, new(map, $"fields.{key.Text}", Keys(field), faults));
            }
        }

        if (!fields.ContainsKey(IntentField.AdminStatus))
        {
            faults.Add(top.At("fields"), "fields.adminStatus is missing.", "A template that cannot open and close a port is of no use; add it.");
        }

        return fields;
    }

    /// <summary>The read that a rule names.</summary>
    public static string Command(MapReader rule, IReadOnlyDictionary<string, string> reads, FaultList faults)
    {
        var from = rule.Required("from", "the name of a read");
        if (from.Text.Length > 0 && !reads.ContainsKey(from.Text))
        {
            faults.Add(from, $"There is no read \"{Printable.Of(from.Text)}\".", reads.Count == 0 ? "Add it to reads." : $"The reads are {string.Join(", ", reads.Keys)}.");
        }

        return from.Text;
    }

    private static string[] Keys(IntentField field) => field switch
    {
        IntentField.AdminStatus => TemplateKeys.AdminStatus,
        IntentField.AccessVlan => TemplateKeys.AccessVlan,
        IntentField.Alias => TemplateKeys.Alias,
        _ => TemplateKeys.Rate,
    };

    private FieldTemplate Field(IntentField field, MapReader map)
    {
        var rate = field is IntentField.RateDown or IntentField.RateUp;
        var words = field == IntentField.AdminStatus;
        var snmp = !rate && map.Flag("snmp", false);
        var none = field == IntentField.AccessVlan && map.Has("none") ? map.Number("none", 1, 1, 4094).ToString(CultureInfo.InvariantCulture) : null;
        if (field == IntentField.AccessVlan && snmp != (none is not null))
        {
            faults.Add(map.At(snmp ? "snmp" : "none"), $"{map.Name(snmp ? "snmp" : "none")} stands alone.", "A port always has a PVID: write snmp, and with none which VLAN stands for none.");
        }

        string[] pair = words ? ["up", "down"] : ["set", "unset"];
        var missing = pair.Where(k => !map.Has(k)).ToList();

        // What can be set must be unsettable: disconnecting, and taking back, need it. By SNMP alone both are the same SET.
        if (missing.Count > 0 && !(snmp && missing.Count == 2))
        {
            missing.ForEach(k => faults.Add(map.At(k), $"{map.Name(k)} is missing.", snmp
                ? $"Write both {pair[0]} and {pair[1]}, or neither where only SNMP is used."
                : $"Write both {pair[0]} and {pair[1]}, or leave the field out: then orders that need it are refused with that reason."));
        }

        var scale = rate ? map.Number("scale", 1, 1, MostScale) : 1;
        var read = Rule(field, map, scale);
        var verify = map.Word("verify", ["terminal", "snmp"]) ?? (read is null ? "snmp" : "terminal");
        if (verify == "snmp" && !(field is IntentField.AdminStatus or IntentField.Alias || none is not null))
        {
            faults.Add(map.At("verify"), $"{map.Name("verify")}: nothing proves this field by SNMP yet.", "Add read, and verify by terminal.");
        }
        else if (verify == "terminal" && read is null)
        {
            faults.Add(map.At("verify"), $"{map.Name("verify")} is terminal, but nothing reads the field there.", "Add read.");
        }

        return new()
        {
            Set = words ? [] : Lines(map, "set", "{port}", "{value}"),
            Unset = words ? [] : Lines(map, "unset", "{port}"),
            Cases = words && missing.Count == 0 ? pair.ToDictionary(w => w, w => Lines(map, w, "{port}")) : new Dictionary<string, IReadOnlyList<TemplateLine>>(),
            SnmpSettable = snmp,
            SnmpNone = none,
            Read = read,
            VerifyBy = verify == "snmp" ? Channel.Snmp : Channel.Terminal,
            Step = rate ? map.Number("step", 1, 1, MostScale) : 1,
            Scale = scale,
            MaxLength = field == IntentField.Alias ? (int)map.Number("maxLength", 255, CircuitId.MaxLength, 255) : 255,
        };
    }

    /// <summary>A plain line is typed in the innermost level the family has; another level is named: <c>configure: vlan batch {value}</c>.</summary>
    private IReadOnlyList<TemplateLine> Lines(MapReader map, string key, params IReadOnlyList<string> placeholders)
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

    private ReadRule? Rule(IntentField field, MapReader map, long scale)
    {
        if (map.Map("read", TemplateKeys.Read) is not { } read)
        {
            return null;
        }

        var pattern = read.RequiredPattern("match", "the pattern whose group \"value\" is what is read");
        var present = read.Text("present")?.Text;
        if ((present is null) == !pattern.GetGroupNames().Contains("value"))
        {
            faults.Add(read.At("match"), $"{read.Name("match")} needs either a group (?<value>…) or present beside it.", "Use the group for values, present where the match itself is the news.");
        }

        var absent = read.Text("absent")?.Text;
        foreach (var (key, word) in new[] { ("present", present), ("absent", absent == "none" ? null : absent) })
        {
            if (word is not null && !(field == IntentField.AdminStatus && word is "up" or "down"))
            {
                faults.Add(read.At(key), $"{read.Name(key)} is \"{Printable.Of(word)}\".", field == IntentField.AdminStatus ? "It is up or down." : "Of this field only \"none\" can be read from silence.");
            }
        }

        if (absent is null && read.Has("absentWhen"))
        {
            faults.Add(read.At("absentWhen"), $"{read.Name("absentWhen")} stands without absent.", "Add absent: what its match means.");
        }

        return new(Command(read, reads, faults), pattern, present, absent == "none" ? null : absent, read.Number("scale", scale, 1, MostScale))
        {
            AbsentProof = read.Pattern("absentWhen"),
            SilenceIsAnAnswer = absent is not null,
        };
    }
}
