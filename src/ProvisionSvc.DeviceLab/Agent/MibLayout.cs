using System.Collections.Concurrent;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>
/// Every object instance of one hardware model with one ifIndex offset, in the order in which an agent walks. Shared by all switches
/// that are alike: a thousand switches have a handful of layouts.
/// </summary>
internal sealed class MibLayout
{
    private static readonly ConcurrentDictionary<(HardwareModel Model, int Offset), MibLayout> Known = new();

    private readonly Oid[] _oids;
    private readonly MibInstance[] _instances;

    private MibLayout(IReadOnlyList<MibInstance> instances)
    {
        _instances = [.. instances.OrderBy(i => i.Oid)];
        _oids = [.. _instances.Select(i => i.Oid)];
    }

    public static MibLayout Of(SimSwitch device) =>
        Known.GetOrAdd((device.Model, device.IndexOffset), _ => new MibLayout([.. MibObjects.Of(device.Model, slot => (uint)device.IfIndexOf(slot))]));

    public MibInstance? Find(Oid oid)
    {
        var at = Array.BinarySearch(_oids, oid);
        return at >= 0 ? _instances[at] : null;
    }

    /// <summary>The first instance behind <paramref name="oid"/>; null at the end.</summary>
    public MibInstance? Next(Oid oid)
    {
        var at = Array.BinarySearch(_oids, oid);
        var next = at >= 0 ? at + 1 : ~at;
        return next < _instances.Length ? _instances[next] : null;
    }

    /// <summary>Whether the object exists in another row: a GET answers noSuchInstance then and noSuchObject otherwise (RFC 3416 §4.2.1).</summary>
    public bool HasObject(Oid oid) => oid.Length > 1 && Next(oid.Slice(0, oid.Length - 1)) is { } next && next.Oid.StartsWith(oid.Slice(0, oid.Length - 1));
}

/// <summary>One object instance: its name, the interface it belongs to (-1: none), how it is read and, if at all, written.</summary>
internal sealed record MibInstance(Oid Oid, int Slot, Func<AgentView, int, SnmpValue> Read)
{
    public MibWriter? Writer { get; init; }
}

/// <summary>How an object is written: what is wrong with a value (or nothing), and the write itself.</summary>
internal sealed record MibWriter(Func<SnmpValue, SnmpErrorStatus> Check, Action<SimSwitch, Origin, int, SnmpValue> Write);

/// <summary>What one request sees: the switch, and its configuration as the agent shows it at this moment.</summary>
internal readonly record struct AgentView(SimSwitch Device, SwitchConfig Config, DateTimeOffset Now)
{
    public LinkReading Link(int slot) => Device.ReadLink(slot);

    public PortConfig Port(int slot) => Config.Ports[slot];
}
