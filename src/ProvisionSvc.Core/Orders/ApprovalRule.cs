namespace ProvisionSvc.Core.Orders;

/// <summary>Which orders need approval, and whose.</summary>
/// <param name="Action">The order's name, or <c>*</c> for any.</param>
/// <param name="MinMbps">Only lines of so many Mbit/s and more.</param>
/// <param name="MinItems">Only orders that touch so many ports and more.</param>
public sealed record ApprovalRule(string Action, decimal MinMbps, int MinItems, int Approvers, string Role, TimeSpan Expiry)
{
    /// <summary>The first rule that fits, or null. A restoration never waits for anybody.</summary>
    public static ApprovalRule? For(IEnumerable<ApprovalRule> policy, OrderAction action, decimal mbps, int items) => action.Restores ? null : policy
        .FirstOrDefault(r => (r.Action == "*" || r.Action == action.Name) && mbps >= r.MinMbps && items >= r.MinItems);
}
