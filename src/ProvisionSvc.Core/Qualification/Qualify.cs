using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Qualification;

/// <summary>A free or taken customer port of a building.</summary>
public sealed record PortCapacity(PortName Name, Bandwidth? Speed, bool IsFree);

/// <summary>A switch of the building with what its uplink carries. Rates in kbit/s.</summary>
/// <param name="Uplink">Sum of its links to the node; null where none is known.</param>
/// <param name="Committed">Sum of the bandwidth sold on it, the larger direction of each line.</param>
public sealed record SwitchCapacity(string Name, Bandwidth? Uplink, long Committed, IReadOnlyList<PortCapacity> Ports);

/// <summary>Everything "can we serve this?" depends on (TMF645).</summary>
/// <param name="Oversubscription">How many times the uplink may be sold; 4 means committed ≤ 4 x uplink.</param>
/// <param name="NodeCommitted">Sum of the bandwidth sold over the node, kbit/s.</param>
/// <param name="VlansUsed">VLANs in use or in quarantine at the node.</param>
public sealed record SiteCapacity(
    string Building,
    string Node,
    Bandwidth NodeUplink,
    decimal Oversubscription,
    long NodeCommitted,
    int FirstVlan,
    int LastVlan,
    IReadOnlySet<int> VlansUsed,
    IReadOnlyList<SwitchCapacity> Switches);

/// <summary>Something that is missing, and what would remedy it.</summary>
public sealed record Shortfall(string Code, string Message, string Remedy);

/// <summary>The answer to "can we serve this?".</summary>
public abstract record QualificationResult
{
    private QualificationResult()
    {
    }

    /// <summary>Yes: this port, with this VLAN.</summary>
    public sealed record Qualified(PortName Port, VlanId Vlan) : QualificationResult;

    /// <summary>No: everything that is missing.</summary>
    public sealed record Unqualified(IReadOnlyList<Shortfall> Shortfalls) : QualificationResult;
}

/// <summary>The one function that says whether a building can carry a line; the qualification's answer and the activation cannot disagree.</summary>
public static class Qualify
{
    /// <summary>What may be missing; all of it can be built.</summary>
    public static IReadOnlySet<string> Codes { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "no-switch", "no-free-port", "port-too-slow", "uplink-oversubscribed", "no-uplink", "node-oversubscribed", "vlan-taken", "no-vlan",
    };

    /// <param name="rate">The larger direction of the line.</param>
    /// <param name="wanted">A port that must be used, or null for the best one.</param>
    /// <param name="wantedVlan">A VLAN that must be used, or null for a free one.</param>
    public static QualificationResult Evaluate(SiteCapacity site, Bandwidth rate, PortName? wanted = null, VlanId? wantedVlan = null)
    {
        var shortfalls = new List<Shortfall>();
        var switches = wanted is null ? site.Switches : [.. site.Switches.Where(s => s.Name == wanted.Switch)];
        var free = switches.SelectMany(s => s.Ports.Where(p => p.IsFree && (wanted is null || p.Name == wanted)).Select(p => (Switch: s, Port: p))).ToList();
        var fast = free.Where(f => f.Port.Speed is not { } speed || rate <= speed).ToList();
        var carried = fast.Where(f => f.Switch.Uplink is { } up && f.Switch.Committed + rate.Kbps <= Sellable(up, site)).ToList();

        if (site.Switches.Count == 0)
        {
            shortfalls.Add(new("no-switch", $"{site.Building} has no switch.", "Build one there and import it (switches.csv, ports.csv, links.csv)."));
        }
        else if (free.Count == 0)
        {
            shortfalls.Add(new("no-free-port", $"{wanted?.ToString() ?? site.Building} has no free customer port.", "Add a switch, or free a port by disconnecting a line."));
        }
        else if (fast.Count == 0)
        {
            shortfalls.Add(new("port-too-slow", $"No free port of {site.Building} reaches {rate}.", "Sell less, or add a faster module."));
        }
        else if (carried.Count == 0)
        {
            shortfalls.Add(UplinkShortfall(fast.MaxBy(f => f.Switch.Uplink is { } up ? Sellable(up, site) - f.Switch.Committed : long.MinValue).Switch, site, rate));
        }

        if (site.NodeCommitted + rate.Kbps > Sellable(site.NodeUplink, site))
        {
            shortfalls.Add(NodeShortfall(site, rate));
        }

        if (FreeVlan(site, wantedVlan) is not { } vlan)
        {
            shortfalls.Add(VlanShortfall(site, wantedVlan));
            return new QualificationResult.Unqualified(shortfalls);
        }

        return shortfalls.Count > 0
            ? new QualificationResult.Unqualified(shortfalls)
            : new QualificationResult.Qualified(Best(carried, site), vlan);
    }

