using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>VRP 5's words about interfaces and VLANs: the brief table, one interface in full, VLANs with their members wrapped four to a line.</summary>
internal static class HuaweiTables
{
    private static readonly string Rule = new('-', 80);

    public static IEnumerable<string> Brief(SimSwitch device)
    {
        yield return "PHY: Physical";
        yield return "*down: administratively down";
        yield return "(l): loopback";
        yield return "(s): spoofing";
        yield return "(b): BFD down";
        yield return "(e): ETHOAM down";
        yield return "(dl): DLDP down";
        yield return "(d): Dampening Suppressed";
        yield return "InUti/OutUti: input utility/output utility";
        yield return "Interface                   PHY   Protocol InUti OutUti   inErrors  outErrors";
        var order = Enumerable.Range(0, device.Model.Interfaces.Count).OrderBy(slot => Rank(device.Model.Interfaces[slot].Kind));
        foreach (var slot in order)
        {
            var model = device.Model.Interfaces[slot];
            if (model.Kind == InterfaceKind.Loopback) continue;
            // Members of the LAG stand indented below it, and only there.
            if (model.IsLagMember) continue;
            yield return BriefLine(device, slot, "");
            if (model.Kind != InterfaceKind.Lag) continue;
            foreach (var member in device.Model.TrunkMembers) yield return BriefLine(device, device.Model.IndexOf(member.Name), "  ");
        }
    }

    public static IEnumerable<string> Detail(SimSwitch device, int slot)
    {
        var model = device.Model.Interfaces[slot];
        var port = device.Running.Ports[slot];
        var link = device.ReadLink(slot);
        var up = IsUp(model, link);
        yield return $"{model.Name} current state : {(port.Shutdown ? "Administratively DOWN" : up ? "UP" : "DOWN")}";
        yield return $"Line protocol current state : {(up && !port.Shutdown ? "UP" : "DOWN")}";
        yield return $"Description:{port.Description}";
        if (!model.IsPhysical) yield break;
        yield return $"Switch Port, PVID : {port.DefaultVlan,4}, TPID : 8100(Hex), The Maximum Frame Length is 9216";
        yield return "IP Sending Frames' Format is PKTFMT_ETHNT_2, Hardware address is 4c1f-cc00-0001";
        yield return $"Current system time: {device.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
        yield return $"Port Mode: {(model.Kind == InterfaceKind.Port ? "COMMON COPPER" : "COMMON FIBER")}";
        yield return $"Speed : {model.SpeedMbps},  Loopback: NONE";
        yield return "Duplex: FULL,  Negotiation: ENABLE";
        yield return $"Input:  {link.InOctets / 500} packets, {link.InOctets} bytes";
        yield return $"Output:  {link.OutOctets / 500} packets, {link.OutOctets} bytes";
    }

    private static string BriefLine(SimSwitch device, int slot, string indent)
    {
        var model = device.Model.Interfaces[slot];
        var link = device.ReadLink(slot);
        var physical = device.Running.Ports[slot].Shutdown ? "*down" : IsUp(model, link) ? "up" : "down";
        var protocol = physical != "up" ? "down" : model.Kind == InterfaceKind.Null ? "up(s)" : "up";
        var use = model.IsPhysical || model.Kind is InterfaceKind.Management or InterfaceKind.Null ? "0%" : "--";
        return $"{indent + model.Name,-27} {physical,-5} {protocol,-8} {use,5} {use,6} {0,10} {0,10}";
    }

    private static bool IsUp(InterfaceModel model, LinkReading link) => model.IsAlwaysUp || link.IsUp;

    private static int Rank(InterfaceKind kind) => kind switch
    {
        InterfaceKind.Lag => 0,
        InterfaceKind.Port => 1,
        InterfaceKind.Management => 2,
        InterfaceKind.Null => 3,
        InterfaceKind.VlanInterface => 4,
        _ => 5,
    };

    public static IEnumerable<string> Vlans(SimSwitch device)
    {
        yield return $"The total number of vlans is : {device.Running.Vlans.Count}";
        foreach (var line in Table(device, device.Running.Vlans)) yield return line;
    }

    public static IEnumerable<string> Vlan(SimSwitch device, int vlan) => Table(device, [vlan]);

    private static IEnumerable<string> Table(SimSwitch device, IReadOnlyCollection<int> vlans)
    {
        yield return Rule;
        yield return "U: Up;         D: Down;         TG: Tagged;         UT: Untagged;";
        yield return "MP: Vlan-mapping;               ST: Vlan-stacking;";
        yield return "#: ProtocolTransparent-vlan;    *: Management-vlan;";
        yield return Rule;
        yield return "";
        yield return "VID  Type    Ports";
        yield return Rule;
        foreach (var line in vlans.SelectMany(v => Members(device, v))) yield return line;
        yield return "";
        yield return "VID  Status  Property      MAC-LRN Statistics Description";
        yield return Rule;
        foreach (var vlan in vlans) yield return $"{vlan,-4} enable  default       enable  disable    VLAN {vlan:D4}";
    }

    private static IEnumerable<string> Members(SimSwitch device, int vlan)
    {
        var untagged = Names(device, slot => device.Running.Ports[slot].DefaultVlan == vlan && device.Model.Interfaces[slot] is { Kind: not InterfaceKind.Lag, IsLagMember: false });
        var tagged = vlan == 1 ? [] : Names(device, slot => device.Model.Interfaces[slot].Kind == InterfaceKind.Lag);
        var head = $"{vlan,-4} common  ";
        foreach (var (kind, names) in new[] { ("UT:", untagged), ("TG:", tagged) })
        {
            foreach (var (chunk, index) in names.Chunk(4).Select((chunk, index) => (chunk, index)))
            {
                yield return head + (index == 0 ? kind : "   ") + string.Concat(chunk.Select(n => n.PadRight(16))).TrimEnd();
                head = new string(' ', 13);
            }
        }

        if (untagged.Count + tagged.Count == 0) yield return head.TrimEnd();
    }

    private static List<string> Names(SimSwitch device, Func<int, bool> isMember) =>
        [.. Enumerable.Range(0, device.Model.Interfaces.Count).Where(slot => device.Model.Interfaces[slot].IsPhysical && isMember(slot))
            .Select(slot => $"{ShortName(device.Model.Interfaces[slot])}({(device.ReadLink(slot).IsUp ? 'U' : 'D')})")];

    /// <summary>The form used inside tables: GE0/0/1.</summary>
    private static string ShortName(InterfaceModel model) => model.Name.Replace("GigabitEthernet", "GE", StringComparison.Ordinal);
}
