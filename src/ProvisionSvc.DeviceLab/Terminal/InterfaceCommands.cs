using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>What can be set on an interface. A link type can only change while the port's VLAN is the default one.</summary>
internal static class InterfaceCommands
{
    private const string NotDefault = "Please renew the default configurations.";
    private const int LongestDescription = 242;

    public static IEnumerable<Command> All =>
    [
        Write("shutdown", c => Shut(c, true)),
        Write("undo shutdown", c => Shut(c, false)),
        Write("description <rest>", Describe),
        Write("undo description", c => c.WritePort("description", p => p with { Description = "" }, p => p.Description)),
        Write("port link-type access", c => SetLinkType(c, LinkType.Access)),
        Write("port link-type trunk", c => SetLinkType(c, LinkType.Trunk)),
        Write("undo port link-type", c => SetLinkType(c, LinkType.Default)),
        Write("port default vlan <vlan>", SetDefaultVlan),
        Write("undo port default vlan", c => c.WritePort("defaultVlan", p => p with { DefaultVlan = 1 }, p => $"{p.DefaultVlan}")),
        Write("qos lr inbound cir <kbps>", c => Limit(c, inbound: true, Rate(c))),
        Write("qos lr inbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: true, Rate(c, withBurst: true))),
        Write("qos lr outbound cir <kbps>", c => Limit(c, inbound: false, Rate(c))),
        Write("qos lr outbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: false, Rate(c, withBurst: true))),
        Write("undo qos lr inbound", c => Limit(c, inbound: true, null)),
        Write("undo qos lr outbound", c => Limit(c, inbound: false, null)),
    ];

    private static Command Write(string pattern, Action<CommandContext> run) => new(Views.Interface, pattern, run) { Writes = true };

    private static void Shut(CommandContext context, bool down) =>
        context.WritePort("shutdown", p => p with { Shutdown = down }, p => p.Shutdown ? "shutdown" : "undo shutdown");

    private static void Describe(CommandContext context)
    {
        if (context.Text(0).Length > LongestDescription) context.WrongParameter(0);
        else context.WritePort("description", p => p with { Description = context.Text(0) }, p => p.Description);
    }

    private static void SetLinkType(CommandContext context, LinkType type)
    {
        var port = context.Device.Running.Ports[context.State.Slot];
        if (port.LinkType != type && port.DefaultVlan != 1) context.Error(NotDefault);
        else context.WritePort("linkType", p => p with { LinkType = type }, p => p.LinkType.ToString().ToLowerInvariant());
    }

    private static void SetDefaultVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (!context.Device.Running.Vlans.Contains(vlan)) context.Error("The VLAN does not exist.");
        else if (context.Device.Running.Ports[context.State.Slot].LinkType != LinkType.Access) context.Error(NotDefault);
        else context.WritePort("defaultVlan", p => p with { DefaultVlan = vlan }, p => $"{p.DefaultVlan}");
    }

    private static RateLimit Rate(CommandContext context, bool withBurst = false) =>
        new(context.Number(0), withBurst ? context.Long(1) : context.Number(0) * 125L);

    private static void Limit(CommandContext context, bool inbound, RateLimit? rate)
    {
        if (inbound) context.WritePort("inbound", p => p with { Inbound = rate }, p => p.Inbound?.ToString() ?? "");
        else context.WritePort("outbound", p => p with { Outbound = rate }, p => p.Outbound?.ToString() ?? "");
    }
}
