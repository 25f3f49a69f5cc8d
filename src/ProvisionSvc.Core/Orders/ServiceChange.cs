using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>
/// What an accepted order changes. Orders change services and holds; what a port should be is derived from them. Each change holds what was there before, so that
/// it has an inverse.
/// </summary>
public abstract record ServiceChange
{
    private ServiceChange()
    {
    }

    /// <summary>The service gets an attachment.</summary>
    public sealed record Attached(Attachment Attachment) : ServiceChange;

    /// <summary>The service gives up one of several attachments.</summary>
    public sealed record Detached(Attachment Attachment) : ServiceChange;

    /// <summary>An attachment gets another VLAN or other rates on its port.</summary>
    public sealed record Replaced(Attachment From, Attachment To) : ServiceChange;

    /// <summary>
    /// The service goes to another port. It stands on both until the new one is proven; then <see cref="Detached"/> follows for the old one.
    /// </summary>
    public sealed record Moved(Attachment From, Attachment To) : ServiceChange;

    /// <summary>The port under the service is gone with its switch; another one takes its place, and nothing can be closed.</summary>
    public sealed record TakenOver(Attachment From, Attachment To) : ServiceChange;

    /// <summary>The service ends and gives up all its attachments.</summary>
    public sealed record Ended(IReadOnlyList<Attachment> Attachments, ServiceState Was) : ServiceChange;

    /// <summary>A service that ended stands again where it was.</summary>
    public sealed record Revived(IReadOnlyList<Attachment> Attachments) : ServiceChange;

    /// <summary>The service gets another circuit id, and its ports another alias.</summary>
    public sealed record Renamed(CircuitId From, CircuitId To) : ServiceChange;

    /// <summary>A reason for darkness begins.</summary>
    public sealed record HoldPlaced(Hold Hold) : ServiceChange;

    /// <summary>A reason for darkness ends; others stay.</summary>
    public sealed record HoldReleased(Hold Hold) : ServiceChange;

    /// <summary>The change that takes this one back.</summary>
    public ServiceChange Inverse => this switch
    {
        Attached(var a) => new Detached(a),
        Detached(var a) => new Attached(a),
        Replaced(var from, var to) => new Replaced(to, from),
        Moved(var from, var to) => new Moved(to, from),
        TakenOver(var from, var to) => new Moved(to, from),
        Ended(var attachments, _) => new Revived(attachments),
        Revived(var attachments) => new Ended(attachments, ServiceState.Reserved),
        Renamed(var from, var to) => new Renamed(to, from),
        HoldPlaced(var hold) => new HoldReleased(hold),
        HoldReleased(var hold) => new HoldPlaced(hold),
        _ => throw new InvalidOperationException($"{this} has no inverse."),
    };

    /// <summary>Attachments that this change puts on a port or gives another VLAN: what must still be free for it.</summary>
    public IReadOnlyList<Attachment> Takes => this switch
    {
        Attached(var a) => [a],
        Replaced(_, var to) => [to],
        Moved(_, var to) => [to],
        TakenOver(_, var to) => [to],
        Revived(var attachments) => attachments,
        _ => [],
    };

    /// <summary>This change's effect on <paramref name="service"/>.</summary>
    public Service ApplyTo(Service service) => this switch
    {
        Attached(var a) => Attach(service, [a]),
        Moved(_, var to) => Attach(service, [to]),
        Detached(var a) => Leave(service, a.Port),
        Replaced(var from, var to) => service with { Attachments = [.. service.Attachments.Select(a => a.Port == from.Port ? to : a)] },
        TakenOver(var from, var to) => Attach(Leave(service, from.Port), [to]),
        Ended => service with { Attachments = [], State = ServiceState.Terminated },
        Revived(var attachments) => Attach(service with { State = ServiceState.Designed }, attachments),
        Renamed(_, var to) => service with { CircuitId = to },
        HoldPlaced(var hold) => service with { Holds = [.. service.Holds, hold] },
        HoldReleased(var hold) => service with { Holds = [.. service.Holds.Where(h => h.Kind != hold.Kind)] },
        _ => throw new InvalidOperationException($"{this} has no effect."),
    };

    private static Service Leave(Service service, PortName port) => service with { Attachments = [.. service.Attachments.Where(a => a.Port != port)] };

    private static Service Attach(Service service, IReadOnlyList<Attachment> more) => service with
    {
        Attachments = [.. service.Attachments, .. more],
        State = service.Attachments.Count == 0 ? ServiceState.Reserved : service.State,
    };
}
