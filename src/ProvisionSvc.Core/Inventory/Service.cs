using ProvisionSvc.Core.Holds;

namespace ProvisionSvc.Core.Inventory;

/// <summary>The states of a service (TMF638). A suspended service is <see cref="Inactive"/> with holds.</summary>
public enum ServiceState
{
    FeasibilityChecked,
    Designed,
    Reserved,
    Inactive,
    Active,
    Terminated,
}

/// <summary>Where a service meets the network: a port, a VLAN, and rates that the port or something else enforces.</summary>
/// <param name="Port">The port.</param>
/// <param name="Vlan">The VLAN of the service on that port.</param>
/// <param name="Tagged">True where the port carries the VLAN with its tag.</param>
/// <param name="RateDown">Towards the customer; what the switch sends out of the port.</param>
/// <param name="RateUp">From the customer; what the switch takes in.</param>
/// <param name="RateEnforcedElsewhere">True where another device (BRAS, router) keeps the rate.</param>
public sealed record Attachment(PortName Port, VlanId Vlan, bool Tagged, Bandwidth RateDown, Bandwidth RateUp, bool RateEnforcedElsewhere = false);

/// <summary>One line sold: its state, its attachments that stand and its holds that stand.</summary>
public sealed record Service(
    CircuitId CircuitId,
    ServiceState State,
    IReadOnlyList<Attachment> Attachments,
    IReadOnlyList<Hold> Holds)
{
    /// <summary>True when nothing keeps the service dark.</summary>
    public bool IsLit => State != ServiceState.Terminated && Attachments.Count > 0 && Holds.Count == 0;

    /// <summary>The state a service is in once the network shows what was ordered.</summary>
    public ServiceState Settled => Attachments.Count == 0 ? ServiceState.Terminated
        : Holds.Count > 0 ? ServiceState.Inactive
        : ServiceState.Active;
}
