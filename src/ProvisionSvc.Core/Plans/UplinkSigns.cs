namespace ProvisionSvc.Core.Plans;

/// <summary>What a neighbour says of itself by LLDP (IEEE 802.1AB).</summary>
[Flags]
public enum NeighbourKinds
{
    None = 0,
    Repeater = 1,
    Bridge = 2,
    WlanAccessPoint = 4,
    Router = 8,
    Telephone = 16,
}

/// <summary>A device at the other end of a port.</summary>
public sealed record Neighbour(string Name, NeighbourKinds Kinds)
{
    /// <summary>A switch of its own. Telephones and access points bridge too, for what is plugged into them: those are a customer's.</summary>
    public bool IsSwitch => Kinds.HasFlag(NeighbourKinds.Bridge) && (Kinds & (NeighbourKinds.Telephone | NeighbourKinds.WlanAccessPoint)) == NeighbourKinds.None;
}

/// <summary>Who is behind a port, as the switch has learnt it.</summary>
/// <param name="Macs">How many MAC addresses.</param>
public sealed record PortNeighbours(IReadOnlyList<Neighbour> Neighbours, int Macs)
{
    public static PortNeighbours Nobody { get; } = new([], 0);
}

/// <summary>From which signs on a port counts as an uplink, whatever the inventory calls it (T9).</summary>
/// <param name="MostMacs">The most MAC addresses that a customer's port has learnt; 0 = they are not counted.</param>
/// <param name="RefuseSwitches">Whether a neighbour that is a switch is such a sign.</param>
public sealed record UplinkSigns(int MostMacs, bool RefuseSwitches)
{
    /// <summary>Why the port must not be written, as the words after "the switch shows that"; empty where it looks like a customer's.</summary>
    public IEnumerable<string> Of(PortNeighbours seen)
    {
        foreach (var neighbour in seen.Neighbours.Where(n => RefuseSwitches && n.IsSwitch))
        {
            yield return $"its neighbour \"{Printable.Of(neighbour.Name)}\" is a switch (LLDP)";
        }

        if (MostMacs > 0 && seen.Macs > MostMacs)
        {
            yield return $"{seen.Macs} MAC addresses are behind it, more than the {MostMacs} of a customer's port";
        }
    }
}
