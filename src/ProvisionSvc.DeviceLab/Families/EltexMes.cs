using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Eltex MES23xx and its like on ROS 4: after IOS, but VLANs are made in a database of theirs, <c>write</c> asks, and what is wrong is said without a caret.</summary>
internal sealed class EltexMes : IosLike
{
    public static readonly Family Family = new(
        "eltex-mes", "1.3.6.1.4.1.35265.1.86", model => $"{model.Name} {model.CustomerPorts + 4}-port 1G/10G Managed Switch",
        AgentHas.Names | AgentHas.Aliases | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new EltexMes())
    {
        Small = new HardwareModel("MES2324", 24, Names),
        Large = new HardwareModel("MES2348B", 48, Names),
        Hold = Family.WithoutRates,
    };

    public override Pager? Pager { get; } = new("More: <space>,  Quit: q or CTRL+Z, One line: <return> ", $"\r{new string(' ', 55)}\r");

    protected override IEnumerable<Command> Commands =>
    [
        // Paging is its own; nothing is said anywhere of lines to a page, nor of monitoring.
        .. base.Commands.Where(c => c.Words[0] != "terminal"),
        .. Switching(Mode.Interface).Where(c => c.Words is not ["switchport", "access", ..]),
        new(Mode.Interface, "switchport access vlan <vlan>", SetKnownVlan),
        new(Mode.User | Mode.Enabled, "terminal datadump", c => c.State.PageLength = 0),
        new(Mode.Enabled, "configure", EnterConfiguration),
        new(Mode.Configure, "vlan database", c => (c.State.Mode, c.State.Vlans) = (Mode.Vlan, [])),
        new(Mode.Vlan, "vlan <vlans>", c => c.WriteVlans(all => all.Union(VlanList.Parse(c.Text(0))))),
        new(Mode.User | Mode.Enabled, "show system", c => c.Print(
        [
            $"System Description:                       {Family.SysDescr(c.Device.Model)}",
            $"System Name:                              {c.Device.Name}",
            $"System Object ID:                         {Family.SysObjectId}",
        ])),
        new(Mode.Enabled, "show running-config", c => c.Print(Whole(c.Device))),
        new(Mode.Enabled, "show interfaces description", c => c.Print(Description(c.Device, Enumerable.Range(0, c.Device.Model.Interfaces.Count)))),
        new(Mode.Enabled, "show interfaces description <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Description(c.Device, [slot]));
        }),
        new(Mode.Enabled, "show interfaces switchport <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(Switchport(c.Device, slot));
        }),
        new(Mode.Enabled, "write", c => c.Ask(new Question("Overwrite file [startup-config].... (Y/N)[N] ?", (answer, text) =>
        {
            if (text.Equals("y", StringComparison.OrdinalIgnoreCase)) answer.Print(answer.TrySave(out var why) ? "Copy succeeded" : $"Copy failed: {why}");
            return true;
        }))),
    ];

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.Unrecognized => ["% Unrecognized command"],
        Misfit.Incomplete => ["% Incomplete command"],
        Misfit.Ambiguous => ["% Ambiguous command"],
        _ => ["% Wrong number of parameters or invalid range, size or characters entered"],
    };

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => new($"gi1/0/{n}", $"gigabitethernet1/0/{n}"),
        InterfaceKind.FastPort => new($"te1/0/{n}", $"tengigabitethernet1/0/{n}"),
        InterfaceKind.Lag => new($"Po{n}", $"Port-Channel{n}"),
        InterfaceKind.VlanInterface => new($"{n}", $"vlan {n}"),
        InterfaceKind.Loopback => $"loopback{n}",
        _ => default(InterfaceName?),
    };

    /// <summary>No source shows what is said to a VLAN that the database lacks: here it is refused, so that whoever forgets to make it is found out.</summary>
    private void SetKnownVlan(CommandContext context)
    {
        if (context.Config.Vlans.Contains(context.Number(0))) SetAccessVlan(context, context.Number(0));
        else WrongParameter(context, 0);
    }

    private static bool IsTrunk(InterfaceModel model, PortConfig port) => port.LinkType == LinkType.Trunk || model.Kind == InterfaceKind.Lag || model.IsLagMember;

    private static IEnumerable<string> Whole(SimSwitch device)
    {
        yield return "vlan database";
        if (device.Running.Vlans.Remove(1) is { Count: > 0 } vlans) yield return $" vlan {VlanList.Of(vlans)}";
        yield return "exit";
        yield return "!";
        yield return $"hostname {device.Name}";
        yield return "!";
        for (var slot = 0; slot < device.Model.Interfaces.Count; slot++)
        {
            var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
            yield return $"interface {model.CliName}";
            if (port.Shutdown) yield return " shutdown";
            if (port.Description.Length > 0) yield return $" description {port.Description}";
            if (IsTrunk(model, port)) yield return " switchport mode trunk";
            if (port.DefaultVlan != 1) yield return $" switchport access vlan {port.DefaultVlan}";
            if (model.IsLagMember) yield return " channel-group 1 mode auto";
            yield return "exit";
            yield return "!";
        }

        yield return "end";
    }

    private static IEnumerable<string> Description(SimSwitch device, IEnumerable<int> slots)
    {
        yield return "         Admin Link";
        yield return "Port     State State       Description";
        yield return "-------- ----- ----------- -----------";
        foreach (var slot in slots.Where(s => device.Model.Interfaces[s].IsPhysical))
        {
            var port = device.Running.Ports[slot];
            yield return $"{device.Model.Interfaces[slot].Name,-8} {(port.Shutdown ? "Down" : "Up"),-5} {(device.ReadLink(slot).IsUp ? "Up" : "Down"),-11} {port.Description}".TrimEnd();
        }
    }

    private static IEnumerable<string> Switchport(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var untagged = IsTrunk(model, port) ? port.NativeVlan ?? 1 : port.DefaultVlan;
        return
        [
            "Added by: D-Default, S-Static, G-GVRP, R-Radius Assigned VLAN, T-Guest VLAN, V-Voice VLAN",
            $"Port : {model.Name}", $"Port Mode: {(IsTrunk(model, port) ? "Trunk" : "Access")}", "Gvrp Status: disabled", "Ingress Filtering: true", "Acceptable Frame Type: admitAll",
            $"Ingress UnTagged VLAN ( NATIVE ): {untagged}", "Protected: Disabled", "", "Port is member in:", "",
            "Vlan               Name               Egress rule     Added by", "---- -------------------------------- ----------- ----------------",
            $"{untagged,-4}               NULL                Untagged          {(untagged == 1 ? "D" : "S")}", "", "", "Forbidden VLANS:",
            "Vlan               Name", "---- --------------------------------", "",
        ];
    }
}
