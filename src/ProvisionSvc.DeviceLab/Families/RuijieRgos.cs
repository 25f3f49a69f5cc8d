using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Ruijie on RGOS: like IOS, but with a blank inside the names of interfaces, in the prompt too.</summary>
internal sealed class RuijieRgos : IosLike
{
    public static readonly Family Family = new(
        "ruijie-rgos", "1.3.6.1.4.1.4881.1.1.10.1.120",
        model => $"Ruijie Full Gigabit Security & SMP Access Switch({model.Name}) By Ruijie Networks",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new RuijieRgos())
    {
        Small = new HardwareModel("S2928G-E", 24, Names),
        Large = new HardwareModel("S2952G-E", 48, Names),
        Hold = Family.WithoutRates,
    };

    public override string? LoginQuestion => "The password is too simple. Do you want to change the password? [Y/N]:";

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        .. Switching(Mode.Interface),
        new(Mode.User | Mode.Enabled, "terminal width <number>", _ => { }),
        new(Mode.Configure | Mode.Interface | Mode.Vlan, "vlan <vlan>", EnterVlan),
        new(Mode.Vlan, "name <rest>", _ => { }),
        new(Mode.User | Mode.Enabled, "show version", c => c.Print($"System description      : {Family.SysDescr(c.Device.Model)}")),
        new(Mode.Enabled, "show running-config", c => c.Print(Whole(c.Device))),
        new(Mode.Enabled, "show running-config interface <rest>", c =>
        {
            if (FindPort(c, 0) is { } slot) c.Print(["", "Building configuration...", "Current configuration : 110 bytes", "!", .. Interface(c.Device, slot), "!", "end"]);
        }),
        new(Mode.Enabled, "write", Save),
        new(Mode.Enabled, "write memory", Save),
    ];

    protected override string Place(TerminalState state) => state.Mode == Mode.Interface ? $"config-if-{state.SlotName}" : base.Place(state);

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.Unrecognized => Caret(indent + column, "% Unrecognized command", ""),
        Misfit.TooMany => Caret(indent + column, "% Too many parameters", ""),
        Misfit.WrongParameter => Caret(indent + column, "% Wrong parameter", ""),
        _ => base.Explain(misfit, line, column, indent),
    };

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => new($"Gi0/{n}", $"GigabitEthernet 0/{n}"),
        InterfaceKind.FastPort => new($"Te0/{n + 48}", $"TenGigabitEthernet 0/{n + 48}"),
        InterfaceKind.Lag => new($"Ag{n}", $"AggregatePort {n}"),
        InterfaceKind.VlanInterface => new($"Vl{n}", $"VLAN {n}"),
        InterfaceKind.Management => new("Mg 0", "Mgmt 0"),
        _ => default(InterfaceName?),
    };

    private static IEnumerable<string> Whole(SimSwitch device) =>
    [
        "", "Building configuration...", "Current configuration : 4096 bytes", "!", $"hostname {device.Name}", "!",
        .. device.Running.Vlans.Where(v => v != 1).SelectMany(v => new[] { $"vlan {v}", "!" }),
        .. Enumerable.Range(0, device.Model.Interfaces.Count).SelectMany(s => Interface(device, s).Append("!")), "end",
    ];

    private static IEnumerable<string> Interface(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        yield return $"interface {model.CliName}";
        if (port.LinkType == LinkType.Trunk || model.Kind == InterfaceKind.Lag || model.IsLagMember) yield return " switchport mode trunk";
        if (port.DefaultVlan != 1) yield return $" switchport access vlan {port.DefaultVlan}";
        if (model.IsLagMember) yield return " port-group 1";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (port.Shutdown) yield return " shutdown";
    }

    private static void Save(CommandContext context)
    {
        context.Print("Building configuration...");
        context.Print(context.TrySave(out var why) ? "[OK]" : $"% Error: {why}");
    }
}
