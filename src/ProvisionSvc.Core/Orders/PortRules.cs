using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>A port as an order's decision needs it.</summary>
/// <param name="OccupiedBy">The circuit that is attached there, or null.</param>
/// <param name="Speed">The port's speed, or null where it is not known.</param>
/// <param name="TakesTags">True where the port's switch can make trunks of its ports.</param>
public sealed record PortOffer(PortName Name, PortRole Role, Bandwidth? Speed, CircuitId? OccupiedBy, bool TakesTags = false);

/// <summary>What every order that puts a line on a port asks of it.</summary>
public static class PortRules
{
    /// <summary>Everything that speaks against the attachment on this port.</summary>
    public static IEnumerable<Fault> Against(PortOffer port, Bandwidth down, Bandwidth up, bool rateElsewhere, bool tagged = false)
    {
        if (port.Role != PortRole.Customer)
        {
            yield return new("port-not-customer", "port", $"{port.Name} is {(port.Role == PortRole.Uplink ? "an uplink" : "reserved")}; choose a customer port.");
        }

        if (AnotherAttachment(port) is { } occupied)
        {
            yield return occupied;
        }

        foreach (var fault in AgainstRate(port, down, up, rateElsewhere))
        {
            yield return fault;
        }

        if (tagged && !port.TakesTags)
        {
            yield return new("tagged-not-possible", "tagged",
                $"A tagged VLAN needs a trunk, and the template of {port.Name.Switch} makes none; order the line untagged, or choose a port of another switch.");
        }
    }

    /// <summary>The one rule on how many attachments a port takes: one, of whichever service, until orders share a trunk.</summary>
    public static Fault? AnotherAttachment(PortOffer port) => port.OccupiedBy is { } other
        ? new("port-occupied", "port", $"{port.Name} already carries {other}; no order puts a second line on one port. Choose a free port.")
        : null;

    /// <summary>A port does not carry more than its speed, unless another device keeps the rate.</summary>
    public static IEnumerable<Fault> AgainstRate(PortOffer port, Bandwidth down, Bandwidth up, bool rateElsewhere)
    {
        if (port.Speed is { } speed && !rateElsewhere && (down > speed || up > speed))
        {
            yield return new("rate-above-port", "rateDownMbps", $"{down} down and {up} up do not fit {port.Name} of {speed}; sell less or choose a faster port.");
        }
    }
}

/// <summary>Faults that several order types share.</summary>
internal static class Refusals
{
    public static Fault Terminated(Service service) => new("service-terminated", "service",
        $"{service.CircuitId} was disconnected; a new line needs a new circuit id.");

    /// <summary>The attachment that an order means: the one on the named port, or the only one.</summary>
    public static (Attachment? Attachment, IReadOnlyList<Fault> Faults) Meant(Service service, PortName? named)
    {
        if (service.State == ServiceState.Terminated)
        {
            return (null, [Terminated(service)]);
        }

        var meant = service.Attachments.Where(a => named is null || a.Port == named).ToList();
        return meant switch
        {
            [var one] => (one, []),
            [] when named is null => (null, [new("not-attached", "service", $"{service.CircuitId} has no port; activate it first.")]),
            [] => (null, [new("not-attached", "ifName", $"{service.CircuitId} is not attached to {named}; it is on {Ports(service)}.")]),
            _ => (null, [new("which-attachment", "ifName", $"{service.CircuitId} is on {Ports(service)}; name the port that is meant (switch and ifName).")]),
        };
    }

    private static string Ports(Service service) => service.Attachments.Count == 0 ? "no port" : string.Join(" and ", service.Attachments.Select(a => a.Port));
}
