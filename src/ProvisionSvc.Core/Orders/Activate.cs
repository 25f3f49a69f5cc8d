using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>Lights a line: the service gets an attachment on a free customer port.</summary>
public sealed record Activate(PortOffer Port, VlanId Vlan, bool Tagged, Bandwidth RateDown, Bandwidth RateUp, bool RateEnforcedElsewhere) : OrderAction
{
    public override string Name => "activate";

    public override int Precedence => 1;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var attachment = new Attachment(Port.Name, Vlan, Tagged, RateDown, RateUp, RateEnforcedElsewhere);
        if (service.State != ServiceState.Terminated && service.Attachments is [var existing, ..])
        {
            return service.Attachments.Contains(attachment) ? new Decision.NoChange() : new Decision.Reject([new("service-attached", "service",
                $"{service.CircuitId} already has an attachment on {existing.Port}; disconnect it first, or order a change.")]);
        }

        IReadOnlyList<Fault> ended = service.State == ServiceState.Terminated ? [Refusals.Terminated(service)] : [];
        return Unless(
            [.. ended, .. PortRules.Against(Port, RateDown, RateUp, RateEnforcedElsewhere, Tagged)],
            () => new Decision.Apply([new ServiceChange.Attached(attachment)]));
    }
}

/// <summary>Takes a line away: port closed, VLAN, rates and alias cleared, capacity free.</summary>
public sealed record Disconnect : OrderAction
{
    public override string Name => "disconnect";

    public override int Precedence => 3;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => true;

    public override Decision Decide(Service service, DateTimeOffset now) => service.State == ServiceState.Terminated
        ? new Decision.Reject([Refusals.Terminated(service)])
        : new Decision.Apply([new ServiceChange.Ended(service.Attachments, service.State)]);
}
