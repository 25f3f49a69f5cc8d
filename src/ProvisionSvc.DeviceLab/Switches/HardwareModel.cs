namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>What an interface is for; logical ones (Vlanif, NULL) are not ports and not in the inventory.</summary>
public enum PortRole
{
    Customer,
    Uplink,
    Reserved,
    Logical,
}

/// <summary>The interface families of a VRP5 access switch.</summary>
public enum InterfaceKind
{
    GigabitEthernet,
    XGigabitEthernet,
    EthTrunk,
    Vlanif,
    MEth,
    Null,
    InLoopBack,
}

/// <summary>
/// One interface of a model. <c>IfIndex</c> is the model's number; a switch adds its own offset to those of physical ports.
/// <c>BasePort</c> is the bridge's own numbering (0: not a bridge port), which is not ifIndex.
/// </summary>
public sealed record InterfaceModel(InterfaceKind Kind, string Name, int IfIndex, int BasePort, int SpeedMbps, PortRole Role)
{
    /// <summary>Configuration that the simulator prints but does not interpret.</summary>
    public IReadOnlyList<string> FixedLines { get; init; } = [];

    public bool IsPhysical => Kind is InterfaceKind.GigabitEthernet or InterfaceKind.XGigabitEthernet or InterfaceKind.EthTrunk;

    /// <summary>The form used inside tables: GE0/0/1.</summary>
    public string ShortName => Kind switch
    {
        InterfaceKind.GigabitEthernet => "GE" + Name["GigabitEthernet".Length..],
        InterfaceKind.XGigabitEthernet => "XGE" + Name["XGigabitEthernet".Length..],
        _ => Name,
    };
}

/// <summary>A switch model: interfaces in the order in which the device prints them. Two models share all their switches.</summary>
public sealed class HardwareModel
{
    public static readonly HardwareModel Ports28 = new("S5720-28X-SI-AC", 24);
    public static readonly HardwareModel Ports52 = new("S5720-52X-SI-AC", 48);

    private readonly Dictionary<string, int> _byName;

    private HardwareModel(string name, int customerPorts)
    {
        Name = name;
        CustomerPorts = customerPorts;
        Interfaces = [.. Draw(customerPorts)];
        _byName = Interfaces.Select((model, i) => (model, i)).ToDictionary(x => x.model.Name, x => x.i, StringComparer.OrdinalIgnoreCase);
        TrunkMembers = [.. Interfaces.Where(i => i is { Kind: InterfaceKind.XGigabitEthernet, Role: PortRole.Uplink })];
    }

    public string Name { get; }

    public int CustomerPorts { get; }

    public IReadOnlyList<InterfaceModel> Interfaces { get; }

    public IReadOnlyList<InterfaceModel> TrunkMembers { get; }

    /// <summary>The position of an interface by its full name, or -1.</summary>
    public int IndexOf(string ifName) => _byName.GetValueOrDefault(ifName, -1);

    // Numbers with holes, as agents give them: loopback and NULL first, physical ports from 6 with a hole between the groups.
    private static IEnumerable<InterfaceModel> Draw(int customerPorts)
    {
        yield return new InterfaceModel(InterfaceKind.Vlanif, "Vlanif1", 5, 0, 1000, PortRole.Logical);
        yield return new InterfaceModel(InterfaceKind.MEth, "MEth0/0/1", 4, 0, 100, PortRole.Reserved);
        yield return new InterfaceModel(InterfaceKind.EthTrunk, "Eth-Trunk1", 130, customerPorts + 5, 20000, PortRole.Uplink)
        {
            FixedLines = ["port link-type trunk", "port trunk allow-pass vlan 2 to 4094"],
        };
        for (var n = 1; n <= customerPorts; n++)
        {
            yield return new InterfaceModel(InterfaceKind.GigabitEthernet, $"GigabitEthernet0/0/{n}", 5 + n, n, 1000, PortRole.Customer);
        }

        for (var n = 1; n <= 4; n++)
        {
            yield return new InterfaceModel(
                InterfaceKind.XGigabitEthernet, $"XGigabitEthernet0/0/{n}", 60 + n, customerPorts + n, 10000, n <= 2 ? PortRole.Uplink : PortRole.Reserved)
            {
                FixedLines = n <= 2 ? ["eth-trunk 1"] : [],
            };
        }

        yield return new InterfaceModel(InterfaceKind.InLoopBack, "InLoopBack0", 1, 0, 0, PortRole.Logical);
        yield return new InterfaceModel(InterfaceKind.Null, "NULL0", 2, 0, 0, PortRole.Logical);
    }
}
