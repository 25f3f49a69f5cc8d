using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>An order that is to be taken back, and what it changed.</summary>
public sealed record UndoneOrder(long Id, string Action, HoldKind? Hold, IReadOnlyList<ServiceChange> Changes);

/// <summary>
/// Takes back what an order changed, where that still stands: the inverse of its changes, through the same door. What others have been given since (the port, the
/// VLAN, the hold) is respected.
/// </summary>
/// <param name="Ports">The ports that the inverse needs.</param>
/// <param name="VlansTaken">VLANs that other services use at each of these ports' nodes.</param>
public sealed record Undo(
    UndoneOrder Of, IReadOnlyList<PortOffer> Ports, IReadOnlyDictionary<PortName, IReadOnlySet<int>> VlansTaken, bool UnderWay = false) : OrderAction
{
    private IReadOnlyList<ServiceChange> Inverse => [.. Of.Changes.Reverse().Select(c => c.Inverse)];

    public override string Name => "undo";

    public override HoldKind? HoldKind => Of.Hold;

    public override bool Restores => Of.Changes.Count > 0 && Inverse.All(c => c is ServiceChange.HoldReleased);

    public override int Precedence => Inverse switch
    {
        _ when Restores => 0,
        var i when i.Any(c => c is ServiceChange.HoldPlaced) => 4,
        var i when i.Any(c => c is ServiceChange.Ended or ServiceChange.Detached) => 3,
        var i when i.Any(c => c is ServiceChange.Attached or ServiceChange.Revived or ServiceChange.Moved) => 1,
        _ => 2,
    };

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => olderAction == Of.Action && olderHold == Of.Hold && Of.Hold is not null;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        if (Of.Changes.Count == 0)
        {
            return new Decision.Reject([new("nothing-to-undo", "undoes", $"Order {Of.Id} ({Of.Action}) changed nothing: it proved what already stood.")]);
        }

        var inverse = Inverse.Select(c => c switch
        {
            ServiceChange.HoldPlaced(var hold) => new ServiceChange.HoldPlaced(hold with { Since = now }),
            // With its last port the line ends, as it does by a disconnection.
            ServiceChange.Detached(var last) when service.Attachments.Count == 1 => new ServiceChange.Ended([last], service.State),
            _ => c,
        }).ToList();
        var ended = service.State == ServiceState.Terminated && !inverse.Exists(c => c is ServiceChange.Revived);
        return Unless(
            [
                .. UnderWay ? [MoveRules.UnderWay(service)] : Array.Empty<Fault>(),
                .. ended ? [Refusals.Terminated(service)] : Against(inverse, service, now),
            ],
            () => new Decision.Apply(inverse));
    }

    /// <summary>Each change meets the service as the ones before it leave it.</summary>
    private IEnumerable<Fault> Against(IReadOnlyList<ServiceChange> inverse, Service service, DateTimeOffset now)
    {
        foreach (var change in inverse)
        {
            foreach (var fault in ChangedSince(change, service, now).Concat(GivenAway(change, service)))
            {
                yield return fault;
            }

            service = change.ApplyTo(service);
        }
    }

    /// <summary>What the order left no longer stands.</summary>
    private static IEnumerable<Fault> ChangedSince(ServiceChange inverse, Service service, DateTimeOffset now)
    {
        Fault Changed(string difference) => new("changed-since", "undoes", $"{service.CircuitId} has changed since: {difference}");
        switch (inverse)
        {
            case ServiceChange.Detached(var a) when !service.Attachments.Contains(a):
                yield return Changed(Difference(service, a));
                break;
            case ServiceChange.Replaced(var from, _) when !service.Attachments.Contains(from):
                yield return Changed(Difference(service, from));
                break;
            case ServiceChange.Moved(var from, _) when !service.Attachments.Contains(from):
                yield return Changed(Difference(service, from));
                break;
            case ServiceChange.Ended(var attachments, _) when !attachments.ToHashSet().SetEquals(service.Attachments):
                yield return Changed($"it is on {Shown(service.Attachments)}, no longer on {Shown(attachments)}.");
                break;
            case ServiceChange.Revived when service.State != ServiceState.Terminated:
                yield return Changed("it stands again already.");
                break;
            case ServiceChange.Renamed(var from, _) when service.CircuitId != from:
                yield return Changed($"it is called {service.CircuitId}, no longer {from}.");
                break;
            case ServiceChange.HoldReleased(var hold) when !service.Holds.Any(h => h.Kind == hold.Kind && IsSame(h.Since, hold.Since)):
                yield return Changed($"the hold \"{Word(hold)}\" of {hold.Since:u} no longer stands.");
                break;
            case ServiceChange.HoldPlaced(var hold) when service.Holds.Any(h => h.Kind == hold.Kind):
                yield return Changed($"a hold \"{Word(hold)}\" stands again.");
                break;
            case ServiceChange.HoldPlaced({ Until: { } until } hold) when until <= now:
                yield return Changed($"the hold \"{Word(hold)}\" would have ended at {until:u} by itself.");
                break;
        }
    }

    /// <summary>What the inverse needs has been given to others since.</summary>
    private IEnumerable<Fault> GivenAway(ServiceChange inverse, Service service)
    {
        foreach (var attachment in inverse.Takes)
        {
            var stays = service.Attachments.Any(a => a.Port == attachment.Port);
            var port = Ports.FirstOrDefault(p => p.Name == attachment.Port);
            foreach (var fault in port is null ? [new Fault("unknown-port", "undoes", $"{attachment.Port} is no longer in the inventory.")]
                : stays ? PortRules.AgainstRate(port, attachment.RateDown, attachment.RateUp, attachment.RateEnforcedElsewhere)
                : PortRules.Against(port, attachment.RateDown, attachment.RateUp, attachment.RateEnforcedElsewhere, attachment.Tagged))
            {
                yield return fault with { Field = "undoes" };
            }

            if (VlansTaken.GetValueOrDefault(attachment.Port)?.Contains(attachment.Vlan.Value) == true)
            {
                yield return new("vlan-taken", "undoes", $"VLAN {attachment.Vlan} has been given to another line of the node since.");
            }
        }
    }

    private static string Difference(Service service, Attachment left) => service.Attachments.FirstOrDefault(a => a.Port == left.Port) is { } now
        ? $"{left.Port} has {Shown(now)}, no longer {Shown(left)}."
        : $"it is on {Shown(service.Attachments)}, no longer on {left.Port}.";

    private static string Shown(IReadOnlyList<Attachment> attachments) => attachments.Count == 0 ? "no port" : string.Join(" and ", attachments.Select(a => a.Port));

    private static string Shown(Attachment a) => $"VLAN {a.Vlan}, {a.RateDown} down, {a.RateUp} up{(a.RateEnforcedElsewhere ? " kept elsewhere" : "")}";

    /// <summary>A database keeps microseconds.</summary>
    private static bool IsSame(DateTimeOffset a, DateTimeOffset b) => (a - b).Duration() < TimeSpan.FromMilliseconds(1);

    private static string Word(Hold hold) => hold.Kind.ToString().ToLowerInvariant();
}
