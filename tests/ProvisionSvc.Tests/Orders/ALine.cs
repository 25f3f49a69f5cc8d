using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Tests.Orders;

/// <summary>A line of 100 down and 50 up on one port, for tests of decisions.</summary>
internal static class ALine
{
    public static readonly DateTimeOffset Now = new(2026, 3, 3, 10, 0, 0, TimeSpan.Zero);
    public static readonly PortName Port = new("b1-sw1", "GigabitEthernet0/0/7");
    public static readonly Bandwidth Down = Bandwidth.FromMbps(100);
    public static readonly Bandwidth Up = Bandwidth.FromMbps(50);
    public static readonly Attachment Attachment = new(Port, new(1007), false, Down, Up);
    public static readonly Service Lit = new(CircuitId.Parse("C-1"), ServiceState.Active, [Attachment], []);
    public static readonly Service Designed = new(CircuitId.Parse("C-1"), ServiceState.Designed, [], []);
    public static readonly Service Terminated = new(CircuitId.Parse("C-1"), ServiceState.Terminated, [], []);
    public static readonly PortOffer Offer = new(Port, PortRole.Customer, Bandwidth.FromMbps(1000), null);

    public static Activate Activation => new(Offer, Attachment.Vlan, false, Down, Up, false);

    public static Suspend Suspend(HoldKind kind) => new(kind, "billing", "unpaid since February");

    public static Service Held(params IReadOnlyList<HoldKind> kinds) =>
        Lit with { State = ServiceState.Inactive, Holds = [.. kinds.Select(k => new Hold(k, "billing", "unpaid since February", Now))] };

    public static Service After(Service service, OrderAction action) => action.Decide(service, Now).ApplyTo(service);

    /// <summary>The codes of what the action refuses.</summary>
    public static IReadOnlyList<string> Refused(OrderAction action, Service service) =>
        [.. Assert.IsType<Decision.Reject>(action.Decide(service, Now)).Faults.Select(f => f.Code)];
}
