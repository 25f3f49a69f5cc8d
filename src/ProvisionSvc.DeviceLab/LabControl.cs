using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab;

/// <summary>Orders misbehaviour, changes what only a person at the switch could change, and reads states. <c>*</c> means every switch.</summary>
public sealed class LabControl
{
    private static readonly Origin ByHand = new("control", "control");

    private readonly LabHost _lab;
    private readonly TimeProvider _clock;

    internal LabControl(LabHost lab, TimeProvider clock) => (_lab, _clock) = (lab, clock);

    public void Tell(string switchName, Fault fault)
    {
        foreach (var device in Named(switchName))
        {
            if (fault is Fault.Neighbour neighbour) SlotOf(device, neighbour.IfName);
            device.Faults.Add(fault);
        }
    }

    public void Clear(string switchName)
    {
        foreach (var device in Named(switchName)) device.Faults.Clear();
    }

    /// <summary>Power off and on: unsaved configuration and all sessions are lost; unreachable for <paramref name="down"/>.</summary>
    public async Task RebootAsync(string switchName, bool renumber, TimeSpan down, CancellationToken ct)
    {
        var devices = Named(switchName);
        var off = new Fault.Unreachable();
        if (down > TimeSpan.Zero)
        {
            foreach (var device in devices) device.Faults.Add(off);
            await Task.Delay(down, _clock, ct);
        }

        foreach (var device in devices)
        {
            device.Reboot(ByHand, renumber);
            device.Faults.Remove(off);
        }
    }

    /// <summary>Somebody else changes a port's running configuration; the log says channel <c>control</c>.</summary>
    public void EditPort(string switchName, string ifName, Func<PortConfig, PortConfig> edit)
    {
        foreach (var device in Named(switchName))
        {
            var slot = SlotOf(device, ifName);
            var vlan = edit(device.Running.Ports[slot]).DefaultVlan;
            if (!device.Running.Vlans.Contains(vlan)) device.WriteVlans(ByHand, all => all.Add(vlan));
            device.WritePort(ByHand, slot, "port", edit, Shown);
        }
    }

    /// <summary>The customer plugs in or pulls out.</summary>
    public void SetEquipment(string switchName, string ifName, bool present)
    {
        foreach (var device in Named(switchName)) device.SetEquipment(SlotOf(device, ifName), present);
    }

    /// <summary>Prints a log line in every open session at once; with <paramref name="always"/> also where they are switched off.</summary>
    public async Task LogAsync(string switchName, string text, bool always, CancellationToken ct)
    {
        foreach (var user in Named(switchName).SelectMany(d => d.Vty.Users)) await user.InjectAsync(text, always, ct);
    }

    public SwitchState State(string switchName) => SwitchState.Of(_lab.Find(switchName));

    public PortState State(string switchName, string ifName)
    {
        var device = _lab.Find(switchName);
        return PortState.Of(device, SlotOf(device, ifName));
    }

    private static string Shown(PortConfig port) => string.Join("; ", new[]
    {
        port.Shutdown ? "shutdown" : "", port.Description, port.LinkType == LinkType.Default ? "" : $"{port.LinkType}", port.DefaultVlan == 1 ? "" : $"vlan {port.DefaultVlan}",
        port.Inbound is null ? "" : $"inbound {port.Inbound}", port.Outbound is null ? "" : $"outbound {port.Outbound}",
    }.Where(s => s.Length > 0));

    private IReadOnlyList<SimSwitch> Named(string switchName) => switchName == "*" ? _lab.Switches : [_lab.Find(switchName)];

    private static int SlotOf(SimSwitch device, string ifName) =>
        device.Model.IndexOf(ifName) is >= 0 and var slot ? slot : throw new LabException($"{device.Name} has no interface {ifName}.");
}
