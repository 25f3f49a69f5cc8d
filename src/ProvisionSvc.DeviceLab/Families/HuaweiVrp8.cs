using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Huawei CE and NE on VRP 8: lines fill a candidate of the session until <c>commit</c>, and the prompt says whether there are any. Ports are access ports.</summary>
internal sealed class HuaweiVrp8 : HuaweiLike
{
    private const string Uncommitted = "Warning: Uncommitted configurations found, commit them before exiting? [Y(yes)/N(no)/C(cancel)]:";
    private const string OnTrial = "Error: The system is in the trial running state. No configuration can be changed.";

    public static readonly Family Family = new(
        "huawei-vrp8", "1.3.6.1.4.1.2011.2.239.46",
        model => $"Huawei Versatile Routing Platform Software\r\nVRP (R) software, Version 8.191 ({model.Name} V200R019C10SPC800)\r\nCopyright (C) 2012-2020 Huawei Technologies Co., Ltd.\r\nHUAWEI {model.Name}",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new HuaweiVrp8())
    {
        Small = new HardwareModel("CE6857-24S4CQ-EI", 24, Names),
        Large = new HardwareModel("CE6857-48S6CQ-EI", 48, Names),
        Hold = Family.WithoutRates,
    };

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        new(Mode.Configuration, "commit", Commit),
        new(Mode.Configuration, "commit trial", c => Try(c, TimeSpan.FromSeconds(600))),
        new(Mode.Configuration, "commit trial <number>", c => Try(c, TimeSpan.FromSeconds(c.Number(0)))),
        new(Mode.Configuration, "clear configuration candidate", Clear),
        new(Mode.All, "display version", c => c.Print(Family.SysDescr(c.Device.Model).Split("\r\n"))),
    ];

    protected override bool IsAccess(LinkType type) => type != LinkType.Trunk;

    protected override string Mark(TerminalState state) => state.Candidate?.IsClean == false ? "*" : "~";

    public override void Escape(CommandContext context) => Leave(context, Mode.User);

    protected override void EnterSystemView(CommandContext context)
    {
        base.EnterSystemView(context);
        context.State.Candidate = new Candidate(context.Device.Running);
    }

    protected override void Quit(CommandContext context)
    {
        if (context.State.Mode == Mode.Configure) Leave(context, Mode.User);
        else base.Quit(context);
    }

    protected override void Return(CommandContext context) => Leave(context, Mode.User);

    protected override IEnumerable<string> Whole(SimSwitch device, SwitchConfig config) =>
    [
        "!Software Version V200R019C10SPC800", $"!Last configuration was saved at {device.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00:00", "#",
        $"sysname {device.Name}", "#",
        .. config.Vlans.Count > 1 ? VlanBatch(config).Append("#") : [],
        .. Interfaces(device, config),
        "stelnet server enable", "#", "user-interface vty 0 20", " protocol inbound ssh", "#", "return",
    ];

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"10GE1/0/{n}",
        InterfaceKind.FastPort => $"100GE1/0/{n}",
        InterfaceKind.Lag => $"Eth-Trunk{n}",
        InterfaceKind.VlanInterface => $"Vlanif{n}",
        InterfaceKind.Management => "MEth0/0/0",
        InterfaceKind.Loopback => default(InterfaceName?),
        _ => "NULL0",
    };

    private static void Leave(CommandContext context, Mode to)
    {
        if (context.State.Candidate?.IsClean != false)
        {
            (context.State.Mode, context.State.Candidate) = (to, null);
            return;
        }

        context.Ask(new Question(Uncommitted, (answer, text) =>
        {
            switch (text.Trim().ToUpperInvariant())
            {
                case "Y" or "YES":
                    answer.Commit();
                    break;
                case "N" or "NO":
                    break;
                case "C" or "CANCEL":
                    return true;
                default:
                    return false;
            }

            (answer.State.Mode, answer.State.Candidate) = (to, null);
            return true;
        }));
    }

    private static void Commit(CommandContext context)
    {
        if (context.Device.TrialSession is { } trying && trying != context.State.Session)
        {
            context.Refuse(OnTrial);
            return;
        }

        // The commit after a trial keeps what was tried.
        if (!context.Device.KeepTrial() && context.State.Candidate!.IsClean) return;
        context.Commit();
    }

    private static void Try(CommandContext context, TimeSpan within)
    {
        if (context.Device.TrialSession is not null)
        {
            context.Refuse(OnTrial);
            return;
        }

        var before = context.Device.Running;
        context.Commit();
        context.Device.BeginTrial(context.Origin, before, within);
        context.Print("Warning: The current configuration takes effect on a trial basis.");
    }

    private static void Clear(CommandContext context)
    {
        context.State.Candidate = new Candidate(context.Device.Running);
        context.State.Mode = Mode.Configure;
    }
}
