using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>Juniper EX on Junos: statements are set and deleted in a candidate, <c>commit</c> makes it run and keeps it. The agent can only be read.</summary>
internal sealed class JuniperJunos : CommandLine
{
    private const string User = "admin";

    public static readonly Family Family = new(
        "juniper-junos", "1.3.6.1.4.1.2636.1.1.1.4.131.1",
        model => $"Juniper Networks, Inc. {model.Name} Ethernet Switch, kernel JUNOS 18.4R2.7, Build date: 2019-06-11 05:58:23 UTC Copyright (c) 1996-2019 Juniper Networks, Inc.",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge, new JuniperJunos())
    {
        Small = new HardwareModel("ex3400-24t", 24, Names),
        Large = new HardwareModel("ex3400-48t", 48, Names),
        Hold = Family.WithoutVlan,
        KeepsWhatRuns = true,
    };

    public override Pager? Pager { get; } = new("---(more)---", $"\r{new string(' ', 12)}\r");

    protected override IEnumerable<Command> Commands =>
    [
        new(Mode.User, "set cli screen-length <number>", c =>
        {
            c.State.PageLength = c.Number(0);
            c.Print($"Screen length set to {c.Number(0)}");
        }),
        new(Mode.User, "set cli screen-width <number>", c => c.Print($"Screen width set to {c.Number(0)}")),
        new(Mode.User, "set cli complete-on-space <word>", c => c.Print("Disabling complete-on-space")),
        new(Mode.User, "configure", c => Configure(c, exclusive: false)),
        new(Mode.User, "configure exclusive", c => Configure(c, exclusive: true)),
        new(Mode.User, "configure private", c => Configure(c, exclusive: false)),
        new(Mode.User, "exit", c => c.State.IsOver = true),
        new(Mode.User, "show version", c => c.Print([$"Hostname: {c.Device.Name}", $"Model: {c.Device.Model.Name}", "Junos: 18.4R2.7"])),
        new(Mode.User, "show interfaces <word>", c =>
        {
            if (Find(c) is { } slot) c.Print(Interface(c.Device, slot));
        }),
        new(Mode.User, "show interfaces", c => c.Print(Enumerable.Range(0, c.Device.Model.Interfaces.Count).SelectMany(s => Interface(c.Device, s)))),
        new(Mode.User, "show configuration", c => c.Print(Statements(c.Device.Running, c.Device))),
        new(Mode.Configure, "exit", Leave),
        new(Mode.Configure, "exit configuration-mode", Leave),
        new(Mode.Configure, "show", c => c.Print(Statements(c.Config, c.Device))),
        new(Mode.Configure, "set interfaces <word> disable", c => Change(c, "shutdown", p => p with { Shutdown = true }, p => p.Shutdown ? "disable" : "enabled")),
        new(Mode.Configure, "set interfaces <word> description <rest>", c => Change(c, "description", p => p with { Description = c.Text(1).Trim('"') }, p => p.Description)),
        new(Mode.Configure, "delete interfaces <word> disable", c => Delete(c, p => p.Shutdown, "shutdown", p => p with { Shutdown = false }, p => p.Shutdown ? "disable" : "enabled")),
        new(Mode.Configure, "delete interfaces <word> description", c => Delete(c, p => p.Description.Length > 0, "description", p => p with { Description = "" }, p => p.Description)),
        new(Mode.Configure, "commit", c => Commit(c, null)),
        new(Mode.Configure, "commit check", c => c.Print("configuration check succeeds")),
        new(Mode.Configure, "commit confirmed", c => Commit(c, TimeSpan.FromMinutes(10))),
        new(Mode.Configure, "commit confirmed <number>", c => Commit(c, TimeSpan.FromMinutes(c.Number(0)))),
        new(Mode.Configure, "rollback <number>", c =>
        {
            c.State.Candidate = new Candidate(c.Device.Running);
            c.Print("load complete");
        }),
    ];

    public override IEnumerable<string> Greet(SimSwitch device, int inUse) =>
        [$"Last login: {device.Clock.GetUtcNow():ddd MMM d HH:mm:ss yyyy} from 127.0.0.1", "--- JUNOS 18.4R2.7 built 2019-06-11 05:58:23 UTC"];

