using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>H3C and HPE on Comware: the small model runs Comware 7, the large one Comware 5. Rates are kept in steps of 8 kbit/s, with a burst of their own.</summary>
internal sealed class H3cComware : VrpLike
{
    private const string NoVlan = "The specified VLAN does not exist.";

    public static readonly Family Family = new(
        "h3c-comware", "1.3.6.1.4.1.25506.11.1.181", Describe,
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new H3cComware())
    {
        Small = new HardwareModel("S5130S-28S-HI", 24, Names),
        Large = new HardwareModel("A5500-48G-EI", 48, Names),
        Hold = line => line with { Inbound = Kept(line.Inbound), Outbound = Kept(line.Outbound) },
    };

    public override string? LoginQuestion => "Press Y or ENTER to continue, N to exit.";

    protected override int LongestDescription => 255;

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        new(Mode.User, "screen-length disable", c => c.State.PageLength = 0),
        new(Mode.User, "undo screen-length disable", c => c.State.PageLength = 24),
        new(Mode.User, "save", c => c.Ask(SureQuestion)),
        new(Mode.User, "save force", Save),
        new(Mode.Configuration, "vlan <rest>", EnterVlan),
        new(Mode.Interface, "port link-type access", c => SetLinkType(c, LinkType.Access)),
        new(Mode.Interface, "port link-type trunk", c => SetLinkType(c, LinkType.Trunk)),
        new(Mode.Interface, "undo port link-type", c => SetLinkType(c, LinkType.Default)),
        new(Mode.Interface, "port access vlan <vlan>", SetAccessVlan),
        new(Mode.Interface, "undo port access vlan", c => c.WritePort("defaultVlan", p => p with { DefaultVlan = 1 }, p => $"{p.DefaultVlan}")),
        new(Mode.Interface, "port trunk permit vlan <rest>", c => ChangeAllowed(c, add: true)),
        new(Mode.Interface, "undo port trunk permit vlan <rest>", c => ChangeAllowed(c, add: false)),
        new(Mode.Interface, "undo port trunk pvid", c => SetNative(c, null)),
        new(Mode.Interface, "qos lr inbound cir <kbps>", c => Limit(c, inbound: true, Kept(new(c.Number(0), 0)))),
        new(Mode.Interface, "qos lr inbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: true, Kept(new(c.Number(0), c.Long(1))))),
        new(Mode.Interface, "qos lr outbound cir <kbps>", c => Limit(c, inbound: false, Kept(new(c.Number(0), 0)))),
        new(Mode.Interface, "qos lr outbound cir <kbps> cbs <bytes>", c => Limit(c, inbound: false, Kept(new(c.Number(0), c.Long(1))))),
        new(Mode.Interface, "undo qos lr inbound", c => Limit(c, inbound: true, null)),
        new(Mode.Interface, "undo qos lr outbound", c => Limit(c, inbound: false, null)),
        new(Mode.All, "display version", c => c.Print(Describe(c.Device.Model).Split("\r\n"))),
        new(Mode.Configuration, "configuration commit delay <number>", BeginTrial),
        new(Mode.Configuration, "configuration commit", KeepTrial),
    ];

    public override IEnumerable<string> Greet(SimSwitch device, int inUse) =>
    [
        new string('*', 78),
        "* Copyright (c) 2010-2023 Hewlett Packard Enterprise Development LP          *",
        "* Without the owner's prior written consent,                                 *",
        "* no decompiling or reverse-engineering shall be allowed.                    *",
        new string('*', 78),
        "",
    ];

    /// <summary>Some releases put a NUL before the prompt and a BEL behind it.</summary>
    public override string Prompt(TerminalState state) => state.Mode == Mode.User ? $"\0{base.Prompt(state)}\a" : base.Prompt(state);

    protected override string Say(Misfit misfit) => $" % {Words(misfit)} found at '^' position.";

    protected override IEnumerable<string> Whole(SimSwitch device, SwitchConfig config) =>
    [
        "#", $" version {(IsOld(device.Model) ? "5.20.99, Release 2221P08" : "7.1.070, Release 3507P18")}", "#", $" sysname {device.Name}", "#",
        .. config.Vlans.Count > 1 ? VlanList.Words(config.Vlans.Where(v => v != 1)).SelectMany(r => new[] { $"vlan {r}", "#" }) : [],
        .. Interfaces(device, config), " ssh server enable", "#", "return",
    ];