    /// <summary>What is missing for a line that stands on <paramref name="switchName"/> to sell <paramref name="more"/> than it does.</summary>
    public static IReadOnlyList<Shortfall> Widen(SiteCapacity site, string switchName, Bandwidth more)
    {
        var shortfalls = new List<Shortfall>();
        if (site.Switches.FirstOrDefault(s => s.Name == switchName) is { } own && !(own.Uplink is { } up && own.Committed + more.Kbps <= Sellable(up, site)))
        {
            shortfalls.Add(UplinkShortfall(own, site, more));
        }

        if (site.NodeCommitted + more.Kbps > Sellable(site.NodeUplink, site))
        {
            shortfalls.Add(NodeShortfall(site, more));
        }

        return shortfalls;
    }

    /// <summary>Why <see cref="FreeVlan"/> has none.</summary>
    public static Shortfall VlanShortfall(SiteCapacity site, VlanId? wanted) => wanted is { } asked
        ? new("vlan-taken", $"VLAN {asked} is in use at {site.Node} or outside its range {site.FirstVlan}-{site.LastVlan}.", "Leave the VLAN to the service, or choose another.")
        : new("no-vlan", $"{site.Node} has no VLAN left in {site.FirstVlan}-{site.LastVlan}.", "Widen the node's VLAN range.");

    private static Shortfall UplinkShortfall(SwitchCapacity at, SiteCapacity site, Bandwidth rate) => at.Uplink is { } uplink
        ? new("uplink-oversubscribed", $"{at.Name} has sold {at.Committed} of {Sellable(uplink, site)} kbit/s on its uplink of {uplink}; {rate} more do not fit.", "Add a member to the uplink's LAG.")
        : new("no-uplink", $"{at.Name} has no link to {site.Node} in the inventory.", "Import its link (links.csv).");

    private static Shortfall NodeShortfall(SiteCapacity site, Bandwidth rate) => new(
        "node-oversubscribed", $"{site.Node} has sold {site.NodeCommitted} of {Sellable(site.NodeUplink, site)} kbit/s; {rate} more do not fit.", "Widen the node's uplink, or feed the building from another node.");

    private static long Sellable(Bandwidth uplink, SiteCapacity site) => (long)(uplink.Kbps * site.Oversubscription);

    private static PortName Best(List<(SwitchCapacity Switch, PortCapacity Port)> candidates, SiteCapacity site) => candidates
        .OrderByDescending(c => Sellable(c.Switch.Uplink!.Value, site) - c.Switch.Committed)
        .ThenBy(c => c.Switch.Name, StringComparer.Ordinal)
        .ThenBy(c => c.Port.Speed?.Kbps ?? long.MaxValue)
        .ThenBy(c => c.Port.Name.IfName, NaturalOrder.Instance)
        .First().Port.Name;

    /// <summary>The VLAN that is wanted, or a free one of the node; null where it is taken or none is left.</summary>
    public static VlanId? FreeVlan(SiteCapacity site, VlanId? wanted) => wanted is { } asked
        ? asked.Value >= site.FirstVlan && asked.Value <= site.LastVlan && !site.VlansUsed.Contains(asked.Value) ? asked : null
        : Enumerable.Range(site.FirstVlan, Math.Max(0, site.LastVlan - site.FirstVlan + 1))
            .Where(v => !site.VlansUsed.Contains(v))
            .Select(v => (VlanId?)new VlanId(v))
            .FirstOrDefault();
}
