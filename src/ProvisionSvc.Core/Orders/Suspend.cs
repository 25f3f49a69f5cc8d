using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>
/// A service must be dark while a reason stands; other holds on it are left as they are. The same kind again with another end is a new hold in the place of the
/// old one, so that the last word on the end counts.
/// </summary>
public sealed record Suspend(HoldKind Kind, string Owner, string Reason, DateTimeOffset? Until = null) : OrderAction
{
    public override string Name => "suspend";

    public override int Precedence => 4;

    public override HoldKind? HoldKind => Kind;

    public override bool MakesPointless(string olderAction, HoldKind? olderHold) => olderAction == "resume" && olderHold == Kind;

    public override Decision Decide(Service service, DateTimeOffset now)
    {
        if (service.State == ServiceState.Terminated)
        {
            return new Decision.Reject([Refusals.Terminated(service)]);
        }

        if (Until <= now)
        {
            return new Decision.Reject([new("until-past", "until", $"{Until:u} has passed; give an end that is to come, or none.")]);
        }

        var placed = new ServiceChange.HoldPlaced(new(Kind, Owner, Reason, now, Until));
        return service.Holds.FirstOrDefault(h => h.Kind == Kind) is not { } standing ? new Decision.Apply([placed])
            : standing.Until == Until ? new Decision.NoChange()
            : new Decision.Apply([new ServiceChange.HoldReleased(standing), placed]);
    }
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
        _ when service.Holds.FirstOrDefault(h => h.Kind == Kind) is { } hold => new Decision.Apply([new ServiceChange.HoldReleased(hold)]),
        _ => new Decision.NoChange(),
    };
}
