using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Huawei S series on VRP 5: lines take effect at once. A link type can only change while the port's VLAN is the default one.</summary>
internal sealed class HuaweiVrp5 : HuaweiLike
{
    public static readonly Family Family = new(
        "huawei-vrp5", "1.3.6.1.4.1.2011.2.23.510",
        model => $"{model.Name}\r\nHuawei Versatile Routing Platform Software\r\nVRP (R) software,Version 5.170 (S5720 V200R010C00SPC600)",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new HuaweiVrp5())
    {
        Small = new HardwareModel("S5720-28X-SI-AC", 24, Names),
        Large = new HardwareModel("S5720-52X-SI-AC", 48, Names),
    };

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        new(Mode.Interface, "qos lr inbound cir <kbps>", c => Limit(c, inbound: true, Rate(c))),
        new(Mode.Interface, "qos lr inbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: true, Rate(c, withBurst: true))),
        new(Mode.Interface, "qos lr outbound cir <kbps>", c => Limit(c, inbound: false, Rate(c))),
        new(Mode.Interface, "qos lr outbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: false, Rate(c, withBurst: true))),
        new(Mode.Interface, "undo qos lr inbound", c => Limit(c, inbound: true, null)),
        new(Mode.Interface, "undo qos lr outbound", c => Limit(c, inbound: false, null)),
        new(Mode.All, "display version", Version),
        new(Mode.All, "display interface brief", c => c.Print(HuaweiTables.Brief(c.Device))),
        new(Mode.All, "display interface <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(HuaweiTables.Detail(c.Device, slot));
        }),
        new(Mode.All, "display vlan", c => c.Print(HuaweiTables.Vlans(c.Device))),
        new(Mode.All, "display vlan <vlan>", c =>
        {
            if (c.Device.Running.Vlans.Contains(c.Number(0))) c.Print(HuaweiTables.Vlan(c.Device, c.Number(0)));
            else c.Refuse("Error: The VLAN does not exist.");
        }),
    ];

    protected override bool IsAccess(LinkType type) => type == LinkType.Access;

    protected override IEnumerable<string> Whole(SimSwitch device, SwitchConfig config) =>
    [
        "!Software Version V200R010C00SPC600", "#", $"sysname {device.Name}", "#",
        .. config.Vlans.Count > 1 ? VlanBatch(config).Append("#") : [],
        "undo http server enable", "#",
        .. Interfaces(device, config),
        "snmp-agent", "snmp-agent sys-info version v2c", "#", "stelnet server enable", "#", "user-interface con 0", "user-interface vty 0 9", " protocol inbound ssh", "#", "return",
    ];

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"GigabitEthernet0/0/{n}",
        InterfaceKind.FastPort => $"XGigabitEthernet0/0/{n}",
        InterfaceKind.Lag => $"Eth-Trunk{n}",
        InterfaceKind.VlanInterface => $"Vlanif{n}",
        InterfaceKind.Management => "MEth0/0/1",
        InterfaceKind.Loopback => "InLoopBack0",
        _ => "NULL0",
    };

    private static void Version(CommandContext context)
    {
        var up = context.Device.Clock.GetUtcNow() - context.Device.BootedAt;
        context.Print("Huawei Versatile Routing Platform Software");
        context.Print("VRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)");
        context.Print("Copyright (C) 2000-2016 HUAWEI TECH CO., LTD");
        context.Print($"HUAWEI {context.Device.Model.Name} Routing Switch uptime is {up.Days / 7} week, {up.Days % 7} day, {up.Hours} hour, {up.Minutes} minute");
    }

    private static RateLimit Rate(CommandContext context, bool withBurst = false) =>
        new(context.Number(0), withBurst ? context.Long(1) : context.Number(0) * 125L);

    private static void Limit(CommandContext context, bool inbound, RateLimit? rate)
    {
        if (inbound) context.WritePort("inbound", p => p with { Inbound = rate }, p => p.Inbound?.ToString() ?? "");
        else context.WritePort("outbound", p => p with { Outbound = rate }, p => p.Outbound?.ToString() ?? "");
    }
}
