using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>The objects that the simulated agent has: system, ifTable, ifXTable, the bridge's port numbers, PVIDs and the serial number.</summary>
internal static class MibObjects
{
    private static readonly Oid Mib2 = Oid.Parse("1.3.6.1.2.1");
    private static readonly Oid Interfaces = Mib2.Append(2, 2, 1);
    private static readonly Oid InterfacesX = Mib2.Append(31, 1, 1, 1);

    public static IEnumerable<MibInstance> Of(HardwareModel model, Func<int, uint> ifIndexOf)
    {
        var slots = Enumerable.Range(0, model.Interfaces.Count).ToArray();
        var ports = slots.Where(s => model.Interfaces[s].BasePort > 0).ToArray();
        var family = KnownFamilies.Of(model);
        var columns = family.Agent.HasFlag(AgentHas.Names) ? InterfaceTable(model, family.Agent).Concat(InterfaceXTable(model, family.Agent)) : InterfaceTable(model, family.Agent);
        return System(family, slots.Length)
            .Concat(columns.SelectMany(column => slots.Select(s => Instance(column, model.Interfaces[s], s, ifIndexOf(s)))))
            .Concat(family.Agent.HasFlag(AgentHas.Bridge) ? Bridge(model, ports, family.Agent) : [])
            .Append(new MibInstance(Mib2.Append(47, 1, 1, 1, 1, 11, 67108867), -1, (v, _) => Text(v.Device.Plan.Serial)));
    }

    private static IEnumerable<MibInstance> System(Family family, int interfaces)
    {
        yield return Scalar([1, 1, 0], v => Text(family.SysDescr(v.Device.Model)));
        yield return Scalar([1, 2, 0], _ => SnmpValue.ObjectIdentifier(Oid.Parse(family.SysObjectId)));
        yield return Scalar([1, 3, 0], v => SnmpValue.TimeTicks(Ticks(v.Now - v.Device.BootedAt)));
        yield return Scalar([1, 4, 0], _ => Text(""));
        yield return Scalar([1, 5, 0], v => Text(v.Device.Name));
        yield return Scalar([1, 6, 0], v => Text(v.Device.Plan.Building));
        yield return Scalar([1, 7, 0], _ => SnmpValue.Integer32(78));
        yield return Scalar([2, 1, 0], _ => SnmpValue.Integer32(interfaces));
        if (family.Agent.HasFlag(AgentHas.Names)) yield return Scalar([31, 1, 5, 0], _ => SnmpValue.TimeTicks(0));
    }

    private static IEnumerable<Column> InterfaceTable(HardwareModel model, AgentHas agent)
    {
        var names = model.Interfaces.Select(i => Text(i.CliName)).ToArray();
        var mac = SnmpValue.OctetString([0x4C, 0x1F, 0xCC, 0x00, 0x00, 0x01]);

        yield return new(Interfaces.Append(1), (v, s) => SnmpValue.Integer32(v.Device.IfIndexOf(s)));
        yield return new(Interfaces.Append(2), (_, s) => names[s]);
        yield return new(Interfaces.Append(3), (_, s) => SnmpValue.Integer32(IfType(model.Interfaces[s].Kind)));
        yield return new(Interfaces.Append(4), (_, _) => SnmpValue.Integer32(1500));
        yield return new(Interfaces.Append(5), (_, s) => SnmpValue.Gauge32((uint)Math.Min(uint.MaxValue, model.Interfaces[s].SpeedMbps * 1_000_000L)));
        yield return new(Interfaces.Append(6), (_, s) => model.Interfaces[s].IsPhysical ? mac : Text(""));
        yield return new(Interfaces.Append(7), (v, s) => SnmpValue.Integer32(v.Port(s).Shutdown ? 2 : 1)) { Writer = agent.HasFlag(AgentHas.AdminIsWritable) ? AdminStatus : null };
        yield return new(Interfaces.Append(8), (v, s) => SnmpValue.Integer32(IsUp(v, s) ? 1 : 2));
        yield return new(Interfaces.Append(9), (v, s) => SnmpValue.TimeTicks(Ticks(v.Link(s).ChangedAt - v.Device.BootedAt)));
        yield return new(Interfaces.Append(10), (v, s) => SnmpValue.Counter32((uint)v.Link(s).InOctets));
        yield return new(Interfaces.Append(13), (_, _) => SnmpValue.Counter32(0));
        yield return new(Interfaces.Append(14), (_, _) => SnmpValue.Counter32(0));
        yield return new(Interfaces.Append(16), (v, s) => SnmpValue.Counter32((uint)v.Link(s).OutOctets));
        yield return new(Interfaces.Append(19), (_, _) => SnmpValue.Counter32(0));
        yield return new(Interfaces.Append(20), (_, _) => SnmpValue.Counter32(0));
    }

