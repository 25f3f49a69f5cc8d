using System.Globalization;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>fields</c>: per intent field how it is set, unset, rounded, read and proven.</summary>
internal sealed class FieldSection(
    LinePolicy lines, FaultList faults, LevelTemplate configure, LevelTemplate port, IReadOnlyDictionary<string, string> reads)
{
    internal const long MostScale = 1_000_000;

    private readonly TrunkSection _trunks = new(new FieldLines(lines.ForTrunks, faults, configure, port), new FieldRead(faults, reads), faults);
    private readonly FieldLines _lines = new(lines, faults, configure, port);
    private readonly FieldRead _read = new(faults, reads);

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
                var reader = new MapReader(map, $"fields.{key.Text}", Keys(field), faults);
                fields[field] = field switch
                {
                    IntentField.Mode => _trunks.Mode(reader),
                    IntentField.AllowedVlans => _trunks.AllowedVlans(reader),
                    IntentField.NativeVlan => _trunks.NativeVlan(reader),
                    _ => Field(field, reader),
                };
            }
        }

        _trunks.CheckTogether(top, fields);

        if (!fields.ContainsKey(IntentField.AdminStatus))
        {
            faults.Add(top.At("fields"), "fields.adminStatus is missing.", "A template that cannot open and close a port is of no use; add it.");
        }

        return fields;
    }

    private static string[] Keys(IntentField field) => field switch
    {
        IntentField.AdminStatus => TemplateKeys.AdminStatus,
        IntentField.Mode => TemplateKeys.Mode,
        IntentField.AllowedVlans => TemplateKeys.AllowedVlans,
        IntentField.NativeVlan => TemplateKeys.NativeVlan,
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
        var read = _read.Of(field, map, scale);
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
            Set = words ? [] : _lines.Of(map, "set", "{port}", "{value}"),
            Unset = words ? [] : _lines.Of(map, "unset", "{port}"),
            Cases = words && missing.Count == 0 ? pair.ToDictionary(w => w, w => _lines.Of(map, w, "{port}")) : new Dictionary<string, IReadOnlyList<TemplateLine>>(),
            SnmpSettable = snmp,
            SnmpNone = none,
            Read = read,
            VerifyBy = verify == "snmp" ? Channel.Snmp : Channel.Terminal,
            Step = rate ? map.Number("step", 1, 1, MostScale) : 1,
            Scale = scale,
            MaxLength = field == IntentField.Alias ? (int)map.Number("maxLength", 255, CircuitId.MaxLength, 255) : 255,
        };
    }
}
