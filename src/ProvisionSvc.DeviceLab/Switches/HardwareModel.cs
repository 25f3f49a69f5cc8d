namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>What an interface is for; logical ones (a VLAN's, NULL) are not ports and not in the inventory.</summary>
public enum PortRole
{
    Customer,
    Uplink,
    Reserved,
    Logical,
}

/// <summary>The kinds of interface that an access switch has; each family names them in its own way, and not every family has all.</summary>
public enum InterfaceKind
{
    /// <summary>Where customers are plugged in.</summary>
    Port,

    /// <summary>Of ten times the speed: the first two are the uplink's members, the others reserves.</summary>
    FastPort,
    Lag,
    VlanInterface,
    Management,
    Null,
    Loopback,
}

/// <summary>An interface's names: what the agent's ifName says, and what the command line takes.</summary>
public readonly record struct InterfaceName(string IfName, string CliName)
{
    public static implicit operator InterfaceName(string both) => new(both, both);
}

/// <summary>
/// One interface of a model. <c>IfIndex</c> is the model's number; a switch adds its own offset to those of physical ports.
/// <c>BasePort</c> is the bridge's own numbering (0: not a bridge port), which is not ifIndex.
/// </summary>
public sealed record InterfaceModel(InterfaceKind Kind, string Name, string CliName, int IfIndex, int BasePort, int SpeedMbps, PortRole Role)
{
    public bool IsPhysical => Kind is InterfaceKind.Port or InterfaceKind.FastPort or InterfaceKind.Lag;

    /// <summary>One of the ports that make the uplink together.</summary>
    public bool IsLagMember => Kind == InterfaceKind.FastPort && Role == PortRole.Uplink;

    /// <summary>Up whatever is plugged in.</summary>
    public bool IsAlwaysUp => Kind is InterfaceKind.Null or InterfaceKind.Loopback or InterfaceKind.VlanInterface;
}

/// <summary>A switch model: interfaces in the order in which the device prints them. Two models of a family share all its switches.</summary>
public sealed class HardwareModel
{
    private readonly Dictionary<string, int> _byName;

    /// <param name="naming">The n-th interface of a kind, counted from 1; null where the family has none.</param>
    internal HardwareModel(string name, int customerPorts, Func<InterfaceKind, int, InterfaceName?> naming)
    {
        Name = name;
        CustomerPorts = customerPorts;
        Interfaces = [.. Draw(customerPorts, naming)];
        _byName = Interfaces.Select((model, i) => (model, i)).ToDictionary(x => x.model.Name, x => x.i, StringComparer.OrdinalIgnoreCase);
        TrunkMembers = [.. Interfaces.Where(i => i.IsLagMember)];
    }

    public string Name { get; }

    public int CustomerPorts { get; }

    public IReadOnlyList<InterfaceModel> Interfaces { get; }

    public IReadOnlyList<InterfaceModel> TrunkMembers { get; }

    /// <summary>The position of an interface by its ifName, or -1.</summary>
    public int IndexOf(string ifName) => _byName.GetValueOrDefault(ifName, -1);

    // Numbers with holes, as agents give them: loopback and NULL first, physical ports from 6 with a hole between the groups.
    private static IEnumerable<InterfaceModel> Draw(int customerPorts, Func<InterfaceKind, int, InterfaceName?> naming)
    {
        var drawn = new List<(InterfaceKind Kind, int Number, int IfIndex, int BasePort, int SpeedMbps, PortRole Role)>
        {
            (InterfaceKind.VlanInterface, 1, 5, 0, 1000, PortRole.Logical),
            (InterfaceKind.Management, 1, 4, 0, 100, PortRole.Reserved),
            (InterfaceKind.Lag, 1, 130, customerPorts + 5, 20000, PortRole.Uplink),
        };
        drawn.AddRange(Enumerable.Range(1, customerPorts).Select(n => (InterfaceKind.Port, n, 5 + n, n, 1000, PortRole.Customer)));
        drawn.AddRange(Enumerable.Range(1, 4).Select(n => (InterfaceKind.FastPort, n, 60 + n, customerPorts + n, 10000, n <= 2 ? PortRole.Uplink : PortRole.Reserved)));
        drawn.Add((InterfaceKind.Loopback, 1, 1, 0, 0, PortRole.Logical));
        drawn.Add((InterfaceKind.Null, 1, 2, 0, 0, PortRole.Logical));
        foreach (var i in drawn)
        {
            if (naming(i.Kind, i.Number) is { } name) yield return new InterfaceModel(i.Kind, name.IfName, name.CliName, i.IfIndex, i.BasePort, i.SpeedMbps, i.Role);
        }
    }
}
