using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>The port on which a line is to be lit, as the decision needs it.</summary>
/// <param name="OccupiedBy">The circuit that is attached there, or null.</param>
/// <param name="Speed">The port's speed, or null where it is not known.</param>
/// <param name="TakesTags">True where the port's switch can make trunks of its ports.</param>
public sealed record PortOffer(PortName Name, PortRole Role, Bandwidth? Speed, CircuitId? OccupiedBy, bool TakesTags = false);

/// <summary>Lights a line: the service gets an attachment on a free customer port.</summary>
public sealed record Activate(PortOffer Port, VlanId Vlan, bool Tagged, Bandwidth RateDown, Bandwidth RateUp, bool RateEnforcedElsewhere) : OrderAction
{
    public override string Name => "activate";

    public override int Precedence => 1;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => false;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var attachment = new Attachment(Port.Name, Vlan, Tagged, RateDown, RateUp, RateEnforcedElsewhere);
        if (service.State != ServiceState.Terminated && service.Attachments is [var existing, ..])
        {
            return service.Attachments.Contains(attachment) ? new Decision.NoChange() : new Decision.Reject([new("service-attached", "service",
                $"{service.CircuitId} already has an attachment on {existing.Port}; disconnect it first, or order a change.")]);
        }

        var faults = Faults(service).ToList();
        return faults.Count > 0 ? new Decision.Reject(faults) : new Decision.Apply([new ServiceChange.Attached(attachment)]);
    }

    private IEnumerable<Fault> Faults(Service service)
    {
        if (service.State == ServiceState.Terminated)
        {
            yield return Refusals.Terminated(service);
        }

        if (Port.Role != PortRole.Customer)
        {
            yield return new("port-not-customer", "port",
                $"{Port.Name} is {(Port.Role == PortRole.Uplink ? "an uplink" : "reserved")}; choose a customer port.");
        }

        if (Port.OccupiedBy is { } other && other != service.CircuitId)
        {
            yield return new("port-occupied", "port",
                $"{Port.Name} already carries {other}; an order for a second line on one port does not exist. Choose a free port.");
        }

        if (Port.Speed is { } speed && !RateEnforcedElsewhere && (RateDown > speed || RateUp > speed))
        {
            yield return new("rate-above-port", "rateDownMbps",
                $"{RateDown} down and {RateUp} up do not fit {Port.Name} of {speed}; sell less or choose a faster port.");
        }

        if (Tagged && !Port.TakesTags)
        {
            yield return new("tagged-not-possible", "tagged",
                $"A tagged VLAN needs a trunk, and the template of {Port.Name.Switch} makes none; order the line untagged, or choose a port of another switch.");
        }
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
        : new Decision.Apply([new ServiceChange.Ended()]);
}

internal static class Refusals
{
    public static Fault Terminated(Service service) => new("service-terminated", "service",
        $"{service.CircuitId} was disconnected; a new line needs a new circuit id.");
}
