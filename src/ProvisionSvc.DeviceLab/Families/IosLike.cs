using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>What command lines after IOS have in common: <c>enable</c>, <c>configure terminal</c>, <c>no</c>, <c>%</c> before what went wrong.</summary>
internal abstract class IosLike : CommandLine
{
    private const int Attempts = 3;

    public override Pager? Pager { get; } = new(" --More-- ", $"{new string('\b', 10)}{new string(' ', 10)}{new string('\b', 10)}");

    protected override IEnumerable<Command> Commands =>
    [
        new(Mode.User, "enable", AskForSecret),
        new(Mode.Enabled, "enable", _ => { }),
        new(Mode.Enabled, "disable", c => c.State.Mode = Mode.User),
        new(Mode.Enabled, "configure terminal", EnterConfiguration),
        new(Mode.User | Mode.Enabled, "terminal length <number>", c => c.State.PageLength = c.Number(0)),
        new(Mode.Enabled, "terminal monitor", c => c.State.MonitorsLogs = true),
        new(Mode.Enabled, "terminal no monitor", c => c.State.MonitorsLogs = false),
        new(Mode.All, "exit", Exit),
        new(Mode.Configuration, "end", End),
        new(Mode.Configure | Mode.Interface | Mode.Vlan, "interface <rest>", c =>
        {
            LeaveVlan(c);
            EnterInterface(c, Mode.Interface);
        }),
        new(Mode.Interface, "shutdown", c => Shut(c, true)),
        new(Mode.Interface, "no shutdown", c => Shut(c, false)),
        new(Mode.Interface, "description <rest>", c => c.WritePort("description", p => p with { Description = c.Text(0) }, p => p.Description)),
        new(Mode.Interface, "no description", c => c.WritePort("description", p => p with { Description = "" }, p => p.Description)),
    ];

    public override string Prompt(TerminalState state) => state.Mode switch
    {
        Mode.User => $"{state.SysName}>",
        Mode.Enabled => $"{state.SysName}#",
        _ => $"{ConfigurationName(state.SysName)}({Place(state)})#",
    };

    /// <summary>The name in configuration, which some cut.</summary>
    protected virtual string ConfigurationName(string sysName) => sysName;

    protected virtual string Place(TerminalState state) => state.Mode switch
    {
        Mode.Configure => "config",
        Mode.Vlan => "config-vlan",
        _ => "config-if",
    };

    public override void Escape(CommandContext context)
    {
        if (context.State.Mode != Mode.User) End(context);
    }

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.Incomplete => ["% Incomplete command.", ""],
        Misfit.Ambiguous => [$"% Ambiguous command:  \"{line.Trim()}\"", ""],
        _ => Caret(indent + column, "% Invalid input detected at '^' marker.", ""),
    };

    protected virtual void EnterConfiguration(CommandContext context) => context.State.Mode = Mode.Configure;

    protected virtual void Exit(CommandContext context)
    {
        LeaveVlan(context);
        if (context.State.Mode is Mode.User or Mode.Enabled) context.State.IsOver = true;
        else context.State.Mode = context.State.Mode == Mode.Configure ? Mode.Enabled : Mode.Configure;
    }

    protected virtual void End(CommandContext context)
    {
        LeaveVlan(context);
        context.State.Mode = Mode.Enabled;
    }

    /// <summary>IOS makes VLANs when their mode is left.</summary>
    protected static void LeaveVlan(CommandContext context)
    {
        if (context.State.Mode == Mode.Vlan && !context.State.Vlans.All(context.Config.Vlans.Contains)) context.WriteVlans(all => all.Union(context.State.Vlans));
    }

    protected static void EnterVlan(CommandContext context)
    {
        LeaveVlan(context);
        (context.State.Mode, context.State.Vlans) = (Mode.Vlan, VlanList.Parse(context.Text(0)));
    }

    /// <summary>The commands of ports that are switched.</summary>
    protected static IEnumerable<Command> Switching(Mode mode) =>
    [
        new(mode, "switchport mode access", c => SetMode(c, LinkType.Access)),
        new(mode, "switchport mode trunk", c => SetMode(c, LinkType.Trunk)),
        new(mode, "no switchport mode", c => SetMode(c, LinkType.Default)),
        new(mode, "switchport access vlan <vlan>", c => SetAccessVlan(c, c.Number(0))),
        new(mode, "no switchport access vlan", c => SetAccessVlan(c, 1)),
    ];

    protected static void SetMode(CommandContext context, LinkType type) =>
        context.WritePort("linkType", p => p with { LinkType = type }, p => p.LinkType.ToString().ToLowerInvariant());

    protected static void SetAccessVlan(CommandContext context, int vlan)
    {
        if (vlan != 1 && !context.Config.Vlans.Contains(vlan))
        {
            context.Print($"% Access VLAN does not exist. Creating vlan {vlan}");
            context.WriteVlans(all => all.Add(vlan));
        }

        context.WritePort("defaultVlan", p => p with { DefaultVlan = vlan }, p => $"{p.DefaultVlan}");
    }

    private static void Shut(CommandContext context, bool down) =>
        context.WritePort("shutdown", p => p with { Shutdown = down }, p => p.Shutdown ? "shutdown" : "no shutdown");

    private static void AskForSecret(CommandContext context)
    {
        var left = Attempts;
        if (context.Device.EnableSecret.Length == 0) context.State.Mode = Mode.Enabled;
        else
        {
            context.Ask(new Question("Password: ", (answer, text) =>
            {
                if (text == answer.Device.EnableSecret) answer.State.Mode = Mode.Enabled;
                else if (--left > 0) return false;
                else answer.Refuse("% Bad secrets", "");
                return true;
            }) { IsSecret = true });
        }
    }
}
