using System.Net;

namespace ProvisionSvc.DeviceLab.City;

/// <summary>Everything the simulated operator owns and sells, before any switch is started. The inventory files are written from it.</summary>
public sealed record CityPlan
{
    public required IReadOnlyList<District> Districts { get; init; }

    public required IReadOnlyList<Node> Nodes { get; init; }

    public required IReadOnlyList<Building> Buildings { get; init; }

    public required IReadOnlyList<SwitchPlan> Switches { get; init; }

    public required IReadOnlyList<Customer> Customers { get; init; }

    public required IReadOnlyList<Account> Accounts { get; init; }

    public required IReadOnlyList<Group> Groups { get; init; }

    public required IReadOnlyList<Service> Services { get; init; }
}

/// <summary>A sales district of the operator.</summary>
public sealed record District(int Number, string Name);

/// <summary>A point of presence that feeds buildings; its VLANs are unique within it.</summary>
public sealed record Node(string Name, int District, int UplinkMbps, decimal Oversubscription, int VlanFirst, int VlanLast);

/// <summary>An office building with one or more switches.</summary>
public sealed record Building(string Name, string Address, int District, string Node);

/// <summary>One switch as it stands in the inventory; its interfaces are those of its hardware model.</summary>
public sealed record SwitchPlan(string Name, string Building, string Node, IPAddress Address, string Serial, Switches.HardwareModel Model, int IndexOffset);

/// <summary>An invented organisation; never a person.</summary>
public sealed record Customer(string Code, string Name, string Segment);

/// <summary>Who pays.</summary>
public sealed record Account(string Number, string Customer, int District, decimal MonthlyValue);

/// <summary>Lines of one customer that share a VLAN.</summary>
public sealed record Group(string Name, string Customer);

/// <summary>One line sold, and the port that carries it.</summary>
public sealed record Service(
    string CircuitId, string Account, string Building, string Group, int DownMbps, int UpMbps, string Switch, string IfName, int Vlan);
