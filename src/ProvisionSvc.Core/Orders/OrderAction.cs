using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>What an accepted order changes. Orders change services and holds; what a port should be is derived from them.</summary>
public abstract record ServiceChange
{
    private ServiceChange()
    {
    }

    /// <summary>The service gets an attachment.</summary>
    public sealed record Attached(Attachment Attachment) : ServiceChange;

    /// <summary>The service ends and gives up all its attachments.</summary>
    public sealed record Ended : ServiceChange;

    /// <summary>A reason for darkness begins.</summary>
    public sealed record HoldPlaced(Hold Hold) : ServiceChange;

    /// <summary>A reason for darkness ends; others stay.</summary>
    public sealed record HoldReleased(HoldKind Kind) : ServiceChange;
}

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
    public Service ApplyTo(Service service) => this is not Apply apply ? service : apply.Changes.Aggregate(service, (s, change) => change switch
    {
        ServiceChange.Attached(var attachment) => s with { Attachments = [.. s.Attachments, attachment], State = ServiceState.Reserved },
        ServiceChange.Ended => s with { Attachments = [], State = ServiceState.Terminated },
        ServiceChange.HoldPlaced(var hold) => s with { Holds = [.. s.Holds, hold] },
        ServiceChange.HoldReleased(var kind) => s with { Holds = [.. s.Holds.Where(h => h.Kind != kind)] },
        _ => s,
    });
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
    public abstract bool MakesPointless(string olderAction, HoldKind? olderHold);
}
