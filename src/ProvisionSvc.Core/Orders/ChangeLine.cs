using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>A line gets other rates on its port.</summary>
/// <param name="At">Which of several attachments; null where there is one.</param>
/// <param name="Ports">The ports of the service.</param>
public sealed record ChangeSpeed(PortName? At, IReadOnlyList<PortOffer> Ports, Bandwidth RateDown, Bandwidth RateUp) : OrderAction
{
    public override string Name => "changeSpeed";

    public override int Precedence => 2;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, At);
        if (meant is null)
        {
            return new Decision.Reject(faults);
        }

        var to = meant with { RateDown = RateDown, RateUp = RateUp };
        return Unless(
            [.. Ports.Where(p => p.Name == meant.Port).SelectMany(p => PortRules.AgainstRate(p, RateDown, RateUp, meant.RateEnforcedElsewhere))],
            () => to == meant ? new Decision.NoChange() : new Decision.Apply([new ServiceChange.Replaced(meant, to)]));
    }
}

/// <summary>A line gets another VLAN on its port.</summary>
/// <param name="At">Which of several attachments; null where there is one.</param>
/// <param name="Vlan">A VLAN that is free at the node.</param>
public sealed record ChangeVlan(PortName? At, VlanId Vlan) : OrderAction
{
    public override string Name => "changeVlan";

    public override int Precedence => 2;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        var (meant, faults) = Refusals.Meant(service, At);
        return meant is null ? new Decision.Reject(faults)
            : meant.Vlan == Vlan ? new Decision.NoChange()
            : new Decision.Apply([new ServiceChange.Replaced(meant, meant with { Vlan = Vlan })]);
    }
}

/// <summary>A line gets another circuit id; its ports get the alias.</summary>
/// <param name="Taken">True where another service has the new id, or had it.</param>
/// <param name="Waiting">Orders that still name the line by its old id, and have had no effect yet.</param>
public sealed record Rename(CircuitId To, bool Taken, IReadOnlyList<long> Waiting) : OrderAction
{
    public override string Name => "rename";

    public override int Precedence => 2;

    public override Decision Decide(Service service, DateTimeOffset now) => To == service.CircuitId
        ? new Decision.NoChange()
        : Unless([.. Faults(service)], () => new Decision.Apply([new ServiceChange.Renamed(service.CircuitId, To)]));

    private IEnumerable<Fault> Faults(Service service)
    {
        if (service.State == ServiceState.Terminated)
        {
            yield return Refusals.Terminated(service);
        }

        if (Taken)
        {
            yield return new("circuit-taken", "newService", $"There is a service {To} already; choose an id that nobody has had.");
        }

        if (Waiting.Count > 0)
        {
            yield return new("orders-wait", "service",
                $"Order {string.Join(", ", Waiting)} waits for {service.CircuitId}; let it start, or cancel it, and rename then.");
        }
    }
}

/// <summary>The same intent again: ports are read, corrected where they differ, and proven.</summary>
/// <param name="At">Only this port; null for all of the service.</param>
public sealed record Repair(PortName? At) : OrderAction
{
    public override string Name => "repair";

    public override int Precedence => 2;

    public override Decision Decide(Service service, DateTimeOffset now) => At is null && service.Attachments.Count > 0
        ? new Decision.NoChange()
        : Refusals.Meant(service, At) is (null, var faults) ? new Decision.Reject(faults) : new Decision.NoChange();
}