    private static IEnumerable<Column> InterfaceXTable(HardwareModel model, AgentHas agent)
    {
        var names = model.Interfaces.Select(i => Text(i.Name)).ToArray();
        var shows = agent.HasFlag(AgentHas.Aliases);
        yield return new(InterfacesX.Append(1), (_, s) => names[s]);
        yield return new(InterfacesX.Append(6), (v, s) => SnmpValue.Counter64(v.Link(s).InOctets));
        yield return new(InterfacesX.Append(10), (v, s) => SnmpValue.Counter64(v.Link(s).OutOctets));
        yield return new(InterfacesX.Append(15), (_, s) => SnmpValue.Gauge32((uint)model.Interfaces[s].SpeedMbps));
        yield return new(InterfacesX.Append(17), (_, s) => SnmpValue.Integer32(model.Interfaces[s].IsPhysical ? 1 : 2));
        yield return new(InterfacesX.Append(18), (v, s) => Text(shows ? v.Port(s).Description : "")) { Writer = agent.HasFlag(AgentHas.AliasIsWritable) ? Alias : null };
        yield return new(InterfacesX.Append(19), (_, _) => SnmpValue.TimeTicks(0));
    }

    private static IEnumerable<MibInstance> Bridge(HardwareModel model, int[] ports, AgentHas agent)
    {
        yield return Scalar([17, 1, 2, 0], _ => SnmpValue.Integer32(ports.Length));
        foreach (var slot in ports)
        {
            var basePort = (uint)model.Interfaces[slot].BasePort;
            yield return new MibInstance(Mib2.Append(17, 1, 4, 1, 2, basePort), slot, (v, s) => SnmpValue.Integer32(v.Device.IfIndexOf(s)));
            yield return new MibInstance(Mib2.Append(17, 7, 1, 4, 5, 1, 1, basePort), slot, (v, s) => SnmpValue.Gauge32((uint)v.Port(s).DefaultVlan))
            {
                Writer = agent.HasFlag(AgentHas.PvidIsWritable) ? Pvid : null,
            };
        }
    }

    private static readonly MibWriter AdminStatus = new(
        value => value.Type != SnmpType.Integer32 ? SnmpErrorStatus.WrongType
            : value.TryGetInt64(out var status) && status is 1 or 2 ? SnmpErrorStatus.NoError : SnmpErrorStatus.WrongValue,
        (device, origin, slot, value) => device.WritePort(
            origin, slot, "shutdown", p => p with { Shutdown = value == SnmpValue.Integer32(2) }, p => p.Shutdown ? "shutdown" : "undo shutdown"));

    // ifAlias is a DisplayString of at most 64 octets (RFC 2863); the terminal's description may be longer and is then read whole.
    private static readonly MibWriter Alias = new(
        value => value.Type != SnmpType.OctetString ? SnmpErrorStatus.WrongType
            : value.Octets.Length > 64 ? SnmpErrorStatus.WrongLength
            : value.Octets.Span.IndexOfAnyInRange((byte)0, (byte)31) >= 0 ? SnmpErrorStatus.WrongValue : SnmpErrorStatus.NoError,
        (device, origin, slot, value) => device.WritePort(origin, slot, "description", p => p with { Description = value.Text }, p => p.Description));

    // Gauge32 and Unsigned32 are one type on the wire.
    private static readonly MibWriter Pvid = new(
        value => value.Type != SnmpType.Gauge32 ? SnmpErrorStatus.WrongType
            : value.TryGetInt64(out var vlan) && vlan is >= 1 and <= 4094 ? SnmpErrorStatus.NoError : SnmpErrorStatus.WrongValue,
        (device, origin, slot, value) =>
        {
            value.TryGetInt64(out var vlan);
            device.WritePort(origin, slot, "defaultVlan", p => p with { DefaultVlan = (int)vlan }, p => $"{p.DefaultVlan}");
        });

    private static bool IsUp(AgentView view, int slot) =>
        view.Device.Model.Interfaces[slot].IsAlwaysUp || view.Link(slot).IsUp;

    /// <summary>IANAifType: ethernetCsmacd 6, softwareLoopback 24, other 1, propVirtual 53, ieee8023adLag 161.</summary>
    private static int IfType(InterfaceKind kind) => kind switch
    {
        InterfaceKind.Lag => 161,
        InterfaceKind.VlanInterface => 53,
        InterfaceKind.Loopback => 24,
        InterfaceKind.Null => 1,
        _ => 6,
    };

    private static uint Ticks(TimeSpan since) => (uint)(long)(since.TotalMilliseconds / 10);

    private static SnmpValue Text(string text) => SnmpValue.OctetString(text);

    private static MibInstance Scalar(uint[] arcs, Func<AgentView, SnmpValue> read) => new(Mib2.Append(arcs), -1, (v, _) => read(v));

    private static MibInstance Instance(Column column, InterfaceModel model, int slot, uint ifIndex) =>
        new(column.Oid.Append(ifIndex), slot, column.Read) { Writer = model.Role == PortRole.Logical ? null : column.Writer };

    private sealed record Column(Oid Oid, Func<AgentView, int, SnmpValue> Read)
    {
        public MibWriter? Writer { get; init; }
    }
}
