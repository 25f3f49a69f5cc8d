namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>One switch as it truly is, for tests and the control socket.</summary>
public sealed record SwitchState(
    string Name, string Address, string Model, string Serial, DateTimeOffset BootedAt, bool Unsaved, int VtyInUse, IReadOnlyList<string> Faults,
    IReadOnlyList<int> Vlans, IReadOnlyList<PortState> Ports)
{
    internal static SwitchState Of(SimSwitch device) => new(
        device.Name, device.Address.ToString(), device.Model.Name, device.Plan.Serial, device.BootedAt, device.IsUnsaved, device.Vty.Users.Count,
        [.. device.Faults.Standing.Select(f => f.ToString() ?? "")], [.. device.Running.Vlans],
        [.. Enumerable.Range(0, device.Model.Interfaces.Count).Where(i => device.Model.Interfaces[i].Role != PortRole.Logical).Select(i => PortState.Of(device, i))]);
}

/// <summary>One port as it truly is: running beside startup configuration, link and equipment.</summary>
public sealed record PortState(
    string IfName, int IfIndex, string Role, bool AdminUp, bool OperUp, bool Equipment, string Description, string LinkType, int DefaultVlan,
    int? InboundKbps, int? OutboundKbps, PortConfig Running, PortConfig Startup)
{
    internal static PortState Of(SimSwitch device, int slot)
    {
        var model = device.Model.Interfaces[slot];
        var port = device.Running.Ports[slot];
        var link = device.ReadLink(slot);
        return new PortState(
            model.Name, device.IfIndexOf(slot), model.Role.ToString().ToLowerInvariant(), !port.Shutdown, link.IsUp, link.HasEquipment, port.Description,
            port.LinkType.ToString().ToLowerInvariant(), port.DefaultVlan, port.Inbound?.CirKbps, port.Outbound?.CirKbps, port, device.Startup.Ports[slot]);
    }
}
