using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;

namespace ProvisionSvc.Polling;

/// <summary>A port as the database last knew it, with what it should show.</summary>
internal sealed record KnownPort(
    long Id, long SwitchId, string IfName, long? IfIndex, string? Admin, string? Oper, string? Alias, long? SpeedKbps, decimal? InOctets, decimal? OutOctets,
    bool IsMissing, IReadOnlyDictionary<IntentField, string?>? Expected, bool CarriesService, bool HasOpenItem, PortRole Role)
{
    /// <summary>What the port should show; a customer port that carries nothing, and of which no order ever said anything, is to be dark.</summary>
    public IReadOnlyDictionary<IntentField, string?>? Wanted => Expected ?? (Role == PortRole.Customer && !CarriesService ? Dark : null);

    private static IReadOnlyDictionary<IntentField, string?> Dark { get; } = new Dictionary<IntentField, string?> { [IntentField.AdminStatus] = "down" };
}

/// <summary>Something that happened on a port.</summary>
internal sealed record PortEvent(long PortId, string Kind, string? Before, string? After);

/// <summary>Everything one sweep of one switch changes in the database.</summary>
internal sealed record SweepChanges(
    IReadOnlyList<(KnownPort Port, SweptPort Seen)> Changed, IReadOnlyList<long> Missing, IReadOnlyList<PortEvent> Events,
    IReadOnlyList<(long PortId, Drift Drift)> Drifts, IReadOnlyList<long> Judged);

/// <summary>Compares a sweep with what was known; pure.</summary>
internal static class CompareSweep
{
    /// <param name="agentShows">Fields that this family's agent tells truly (an alias may be kept elsewhere than the agent knows).</param>
    public static SweepChanges Run(SweptSwitch.Answered swept, IReadOnlyList<KnownPort> known, IReadOnlySet<IntentField> agentShows)
    {
        var seen = swept.Ports.ToDictionary(p => p.IfName);
        var pairs = known.Where(k => seen.ContainsKey(k.IfName)).Select(k => (Port: k, Seen: seen[k.IfName])).ToList();
        var missing = swept.Complete ? known.Where(k => !seen.ContainsKey(k.IfName) && !k.IsMissing).Select(k => k.Id).ToList() : [];
        var judged = swept.Switch.Mode == SwitchMode.Manage ? pairs.Where(p => p.Port is { Wanted: not null, HasOpenItem: false }).ToList() : [];
        var gone = swept.Complete && swept.Switch.Mode == SwitchMode.Manage
            ? known.Where(k => !seen.ContainsKey(k.IfName) && k is { CarriesService: true, HasOpenItem: false }).ToList()
            : [];
        return new(
            [.. pairs.Where(p => Differs(p.Port, p.Seen))],
            missing,
            [.. pairs.SelectMany(p => Events(p.Port, p.Seen)), .. missing.Select(m => new PortEvent(m, "missing", null, null))],
            [.. judged.SelectMany(p => ClassifyDrift.For(p.Port.Wanted!, Reading(p.Seen, agentShows), p.Port.CarriesService).Select(d => (p.Port.Id, d))),
                .. gone.Select(g => (g.Id, new Drift(DriftClass.PortMissing, g.IfName, null)))],
            [.. judged.Select(p => p.Port.Id), .. gone.Select(g => g.Id)]);
    }

    private static bool Differs(KnownPort port, SweptPort seen) =>
        port.IsMissing || port.IfIndex != seen.IfIndex || port.Admin != seen.Admin || port.Oper != EnumText.Of(seen.Oper) || port.Alias != seen.Alias
        || port.SpeedKbps != seen.SpeedKbps || port.InOctets != seen.InOctets || port.OutOctets != seen.OutOctets;

    /// <summary>The first reading of a port is not an event.</summary>
    private static IEnumerable<PortEvent> Events(KnownPort port, SweptPort seen)
    {
        if (port.IsMissing)
        {
            yield return new(port.Id, "found", null, seen.IfIndex.ToString());
        }

        if (port.Oper is null)
        {
            yield break;
        }

        if (port.Admin != seen.Admin)
        {
            yield return new(port.Id, "adminStatus", port.Admin, seen.Admin);
        }

        if (port.Oper != EnumText.Of(seen.Oper))
        {
            yield return new(port.Id, "operStatus", port.Oper, EnumText.Of(seen.Oper));
        }

        if ((port.Alias ?? "") != (seen.Alias ?? ""))
        {
            yield return new(port.Id, "alias", port.Alias, seen.Alias);
        }

        if (port.SpeedKbps != seen.SpeedKbps)
        {
            yield return new(port.Id, "speed", port.SpeedKbps?.ToString(), seen.SpeedKbps?.ToString());
        }

        if (port.IfIndex is not null && port.IfIndex != seen.IfIndex)
        {
            yield return new(port.Id, "ifIndex", port.IfIndex.ToString(), seen.IfIndex.ToString());
        }
    }

    private static PortReading Reading(SweptPort seen, IReadOnlySet<IntentField> agentShows)
    {
        var values = new Dictionary<IntentField, string?>();
        if (seen.Admin is not null && agentShows.Contains(IntentField.AdminStatus))
        {
            values[IntentField.AdminStatus] = seen.Admin;
        }

        if (seen.Alias is not null && agentShows.Contains(IntentField.Alias))
        {
            values[IntentField.Alias] = seen.Alias.Length > 0 ? seen.Alias : null;
        }

        return new(values, seen.Oper);
    }
}
