using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>What Huawei's and H3C's command lines have in common: <c>&lt;name&gt;</c> and <c>[name]</c>, <c>undo</c>, <c>display</c>, carets, sections between <c>#</c>.</summary>
internal abstract class VrpLike : CommandLine
{
    public override Pager? Pager { get; } = new("  ---- More ----", $"\u001b[42D{new string(' ', 42)}\u001b[42D");

    public override string Full => "All user interfaces are used, please try later!";

    protected override IEnumerable<Command> Commands =>
    [
        new(Mode.User, "system-view", EnterSystemView),
        new(Mode.Configuration, "return", Return),
        new(Mode.All, "quit", Quit),
        new(Mode.User, "terminal monitor", c => SetMonitor(c, on: true)),
        new(Mode.User, "undo terminal monitor", c => SetMonitor(c, on: false)),
        new(Mode.Configuration, "interface <rest>", c => EnterInterface(c, Mode.Interface)),
        new(Mode.Interface, "shutdown", c => Shut(c, true)),
        new(Mode.Interface, "undo shutdown", c => Shut(c, false)),
        new(Mode.Interface, "description <rest>", Describe),
        new(Mode.Interface, "undo description", c => c.WritePort("description", p => p with { Description = "" }, p => p.Description)),
        new(Mode.Interface, "port trunk pvid vlan <vlan>", c => SetNative(c, c.Number(0))),
        new(Mode.All, "display current-configuration", c => c.Print(Whole(c.Device, c.Device.Running))),
        new(Mode.All, "display current-configuration interface <rest>", c => Section(c, c.Device.Running)),
        new(Mode.All, "display saved-configuration", c => c.Print(Whole(c.Device, c.Device.Startup))),
        new(Mode.All, "display saved-configuration interface <rest>", c => Section(c, c.Device.Startup)),
        new(Mode.All, "display this", This),
    ];

    /// <summary>The longest description.</summary>
    protected abstract int LongestDescription { get; }

    public override string Prompt(TerminalState state) => state.Mode switch
    {
        Mode.User => $"<{state.SysName}>",
        Mode.Configure => $"[{Mark(state)}{state.SysName}]",
        Mode.Vlan => $"[{Mark(state)}{state.SysName}-vlan{state.Vlans[0]}]",
        _ => $"[{Mark(state)}{state.SysName}-{state.SlotName}]",
    };

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => Caret(indent + column, Say(misfit));

    /// <summary>What stands before the name in configuration.</summary>
    protected virtual string Mark(TerminalState state) => "";

    protected static string Words(Misfit misfit) => misfit switch
    {
        Misfit.Unrecognized => "Unrecognized command",
        Misfit.Incomplete => "Incomplete command",
        Misfit.Ambiguous => "Ambiguous command",
        Misfit.TooMany => "Too many parameters",
        _ => "Wrong parameter",
    };

    protected virtual string Say(Misfit misfit) => $"Error: {Words(misfit)} found at '^' position.";

    protected virtual void EnterSystemView(CommandContext context)
    {
        context.State.Mode = Mode.Configure;
        context.Print("Enter system view, return user view with Ctrl+Z.");
    }

    protected virtual void Return(CommandContext context) => context.State.Mode = Mode.User;

    protected virtual void Quit(CommandContext context)
    {
        if (context.State.Mode == Mode.User) context.State.IsOver = true;
        else context.State.Mode = context.State.Mode == Mode.Configure ? Mode.User : Mode.Configure;
    }

    protected abstract IEnumerable<string> Whole(SimSwitch device, SwitchConfig config);

    /// <summary>One interface's section, from its name on.</summary>
    protected abstract IEnumerable<string> Interface(SimSwitch device, int slot, PortConfig port);

    protected IEnumerable<string> Interfaces(SimSwitch device, SwitchConfig config)
    {
        for (var slot = 0; slot < config.Ports.Length; slot++)
        {
            if (device.Model.Interfaces[slot].Kind == InterfaceKind.Loopback) continue;
            foreach (var line in Interface(device, slot, config.Ports[slot])) yield return line;
            yield return "#";
        }
    }

    protected static void SetNative(CommandContext context, int? vlan)
    {
        if (context.Port.LinkType != LinkType.Trunk) context.Refuse("Error: Please renew the default configurations.");
        else context.WritePort("nativeVlan", p => p with { NativeVlan = vlan }, p => $"{p.NativeVlan}");
    }

    /// <summary>A trunk carries VLAN 1 unasked until it is told otherwise.</summary>
    protected void ChangeAllowed(CommandContext context, bool add)
    {
        var list = context.Text(0) == "all" ? Enumerable.Range(1, 4094).ToList() : VlanList.TryWords(context.Text(0));
        if (list is null) WrongParameter(context, 0);
        else if (context.Port.LinkType != LinkType.Trunk) context.Refuse("Error: Please renew the default configurations.");
        else
        {
            context.WritePort(
                "allowed",
                p => p with { Allowed = VlanList.Of(add ? VlanList.Parse(p.Allowed ?? "1").Union(list) : VlanList.Parse(p.Allowed ?? "1").Except(list)) },
                p => p.Allowed ?? "1");
        }
    }

    protected void EnterVlan(CommandContext context)
    {
        if (VlanList.TryWords(context.Text(0)) is not { } vlans)
        {
            WrongParameter(context, 0);
            return;
        }

        if (!vlans.All(context.Config.Vlans.Contains)) context.WriteVlans(all => all.Union(vlans));
        if (vlans.Count == 1) (context.State.Mode, context.State.Vlans) = (Mode.Vlan, vlans);
    }

    private static void SetMonitor(CommandContext context, bool on)
    {
        context.State.MonitorsLogs = on;
        context.Print($"Info: Current terminal monitor is {(on ? "on" : "off")}.");
    }

    private static void Shut(CommandContext context, bool down) =>
        context.WritePort("shutdown", p => p with { Shutdown = down }, p => p.Shutdown ? "shutdown" : "undo shutdown");

    private void Describe(CommandContext context)
    {
        if (context.Text(0).Length > LongestDescription) WrongParameter(context, 0);
        else context.WritePort("description", p => p with { Description = context.Text(0) }, p => p.Description);
    }

    private void Section(CommandContext context, SwitchConfig config)
    {
        if (FindPort(context, 0) is { } slot) PrintSection(context, config, slot);
    }

    private void This(CommandContext context)
    {
        if (context.State.Mode == Mode.Interface)
        {
            PrintSection(context, context.Config, context.State.Slot);
            return;
        }

        context.Print("#");
        if (context.State.Mode == Mode.Vlan) context.Print($"vlan {context.State.Vlans[0]}");
        context.Print("return");
    }

    private void PrintSection(CommandContext context, SwitchConfig config, int slot)
    {
        context.Print("#");
        context.Print(Interface(context.Device, slot, config.Ports[slot]));
        context.Print("#");
        context.Print("return");
    }
}
