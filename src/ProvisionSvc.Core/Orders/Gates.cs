using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Orders;

/// <summary>What keeps an item from running, whatever its order is.</summary>
public static class Gates
{
    /// <summary>The reason why nothing may be written to a switch now, or null. These few stop even a restoration.</summary>
    public static Reason? Stop(SwitchMode mode, bool laneLocked) => mode switch
    {
        _ when laneLocked => Reasons.LaneLocked,
        SwitchMode.Observe => Reasons.Observed,
        SwitchMode.Maintenance => Reasons.Maintenance,
        SwitchMode.Locked => Reasons.LaneLocked,
        _ => null,
    };
}
