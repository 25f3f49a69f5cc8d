namespace ProvisionSvc.Cli.Orders;

/// <summary>Where an order's states end (TMF641).</summary>
internal static class OrderEnd
{
    public static bool IsFinal(string state) => state is "completed" || IsFailure(state);

    public static bool IsFailure(string state) => state is "failed" or "partial" or "cancelled" or "rejected";
}
