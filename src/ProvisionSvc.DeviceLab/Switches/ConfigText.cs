using System.Net;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>Prints configurations as the device does: a <c>#</c> line between sections, settings indented by one blank.</summary>
internal static class ConfigText
{
    public static IEnumerable<string> Whole(string sysName, HardwareModel model, IPAddress address, SwitchConfig config)
    {
        yield return "!Software Version V200R010C00SPC600";
        yield return "#";
        yield return $"sysname {sysName}";
        yield return "#";
        if (config.Vlans.Count > 1)
        {
            foreach (var line in VlanBatch(config.Vlans)) yield return line;
            yield return "#";
        }

        yield return "undo http server enable";
        yield return "#";
        for (var i = 0; i < model.Interfaces.Count; i++)
        {
            if (model.Interfaces[i].Kind == InterfaceKind.InLoopBack) continue;
            foreach (var line in Interface(model.Interfaces[i], config.Ports[i], address)) yield return line;
            yield return "#";
        }

        yield return "snmp-agent";
        yield return "snmp-agent sys-info version v2c";
        yield return "#";
        yield return "stelnet server enable";
        yield return "#";
        yield return "user-interface con 0";
        yield return "user-interface vty 0 9";
        yield return " protocol inbound ssh";
        yield return "#";
        yield return "return";
    }

    /// <summary>One interface's section, from its name on.</summary>
    public static IEnumerable<string> Interface(InterfaceModel model, PortConfig port, IPAddress address)
    {
        yield return $"interface {model.Name}";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (port.Shutdown) yield return " shutdown";
        if (model.Kind == InterfaceKind.MEth) yield return $" ip address {address} 255.255.255.255";
        foreach (var line in model.FixedLines) yield return $" {line}";
        if (port.LinkType != LinkType.Default) yield return $" port link-type {port.LinkType.ToString().ToLowerInvariant()}";
        if (port.DefaultVlan != 1) yield return $" port default vlan {port.DefaultVlan}";
        if (port.Inbound is { } inbound) yield return $" qos lr inbound {inbound}";
        if (port.Outbound is { } outbound) yield return $" qos lr outbound {outbound}";
    }

    /// <summary>VLANs but the default one as ranges, ten to a line as the device wraps them.</summary>
    public static IEnumerable<string> VlanBatch(IEnumerable<int> vlans)
    {
        var ranges = new List<string>();
        int? first = null, last = null;
        foreach (var vlan in vlans.Where(v => v != 1))
        {
            if (last is { } l && vlan == l + 1)
            {
                last = vlan;
                continue;
            }

            if (first is { } f) ranges.Add(Range(f, last!.Value));
            first = last = vlan;
        }

        if (first is { } open) ranges.Add(Range(open, last!.Value));
        return ranges.Chunk(10).Select(chunk => "vlan batch " + string.Join(' ', chunk));
    }

    private static string Range(int first, int last) => first == last ? $"{first}" : last == first + 1 ? $"{first} {last}" : $"{first} to {last}";
}
