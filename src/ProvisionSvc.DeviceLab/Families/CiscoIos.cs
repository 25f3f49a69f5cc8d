using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Cisco Catalyst on IOS: its name is cut to 20 characters in configuration, and its agent shortens the names of interfaces.</summary>
internal sealed class CiscoIos : IosLike
{
    private const int LongestNameInConfiguration = 20;

    public static readonly Family Family = new(
        "cisco-ios", "1.3.6.1.4.1.9.1.1208",
        model => $"Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)\r\nTechnical Support: http://www.cisco.com/techsupport\r\n{model.Name}",
        AgentHas.Names | AgentHas.Aliases | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new CiscoIos())
    {
        Small = new HardwareModel("WS-C2960X-24TD-L", 24, Names),
        Large = new HardwareModel("WS-C2960X-48TD-L", 48, Names),
        Hold = Family.WithoutRates,
    };

    public override string Full => "% Connection refused by remote host";

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        .. Switching(Mode.Interface),
        new(Mode.User | Mode.Enabled, "terminal width <number>", _ => { }),
        new(Mode.Configure | Mode.Interface | Mode.Vlan, "vlan <vlans>", EnterVlan),
        new(Mode.Vlan, "name <rest>", _ => { }),
        new(Mode.Interface, "switchport trunk allowed vlan none", c => SetAllowed(c, "")),
        new(Mode.Interface, "switchport trunk allowed vlan all", c => SetAllowed(c, null)),
        new(Mode.Interface, "switchport trunk allowed vlan <vlans>", c => SetAllowed(c, VlanList.Of(VlanList.Parse(c.Text(0))))),
        new(Mode.Interface, "switchport trunk allowed vlan add <vlans>", c => ChangeAllowed(c, (now, some) => now.Union(some))),
        new(Mode.Interface, "switchport trunk allowed vlan remove <vlans>", c => ChangeAllowed(c, (now, some) => now.Except(some))),
        new(Mode.Interface, "no switchport trunk allowed vlan", c => SetAllowed(c, null)),
        new(Mode.Interface, "switchport trunk native vlan <vlan>", c => SetNative(c, c.Number(0))),
        new(Mode.Interface, "no switchport trunk native vlan", c => SetNative(c, null)),
        new(Mode.User | Mode.Enabled, "show version", c => c.Print(Family.SysDescr(c.Device.Model).Split("\r\n"))),
        new(Mode.Enabled, "show running-config", c => c.Print(Running(Whole(c.Device, c.Device.Running)))),
        new(Mode.Enabled, "show running-config interface <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Running(["!", .. Interface(c.Device, slot, c.Device.Running.Ports[slot]), "end", ""]));
        }),
        new(Mode.Enabled, "show startup-config", c => c.Print(Startup(c.Device))),
        new(Mode.User | Mode.Enabled, "show interfaces status", c => c.Print(Status(c.Device))),
        new(Mode.User | Mode.Enabled, "show interfaces <word> switchport", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Switchport(c.Device, slot));
        }),
        new(Mode.Enabled, "write memory", Save),
        new(Mode.Enabled, "write", Save),
        new(Mode.Enabled, "copy running-config startup-config", c => c.Ask(new Question("Destination filename [startup-config]? ", (answer, _) =>
        {
            Save(answer);
            return true;
        }))),
    ];

    protected override string ConfigurationName(string sysName) => sysName.Length <= LongestNameInConfiguration ? sysName : sysName[..LongestNameInConfiguration];

    protected override void EnterConfiguration(CommandContext context)
    {
        base.EnterConfiguration(context);
        context.Print("Enter configuration commands, one per line.  End with CNTL/Z.");
    }

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => new($"Gi1/0/{n}", $"GigabitEthernet1/0/{n}"),
        InterfaceKind.FastPort => new($"Te1/1/{n}", $"TenGigabitEthernet1/1/{n}"),
        InterfaceKind.Lag => new($"Po{n}", $"Port-channel{n}"),
        InterfaceKind.VlanInterface => new($"Vl{n}", $"Vlan{n}"),
        InterfaceKind.Management => new("Fa0", "FastEthernet0"),
        InterfaceKind.Loopback => default(InterfaceName?),
        _ => new("Nu0", "Null0"),
    };

    private static IEnumerable<string> Whole(SimSwitch device, SwitchConfig config) =>
    [
        "!", "version 15.2", "!", $"hostname {device.Name}", "!", .. config.Vlans.Where(v => v != 1).SelectMany(v => new[] { $"vlan {v}", "!" }),
        .. Enumerable.Range(0, config.Ports.Length).Where(s => device.Model.Interfaces[s].Kind != InterfaceKind.Null).SelectMany(s => Interface(device, s, config.Ports[s]).Append("!")),
        "line vty 0 15", " transport input ssh", "!", "end", "",
    ];

    private static IEnumerable<string> Running(IEnumerable<string> text)
    {
        var lines = text.ToList();
        return ["Building configuration...", "", $"Current configuration : {lines.Sum(l => l.Length + 1)} bytes", .. lines];
    }

    private static IEnumerable<string> Startup(SimSwitch device)
    {
        var lines = Whole(device, device.Startup).ToList();
        return [$"Using {lines.Sum(l => l.Length + 1)} out of 524288 bytes", .. lines];
    }

    private static IEnumerable<string> Interface(SimSwitch device, int slot, PortConfig port)
    {
        var model = device.Model.Interfaces[slot];
        yield return $"interface {model.CliName}";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (port.DefaultVlan != 1) yield return $" switchport access vlan {port.DefaultVlan}";
        if (port.NativeVlan is { } native) yield return $" switchport trunk native vlan {native}";
        if (port.Allowed is { } allowed)
        {
            // A long list goes on in lines of its own.
            foreach (var (part, i) in (allowed.Length == 0 ? ["none"] : allowed.Split(',').Chunk(10).Select(c => string.Join(',', c))).Select((part, i) => (part, i)))
            {
                yield return $" switchport trunk allowed vlan {(i == 0 ? "" : "add ")}{part}";
            }
        }

        if (model.Kind == InterfaceKind.Lag || model.IsLagMember) yield return " switchport mode trunk";
        else if (port.LinkType != LinkType.Default) yield return $" switchport mode {port.LinkType.ToString().ToLowerInvariant()}";
        if (model.Kind == InterfaceKind.VlanInterface) yield return " no ip address";
        if (port.Shutdown) yield return " shutdown";
        if (model.IsLagMember) yield return " channel-group 1 mode active";
    }

    private static IEnumerable<string> Switchport(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var trunk = port.LinkType == LinkType.Trunk || model.Kind == InterfaceKind.Lag || model.IsLagMember;
        var mode = trunk ? "trunk" : port.LinkType == LinkType.Access ? "static access" : "dynamic auto";
        yield return $"Name: {model.Name}";
        yield return $"Switchport: {(model.IsPhysical ? "Enabled" : "Disabled")}";
        if (!model.IsPhysical) yield break;
        yield return $"Administrative Mode: {mode}";
        yield return $"Operational Mode: {(!device.ReadLink(slot).IsUp ? "down" : model.IsLagMember ? "trunk (member of bundle Po1)" : trunk ? "trunk" : "static access")}";
        yield return "Administrative Trunking Encapsulation: dot1q";
        yield return $"Negotiation of Trunking: {(port.LinkType == LinkType.Access ? "Off" : "On")}";
        yield return $"Access Mode VLAN: {port.DefaultVlan} ({(port.DefaultVlan == 1 ? "default" : $"VLAN{port.DefaultVlan:D4}")})";
        yield return $"Trunking Native Mode VLAN: {port.NativeVlan ?? 1} ({(port.NativeVlan is { } native ? $"VLAN{native:D4}" : "default")})";
        yield return $"Trunking VLANs Enabled: {(port.Allowed is { } allowed ? allowed.Length == 0 ? "NONE" : allowed : "ALL")}";
    }

    private static IEnumerable<string> Status(SimSwitch device)
    {
        yield return "";
        yield return "Port      Name               Status       Vlan       Duplex  Speed Type";
        for (var slot = 0; slot < device.Model.Interfaces.Count; slot++)
        {
            var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
            if (!model.IsPhysical) continue;
            var up = device.ReadLink(slot).IsUp;
            var status = port.Shutdown ? "disabled" : up ? "connected" : "notconnect";
            var vlan = model.Kind == InterfaceKind.Lag || model.IsLagMember || port.LinkType == LinkType.Trunk ? "trunk" : port.DefaultVlan.ToString(CultureInfo.InvariantCulture);
            var name = port.Description.Length > 18 ? port.Description[..18] : port.Description;
            yield return $"{model.Name,-9} {name,-18} {status,-12} {vlan,-10} {(up ? "a-full" : "auto"),6} {(up ? $"a-{model.SpeedMbps}" : "auto"),6} 10/100/1000BaseTX";
        }
    }

    private static void Save(CommandContext context)
    {
        context.Print("Building configuration...");
        context.Print(context.TrySave(out var why) ? "[OK]" : $"%Error opening nvram:/startup-config ({why})");
    }

    private static void SetAllowed(CommandContext context, string? list) => context.WritePort("allowed", p => p with { Allowed = list }, p => p.Allowed ?? "all");

    private static void ChangeAllowed(CommandContext context, Func<IEnumerable<int>, IEnumerable<int>, IEnumerable<int>> change) => context.WritePort(
        "allowed", p => p with { Allowed = VlanList.Of(change(p.Allowed is { } list ? VlanList.Parse(list) : Enumerable.Range(1, 4094), VlanList.Parse(context.Text(0)))) }, p => p.Allowed ?? "all");

    private static void SetNative(CommandContext context, int? vlan) => context.WritePort("nativeVlan", p => p with { NativeVlan = vlan }, p => $"{p.NativeVlan}");
}
