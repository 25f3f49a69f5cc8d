using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>ZTE ZXR10 59xx on ROS: switching has a mode of its own beside the interface's, and the agent has no ifXTable.</summary>
internal sealed class ZteZxr10 : IosLike
{
    public static readonly Family Family = new(
        "zte-zxr10", "1.3.6.1.4.1.3902.3.600.3.1.3061",
        model => $"ZTE Ethernet Switch {model.Name}, Version: V3.00.11\r\nCopyright (c) by ZTE Corporation",
        AgentHas.None, new ZteZxr10())
    {
        Small = new HardwareModel("ZXR10 5950-28TM-H", 24, Names),
        Large = new HardwareModel("ZXR10 5950-52TM-H", 48, Names),
        Hold = Family.WithoutRates,
    };

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        .. Switching(Mode.SwitchVlanInterface),
        new(Mode.Configure, "switchvlan-configuration", c => c.State.Mode = Mode.SwitchVlan),
        new(Mode.SwitchVlan, "vlan <vlan>", c =>
        {
            var vlan = c.Number(0);
            if (!c.Config.Vlans.Contains(vlan)) c.WriteVlans(all => all.Add(vlan));
            (c.State.Mode, c.State.Vlans) = (Mode.SwitchVlanVlan, [vlan]);
        }),
        new(Mode.SwitchVlan, "interface <rest>", c => EnterInterface(c, Mode.SwitchVlanInterface)),
        new(Mode.Enabled, "show running-config-interface <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Interface(c.Device, slot));
        }),
        new(Mode.Enabled, "show running-config", c => c.Print(Enumerable.Range(0, c.Device.Model.Interfaces.Count).SelectMany(s => Interface(c.Device, s)))),
        new(Mode.User | Mode.Enabled, "show interface brief", c => c.Print(Brief(c.Device, Enumerable.Range(0, c.Device.Model.Interfaces.Count)))),
        new(Mode.User | Mode.Enabled, "show interface brief <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Brief(c.Device, [slot]));
        }),
        new(Mode.Enabled, "write", c =>
        {
            c.Print("Building configuration...");
            c.Print(c.TrySave(out var why) ? "..[OK]" : $"%Error 140301: {why}");
        }),
    ];

    protected override string Place(TerminalState state) => state.Mode switch
    {
        Mode.Interface => $"config-if-{state.SlotName}",
        Mode.SwitchVlan => "config-swvlan",
        Mode.SwitchVlanInterface => $"config-swvlan-if-{state.SlotName}",
        Mode.SwitchVlanVlan => $"config-swvlan-sub-{state.Vlans[0]}",
        _ => base.Place(state),
    };

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.TooMany => Caret(indent + column, "% Parameter too much"),
        Misfit.Unrecognized when column == 0 => ["% Command not found"],
        _ => Caret(indent + column, "% Invalid input detected at '^' marker."),
    };

    protected override void Exit(CommandContext context)
    {
        if (context.State.Mode is Mode.SwitchVlanInterface or Mode.SwitchVlanVlan) context.State.Mode = Mode.SwitchVlan;
        else base.Exit(context);
    }

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"gei-0/1/1/{n}",
        InterfaceKind.FastPort => $"xgei-0/1/2/{n}",
        InterfaceKind.Lag => $"smartgroup{n}",
        InterfaceKind.VlanInterface => $"vlan{n}",
        InterfaceKind.Management => "mgmt_eth",
        _ => default(InterfaceName?),
    };

    /// <summary>Both places at once: the interface itself, and its switching.</summary>
    private static IEnumerable<string> Interface(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var trunk = port.LinkType == LinkType.Trunk || model.Kind == InterfaceKind.Lag || model.IsLagMember;
        yield return "!<Interface>";
        yield return $"interface {model.CliName}";
        if (port.Description.Length > 0) yield return $"  description {port.Description}";
        yield return port.Shutdown ? "  shutdown" : "  no shutdown";
        yield return "$";
        yield return "!</Interface>";
        yield return "!<switchvlan>";
        yield return "switchvlan-configuration";
        yield return $"  interface {model.CliName}";
        if (trunk) yield return "    switchport mode trunk";
        if (trunk) yield return "    switchport trunk vlan 2-4000";
        if (!trunk && port.LinkType == LinkType.Access) yield return "    switchport mode access";
        if (!trunk) yield return $"    switchport access vlan {port.DefaultVlan}";
        yield return "  $";
        yield return "$";
        yield return "!</switchvlan>";
        if (!model.IsLagMember) yield break;
        yield return "!<lacp>";
        yield return "lacp";
        yield return $"  interface {model.CliName}";
        yield return "    smartgroup 1 mode active";
        yield return "  $";
        yield return "$";
        yield return "!</lacp>";
    }

    private static IEnumerable<string> Brief(SimSwitch device, IEnumerable<int> slots)
    {
        yield return "Interface               Attribute  Mode         BW    Admin Phy   Prot  Description";
        foreach (var slot in slots.Where(s => device.Model.Interfaces[s].IsPhysical))
        {
            var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
            var up = device.ReadLink(slot).IsUp ? "up" : "down";
            var text = port.Description.Length > 20 ? port.Description[..17] + "..." : port.Description;
            yield return $"{model.CliName,-23} {(model.Kind == InterfaceKind.Port ? "electric" : "optical"),-10} {"Duplex/full",-12} {model.SpeedMbps / 1000}G{"",-3} {(port.Shutdown ? "down" : "up"),-5} {up,-5} {up,-5} {text}".TrimEnd();
        }
    }
}
