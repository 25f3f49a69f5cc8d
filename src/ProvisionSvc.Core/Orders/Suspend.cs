using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>A service must be dark while a reason stands; other holds on it are left as they are.</summary>
public sealed record Suspend(HoldKind Kind, string Owner, string Reason, DateTimeOffset? Until = null) : OrderAction
{
    public override string Name => "suspend";

    public override int Precedence => 4;

    public override HoldKind? HoldKind => Kind;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => olderAction == "resume" && olderHold == Kind;

    public override Decision Decide(Service service, DateTimeOffset now) => service switch
    {
        { State: ServiceState.Terminated } => new Decision.Reject([Refusals.Terminated(service)]),
        _ when service.Holds.Any(h => h.Kind == Kind) => new Decision.NoChange(),
        _ => new Decision.Apply([new ServiceChange.HoldPlaced(new(Kind, Owner, Reason, now, Until))]),
    };
}

/// <summary>One reason for darkness ends; the line comes back when it was the last. Nothing delays it.</summary>
public sealed record Resume(HoldKind Kind) : OrderAction
{
    public override string Name => "resume";

    public override int Precedence => 0;

    public override bool Restores => true;

    public override HoldKind? HoldKind => Kind;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => olderAction == "suspend" && olderHold == Kind;

    public override Decision Decide(Service service, DateTimeOffset now) => service switch
    {
        { State: ServiceState.Terminated } => new Decision.Reject([Refusals.Terminated(service)]),
        _ when service.Holds.All(h => h.Kind != Kind) => new Decision.NoChange(),
        _ => new Decision.Apply([new ServiceChange.HoldReleased(Kind)]),
    };
}
