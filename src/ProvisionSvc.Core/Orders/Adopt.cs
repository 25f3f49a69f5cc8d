using System.Globalization;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Core.Orders;

/// <summary>
/// Takes a port over as it is: VLAN and rates of the attachment become what was read, and a port that is dark without a reason gets one. Then the intent is what
/// the port shows, and nothing is typed.
/// </summary>
/// <param name="At">Which of several attachments; null where there is one.</param>
/// <param name="Reading">What the port was seen to be just now.</param>
/// <param name="VlansTaken">VLANs that other services use where this one is attached.</param>
public sealed record Adopt(PortName? At, PortReading Reading, IReadOnlySet<int> VlansTaken, string Owner) : OrderAction
{
    public override string Name => "adopt";

    public override int Precedence => 2;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, At);
        return meant is null ? new Decision.Reject(faults) : Unless([.. Faults(service, meant)], () => Changes(service, meant, now));
    }

    private Decision Changes(Service service, Attachment meant, DateTimeOffset now)
    {
        var changes = new List<ServiceChange>();
        if (AsRead(meant) is var to && to != meant)
        {
            changes.Add(new ServiceChange.Replaced(meant, to));
        }

        if (Seen(IntentField.AdminStatus) == "down" && service.IsLit)
        {
            changes.Add(new ServiceChange.HoldPlaced(new(Holds.HoldKind.Engineering, Owner, $"{meant.Port} was dark when it was adopted", now)));
        }

        return changes.Count > 0 ? new Decision.Apply(changes) : new Decision.NoChange();
    }

    private IEnumerable<Fault> Faults(Service service, Attachment meant)
    {
        foreach (var why in Reading.Refusals)
        {
            yield return new("adopt-refused", "ifName", $"{meant.Port}: the switch shows that {why}; such a port is not adopted.");
        }

        if (Seen(IntentField.AdminStatus) == "up" && service.Holds.Count > 0)
        {
            yield return new("lit-but-held", "ifName",
                $"{meant.Port} is lit, but {string.Join(", ", service.Holds.Select(h => h.Kind.ToString().ToLowerInvariant()))} holds {service.CircuitId} dark; release the hold (resume), or repair the port.");
        }

        if (Seen(IntentField.Alias) is { } alias && alias != service.CircuitId.Value)
        {
            yield return new("alias-differs", "ifName", $"{meant.Port} calls itself \"{Printable.Of(alias)}\", not {service.CircuitId}; rename the line, or repair the port.");
        }

        if (Reading.Values.ContainsKey(IntentField.AccessVlan) && Vlan is null)
        {
            yield return new("no-access-vlan", "ifName", $"{meant.Port} shows no access VLAN; repair the port instead.");
        }
        else if (Vlan is { } vlan && vlan != meant.Vlan && VlansTaken.Contains(vlan.Value))
        {
            yield return new("vlan-taken", "ifName", $"{meant.Port} is in VLAN {vlan}, which another line of the node uses; repair the port instead.");
        }
    }

    private VlanId? Vlan => int.TryParse(Seen(IntentField.AccessVlan), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is >= 1 and <= 4094 ? new(id) : null;

    /// <summary>A port that shows no limit leaves the rates to somebody else, whatever was sold.</summary>
    private Attachment AsRead(Attachment meant)
    {
        var to = meant with { Vlan = Vlan ?? meant.Vlan };
        if (!Reading.Values.ContainsKey(IntentField.RateDown) || !Reading.Values.ContainsKey(IntentField.RateUp))
        {
            return to;
        }

        return Rate(IntentField.RateDown) is { } down && Rate(IntentField.RateUp) is { } up
            ? to with { RateDown = down, RateUp = up, RateEnforcedElsewhere = false }
            : to with { RateEnforcedElsewhere = true };
    }

    private Bandwidth? Rate(IntentField field) =>
        long.TryParse(Seen(field), NumberStyles.None, CultureInfo.InvariantCulture, out var kbps) && kbps is > 0 and <= 100_000_000_000 ? Bandwidth.FromKbps(kbps) : null;

    private string? Seen(IntentField field) => Reading.Values.GetValueOrDefault(field);
}