    protected override IEnumerable<string> Interface(SimSwitch device, int slot, PortConfig port)
    {
        var model = device.Model.Interfaces[slot];
        yield return $"interface {model.CliName}";
        if (model.IsPhysical && !IsOld(device.Model)) yield return " port link-mode bridge";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (model.Kind == InterfaceKind.Management) yield return $" ip address {device.Address} 255.255.255.255";
        if (port.LinkType == LinkType.Trunk || model.Kind == InterfaceKind.Lag || model.IsLagMember) yield return " port link-type trunk";
        if (model.Kind == InterfaceKind.Lag || model.IsLagMember) yield return " port trunk permit vlan all";
        if (port.DefaultVlan != 1) yield return $" port access vlan {port.DefaultVlan}";
        if (port is { LinkType: LinkType.Trunk, NativeVlan: { } native }) yield return $" port trunk pvid vlan {native}";
        if (port is { LinkType: LinkType.Trunk, Allowed: { } allowed })
        {
            var list = VlanList.Parse(allowed);
            if (!list.Contains(1)) yield return " undo port trunk permit vlan 1";
            foreach (var chunk in VlanList.Words(list.Where(v => v != 1)).Chunk(10)) yield return $" port trunk permit vlan {string.Join(' ', chunk)}";
        }

        if (port.Outbound is { } outbound) yield return $" qos lr outbound {outbound}";
        if (port.Inbound is { } inbound) yield return $" qos lr inbound {inbound}";
        if (port.Shutdown) yield return " shutdown";
        if (model.IsLagMember) yield return " port link-aggregation group 1";
    }

    private static bool IsOld(HardwareModel model) => model == Family.Large;

    private static string Describe(HardwareModel model) => IsOld(model)
        ? $"HP Comware Platform Software, Software Version 5.20.99 Release 2221P08\r\nHP {model.Name} Switch\r\nCopyright(c) 2010-2016 Hewlett-Packard Development Company, L.P."
        : $"H3C Comware Platform Software, Software Version 7.1.070, Release 3507P18\r\nH3C {model.Name}\r\nCopyright (c) 2004-2023 New H3C Technologies Co., Ltd. All rights reserved.";

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"GigabitEthernet1/0/{n}",
        InterfaceKind.FastPort => $"Ten-GigabitEthernet1/1/{n}",
        InterfaceKind.Lag => $"Bridge-Aggregation{n}",
        InterfaceKind.VlanInterface => $"Vlan-interface{n}",
        InterfaceKind.Management => "M-GigabitEthernet0/0/0",
        InterfaceKind.Loopback => "InLoopBack0",
        _ => "NULL0",
    };

    /// <summary>The rate in steps of 8 kbit/s, and a burst of 62.5 bytes for each kbit/s, rounded up to 512.</summary>
    private static RateLimit? Kept(RateLimit? rate)
    {
        if (rate is null) return null;
        var cir = (rate.CirKbps + 7) / 8 * 8;
        return new(cir, ((cir * 125L / 2) + 511) / 512 * 512);
    }

    private static void Limit(CommandContext context, bool inbound, RateLimit? rate)
    {
        if (inbound) context.WritePort("inbound", p => p with { Inbound = rate }, p => p.Inbound?.ToString() ?? "");
        else context.WritePort("outbound", p => p with { Outbound = rate }, p => p.Outbound?.ToString() ?? "");
    }

    private static void SetLinkType(CommandContext context, LinkType type) => context.WritePort(
        "linkType",
        p => p with { LinkType = type, DefaultVlan = type == LinkType.Trunk ? 1 : p.DefaultVlan, Allowed = type == LinkType.Trunk ? p.Allowed : null, NativeVlan = type == LinkType.Trunk ? p.NativeVlan : null },
        p => p.LinkType.ToString().ToLowerInvariant());

    private static void SetAccessVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (!context.Config.Vlans.Contains(vlan)) context.Refuse(NoVlan);
        else context.WritePort("defaultVlan", p => p with { DefaultVlan = vlan }, p => $"{p.DefaultVlan}");
    }

    private static Question SureQuestion { get; } = YesOrNo(
        "The current configuration will be written to the device. Are you sure? [Y/N]:", AskForFile);

    private static void AskForFile(CommandContext context) => context.Ask(new Question(
        "Please input the file name(*.cfg)[flash:/startup.cfg]\r\n(To leave the existing filename unchanged, press the enter key):",
        (answer, text) =>
        {
            if (text.Trim().Length > 0) Save(answer);
            else answer.Ask(YesOrNo("flash:/startup.cfg exists, overwrite? [Y/N]:", Save));
            return true;
        }));

    private static Question YesOrNo(string text, Action<CommandContext> yes) => new(text, (context, answer) =>
    {
        if (answer.Trim() is not ("y" or "Y" or "n" or "N")) return false;
        if (answer.Trim() is "y" or "Y") yes(context);
        return true;
    });

    private static void Save(CommandContext context)
    {
        context.Print("Validating file. Please wait...");
        context.Print(context.TrySave(out var why) ? "Saved the current configuration to mainboard device successfully." : $"Failed to save the current configuration: {why}");
    }

    private void BeginTrial(CommandContext context)
    {
        if (IsOld(context.Device.Model)) Refuse(context, Misfit.Unrecognized, context.Origin.Line ?? "", 0);
        else context.Device.BeginTrial(context.Origin, context.Device.Running, TimeSpan.FromMinutes(context.Number(0)));
    }

    private void KeepTrial(CommandContext context)
    {
        if (IsOld(context.Device.Model) || !context.Device.KeepTrial()) Refuse(context, Misfit.Unrecognized, context.Origin.Line ?? "", 0);
    }
}