    public override string Prompt(TerminalState state) => state.Mode == Mode.User ? $"{{master:0}}\r\n{User}@{state.SysName}> " : $"{{master:0}}[edit]\r\n{User}@{state.SysName}# ";

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.Ambiguous => Caret(indent + column, $"'{line.Trim().Split(' ')[^1]}' is ambiguous."),
        Misfit.Incomplete => Caret(indent + column, "missing mandatory argument."),
        Misfit.WrongParameter => Caret(indent + column, "invalid numeric value."),
        Misfit.Unrecognized when column == 0 => Caret(indent + column, "unknown command."),
        _ => Caret(indent + column, "syntax error."),
    };

    public override void Left(SimSwitch device, TerminalState state) => device.Release(state.Session);

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"ge-0/0/{n - 1}",
        InterfaceKind.FastPort => $"xe-0/2/{n - 1}",
        InterfaceKind.Lag => $"ae{n - 1}",
        InterfaceKind.VlanInterface => "vlan",
        InterfaceKind.Management => "me0",
        InterfaceKind.Loopback => "lo0",
        _ => default(InterfaceName?),
    };

    private static int? Find(CommandContext context)
    {
        if (context.Device.Model.IndexOf(context.Text(0)) is >= 0 and var slot) return slot;
        context.Refuse($"error: device {context.Text(0)} not found");
        return null;
    }

    private static void Configure(CommandContext context, bool exclusive)
    {
        if (exclusive ? !context.Device.TryHold(context.State.Session) : context.Device.ConfigurationHolder is not null)
        {
            context.Refuse("error: configuration database locked by:", $"  {User} terminal {context.Device.ConfigurationHolder} (pid 4711) on since {context.Device.BootedAt:yyyy-MM-dd HH:mm:ss} UTC");
            return;
        }

        (context.State.Mode, context.State.Candidate) = (Mode.Configure, new Candidate(context.Device.Running));
        if (exclusive) context.Print("warning: uncommitted changes will be discarded on exit");
        context.Print("Entering configuration mode");
        context.Print("");
    }

    private void Leave(CommandContext context)
    {
        if (context.State.Candidate!.IsClean)
        {
            Out(context);
            return;
        }

        context.Print("The configuration has been changed but not committed");
        context.Ask(new Question("Exit with uncommitted changes? [yes,no] (yes) ", (answer, text) =>
        {
            if (text.Trim() is not ("" or "yes" or "no")) return false;
            if (text.Trim() is "" or "yes") Out(answer);
            return true;
        }));
    }

    private void Out(CommandContext context)
    {
        (context.State.Mode, context.State.Candidate) = (Mode.User, null);
        Left(context.Device, context.State);
        context.Print("Exiting configuration mode");
        context.Print("");
    }

    private static void Change(CommandContext context, string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        if (Find(context) is { } slot) context.WritePort(slot, field, change, shown);
    }

    private static void Delete(CommandContext context, Func<PortConfig, bool> stands, string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        if (Find(context) is not { } slot) return;
        if (stands(context.Config.Ports[slot])) context.WritePort(slot, field, change, shown);
        else context.Print("warning: statement not found");
    }

    private static void Commit(CommandContext context, TimeSpan? within)
    {
        if (context.Device.Faults.SaveError is { } why)
        {
            context.Refuse($"error: {why}", "error: configuration check-out failed");
            return;
        }

        var before = context.Device.Running;
        context.Device.KeepTrial();
        context.Commit();
        if (within is { } time)
        {
            context.Device.BeginTrial(context.Origin, before, time);
            context.Print($"commit confirmed will be automatically rolled back in {time.TotalMinutes:0} minutes unless confirmed");
        }

        context.Print("commit complete");
    }

    private static IEnumerable<string> Interface(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var link = device.ReadLink(slot);
        var up = model.IsAlwaysUp || link.IsUp;
        yield return $"Physical interface: {model.CliName}, {(port.Shutdown ? "Administratively down" : "Enabled")}, Physical link is {(up ? "Up" : "Down")}";
        yield return $"  Interface index: {120 + slot}, SNMP ifIndex: {device.IfIndexOf(slot)}";
        if (port.Description.Length > 0) yield return $"  Description: {port.Description}";
        yield return $"  Link-level type: Ethernet, MTU: 1514, Speed: {model.SpeedMbps}mbps, Loopback: Disabled";
        yield return $"  Device flags   : Present {(up ? "Running" : "Running Down")}";
        yield return $"  Input rate     : {link.InOctets} bps";
        yield return "";
        yield return $"  Logical interface {model.CliName}.0 (Index {70 + slot}) (SNMP ifIndex {500 + slot})";
        if (model.IsLagMember)
        {
            yield return "    Flags: Up SNMP-Traps 0x0 Encapsulation: ENET2";
            yield return "    Protocol aenet, AE bundle: ae0.0";
        }
        else
        {
            yield return "    Flags: Up SNMP-Traps 0x24024000 Encapsulation: Ethernet-Bridge";
            yield return "    Protocol eth-switch, MTU: 1514";
            if (model.Kind == InterfaceKind.Lag) yield return "      Flags: Trunk-Mode";
        }

        yield return "";
    }

    private static IEnumerable<string> Statements(SwitchConfig config, SimSwitch device)
    {
        yield return "interfaces {";
        for (var slot = 0; slot < config.Ports.Length; slot++)
        {
            var port = config.Ports[slot];
            if (!port.Shutdown && port.Description.Length == 0) continue;
            yield return $"    {device.Model.Interfaces[slot].CliName} {{";
            if (port.Description.Length > 0) yield return $"        description {port.Description};";
            if (port.Shutdown) yield return "        disable;";
            yield return "    }";
        }

        yield return "}";
    }
}
