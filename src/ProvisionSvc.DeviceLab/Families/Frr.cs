using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>FRRouting's zebra, with vtysh as the login shell. It knows neither VLANs nor rates, and shows no interface that it was never told anything about.</summary>
internal sealed class Frr : IosLike
{
    public static readonly Family Family = new(
        "frr", "1.3.6.1.4.1.8072.3.2.10",
        // As an operator names it in snmpd.conf: by itself the agent would call it a Linux machine like any other.
        model => $"FRRouting 8.4.4 on Debian 12, {model.Name}",
        AgentHas.Names | AgentHas.AdminIsWritable, new Frr())
    {
        Small = new HardwareModel("frr-24", 24, LinuxPorts.Names),
        Large = new HardwareModel("frr-48", 48, LinuxPorts.Names),
        Hold = Family.WithoutVlan,
    };

    public override Mode Start => Mode.Enabled;

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        new(Mode.Enabled, "show running-config", c => c.Print(Running(c.Device))),
        new(Mode.Enabled, "show running-config zebra", c => c.Print(Running(c.Device))),
        new(Mode.Enabled, "show startup-config", _ => { }),
        new(Mode.Enabled, "show version", c => c.Print($"FRRouting 8.4.4 ({c.Device.Name}).")),
        new(Mode.Enabled, "write memory", c =>
        {
            c.Print("Note: this version of vtysh never writes vtysh.conf");
            c.Print("Building Configuration...");
            c.Print(c.TrySave(out var why) ? ["Integrated configuration saved to /etc/frr/frr.conf", "[OK]"] : [$"% Can't open configuration file /etc/frr/frr.conf.new ({why})."]);
        }),
    ];

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => misfit switch
    {
        Misfit.Ambiguous => [$"% Ambiguous command: {line.Trim()}"],
        Misfit.Incomplete => [$"% Command incomplete: {line.Trim()}"],
        _ => [$"% Unknown command: {line.Trim()}"],
    };

    private static IEnumerable<string> Running(SimSwitch device) =>
    [
        "Building configuration...", "", "Current configuration:", "!", "frr version 8.4.4", "frr defaults traditional", $"hostname {device.Name}", "no ip forwarding",
        "no ipv6 forwarding", "!", .. Enumerable.Range(0, device.Model.Interfaces.Count).SelectMany(s => Interface(device, s)), "end",
    ];

    private static IEnumerable<string> Interface(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        if (!port.Shutdown && port.Description.Length == 0) yield break;
        yield return $"interface {model.CliName}";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (port.Shutdown) yield return " shutdown";
        yield return "exit";
        yield return "!";
    }
}

/// <summary>Interfaces as a Linux machine names them.</summary>
internal static class LinuxPorts
{
    public static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"p{n}",
        InterfaceKind.FastPort => $"u{n}",
        InterfaceKind.Management => "eth0",
        InterfaceKind.Loopback => "lo",
        InterfaceKind.VlanInterface => "br0",
        _ => default(InterfaceName?),
    };
}
