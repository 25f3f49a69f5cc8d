using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>What becomes of an order.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>The changes to make, all or none.</summary>
    public sealed record Apply(IReadOnlyList<ServiceChange> Changes) : Decision;

    /// <summary>Everything already is as ordered; the ports are still read and proven.</summary>
    public sealed record NoChange : Decision;

    /// <summary>The order cannot be; every fault at once.</summary>
    public sealed record Reject(IReadOnlyList<Fault> Faults) : Decision;

    /// <summary>This decision's effect on <paramref name="service"/>.</summary>
    public Service ApplyTo(Service service) => this is Apply apply ? apply.Changes.Aggregate(service, (s, change) => change.ApplyTo(s)) : service;
}

/// <summary>One thing that is wrong with a request: a stable code, the field it is in, a sentence that names the thing and the remedy.</summary>
public sealed record Fault(string Code, string Field, string Message);

/// <summary>An order type: a pure decision over a service. One file each.</summary>
public abstract record OrderAction
{
    /// <summary>The name in API, command and database: <c>activate</c>, <c>disconnect</c>, <c>suspend</c>, <c>resume</c> …</summary>
    public abstract string Name { get; }

    /// <summary>The kind of hold that this places or releases, or null.</summary>
    public virtual HoldKind? HoldKind => null;

    /// <summary>Restoring beats activating beats changing beats suspending; lower runs first.</summary>
    public abstract int Precedence { get; }

    /// <summary>True where calendars, windows, budgets and caps do not apply.</summary>
    public virtual bool Restores => false;

    public abstract Decision Decide(Service service, DateTimeOffset now);

    /// <summary>True when an older order's item on the same port that has not begun is pointless once this stands.</summary>
    /// <param name="olderAction">The older order's <see cref="Name"/>.</param>
    /// <param name="olderHold">The kind of hold it places or releases, or null.</param>
    public virtual bool MakesPointless(string olderAction, HoldKind? olderHold) => false;

    /// <summary>The faults as a rejection, or what <paramref name="otherwise"/> decides where there are none.</summary>
    private protected static Decision Unless(IReadOnlyList<Fault> faults, Func<Decision> otherwise) => faults.Count > 0 ? new Decision.Reject(faults) : otherwise();
}
