using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads the fields that make and fill trunks: <c>mode</c>, <c>allowedVlans</c>, <c>nativeVlan</c>.</summary>
internal sealed class TrunkSection(FieldLines lines, FieldRead reads, FaultList faults)
{
    public FieldTemplate Mode(MapReader map)
    {
        var cases = new[] { PortIntent.Access, PortIntent.TrunkMode }.Where(map.Has).ToDictionary(m => m, m => lines.Of(map, m, "{port}"));
        if (!map.Has(PortIntent.Access))
        {
            faults.Add(map.At(PortIntent.Access), $"{map.Name(PortIntent.Access)} is missing.", "Write what makes the port an access port, or leave mode out.");
        }

        var read = Required(map, reads.Of(IntentField.Mode, map));
        if (read is { SilenceIsAnAnswer: true, Absent: null } != map.Has("unset"))
        {
            faults.Add(map.At("unset"), map.Has("unset") ? $"{map.Name("unset")} stands without a mode \"none\"." : $"{map.Name("unset")} is missing.",
                "Where a port can have no mode (read.absent: none), write what returns it to that; elsewhere leave it out.");
        }

        return new() { Cases = cases, Unset = lines.Of(map, "unset", "{port}"), Read = read };
    }

    public FieldTemplate AllowedVlans(MapReader map)
    {
        foreach (var key in (string[])["add", "remove"])
        {
            if (!map.Has(key))
            {
                faults.Add(map.At(key), $"{map.Name(key)} is missing.", "Write both add and remove: a list is changed VLAN by VLAN.");
            }
        }

        var (add, remove) = (lines.Of(map, "add", "{port}", "{value}"), lines.Of(map, "remove", "{port}", "{value}"));
        foreach (var (key, typed) in new[] { ("add", add), ("remove", remove) }.Where(l => l.Item2.Count > 0 && !l.Item2.Any(t => t.Text.Contains("{value}", StringComparison.Ordinal))))
        {
            faults.Add(map.At(key), $"{map.Name(key)} names no {{value}}.", "It would change the whole list, which may hold other people's VLANs.");
        }

        return new() { Add = add, Remove = remove, Read = Required(map, reads.Of(IntentField.AllowedVlans, map)) };
    }

    public FieldTemplate NativeVlan(MapReader map)
    {
        foreach (var key in new[] { "set", "unset" }.Where(k => !map.Has(k)))
        {
            faults.Add(map.At(key), $"{map.Name(key)} is missing.", "Write both set and unset, or leave the field out: then a trunk has no line without a tag.");
        }

        return new()
        {
            Set = lines.Of(map, "set", "{port}", "{value}"),
            Unset = lines.Of(map, "unset", "{port}"),
            Read = Required(map, reads.Of(IntentField.NativeVlan, map)),
        };
    }

    /// <summary>A trunk without a list carries everything, and a list belongs to a trunk.</summary>
    public void CheckTogether(MapReader top, IReadOnlyDictionary<IntentField, FieldTemplate> fields)
    {
        var trunks = fields.TryGetValue(IntentField.Mode, out var mode) && mode.Cases.ContainsKey(PortIntent.TrunkMode);
        if (trunks != fields.ContainsKey(IntentField.AllowedVlans) || (!trunks && fields.ContainsKey(IntentField.NativeVlan)))
        {
            faults.Add(top.At("fields"), "fields.mode.trunk, fields.allowedVlans and fields.nativeVlan do not stand together.",
                "A trunk needs its list; list and native VLAN need a trunk.");
        }

        if (fields.ContainsKey(IntentField.Mode) && !fields.ContainsKey(IntentField.AccessVlan))
        {
            faults.Add(top.At("fields"), "fields.mode stands without fields.accessVlan.", "Write the VLAN of an access port too.");
        }
    }

    private ReadRule? Required(MapReader map, ReadRule? read)
    {
        if (read is null)
        {
            faults.Add(map.At("read"), $"{map.Name("read")} is missing.", "What a trunk carries must be known before it is written.");
        }

        return read;
    }
}
