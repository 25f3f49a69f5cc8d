using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>A service gets one more attachment on another port: a group VPN beside the Internet.</summary>
public sealed record AddAttachment(PortOffer Port, VlanId Vlan, Bandwidth RateDown, Bandwidth RateUp, bool RateEnforcedElsewhere) : OrderAction
{
    public override string Name => "addAttachment";

    public override int Precedence => 1;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var attachment = new Attachment(Port.Name, Vlan, false, RateDown, RateUp, RateEnforcedElsewhere);
        if (service.State != ServiceState.Terminated && service.Attachments.Contains(attachment))
        {
            return new Decision.NoChange();
        }

        IReadOnlyList<Fault> standing = service.State == ServiceState.Terminated ? [Refusals.Terminated(service)]
            : service.Attachments.Count == 0 ? [new("not-attached", "service", $"{service.CircuitId} has no port yet; activate it first.")]
            : [];
        return Unless(
            [.. standing, .. PortRules.Against(Port, RateDown, RateUp, RateEnforcedElsewhere)],
            () => new Decision.Apply([new ServiceChange.Attached(attachment)]));
    }
}

/// <summary>A service gives up one of its attachments; its last one goes with a disconnection.</summary>
public sealed record RemoveAttachment(PortName At) : OrderAction
{
    public override string Name => "removeAttachment";

    public override int Precedence => 3;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => olderAction is not "move";

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, At);
        return meant is null ? new Decision.Reject(faults)
            : service.Attachments.Count == 1 ? new Decision.Reject([new("last-attachment", "ifName", $"{At} is the only port of {service.CircuitId}; disconnect the line instead.")])
            : new Decision.Apply([new ServiceChange.Detached(meant)]);
    }
}

/// <summary>A line goes to another port, of the same switch or another: the new port is proven before the old one is closed.</summary>
/// <param name="From">Which of several attachments; null where there is one.</param>
/// <param name="UnderWay">True where an earlier move of the line has not closed its old port yet.</param>
public sealed record Move(PortName? From, PortOffer To, VlanId Vlan, bool UnderWay) : OrderAction
{
    public override string Name => "move";

    public override int Precedence => 1;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, From);
        if (meant is null || UnderWay)
        {
            return new Decision.Reject(UnderWay ? [MoveRules.UnderWay(service)] : faults);
        }

        return Unless(
            [.. MoveRules.Against(meant, To)],
            () => new Decision.Apply([new ServiceChange.Moved(meant, meant with { Port = To.Name, Vlan = Vlan })]));
    }
}

/// <summary>A line of a broken switch comes up on its spare; nothing can be closed on the broken one.</summary>
/// <param name="From">The port that is gone.</param>
public sealed record ReplaceSwitch(PortName From, PortOffer To, VlanId Vlan, bool UnderWay) : OrderAction
{
    public override string Name => "replaceSwitch";

    public override int Precedence => 1;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => true;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, From);
        return meant is null || UnderWay
            ? new Decision.Reject(UnderWay ? [MoveRules.UnderWay(service)] : faults)
            : Unless(
                [.. MoveRules.Against(meant, To)],
                () => new Decision.Apply([new ServiceChange.TakenOver(meant, meant with { Port = To.Name, Vlan = Vlan })]));
    }
}

internal static class MoveRules
{
    public static Fault UnderWay(Service service) => new("move-under-way", "service",
        $"{service.CircuitId} is being moved already; wait until its old port is closed.");

    public static IEnumerable<Fault> Against(Attachment from, PortOffer to)
    {
        if (to.Name == from.Port)
        {
            return [new("same-port", "toIfName", $"The line is on {to.Name} already.")];
        }

        // The field is the one of the new port here.
        return PortRules.Against(to, from.RateDown, from.RateUp, from.RateEnforcedElsewhere).Select(f => f.Field == "port" ? f with { Field = "toIfName" } : f);
    }
}
