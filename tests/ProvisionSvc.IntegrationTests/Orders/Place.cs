using ProvisionSvc.Contracts;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Orders in one line each.</summary>
internal static class Place
{
    public static PlaceOrderRequest Activate(string circuit, string account, string switchName, string ifName, decimal mbps = 100) => new()
    {
        ExternalId = Key(), Action = "activate", Service = circuit, Account = account, Switch = switchName, IfName = ifName, RateDownMbps = mbps, Why = "a new customer",
    };

    public static PlaceOrderRequest Suspend(string circuit, string hold = "unpaid") => new() { ExternalId = Key(), Action = "suspend", Service = circuit, Hold = hold };

    public static PlaceOrderRequest Resume(string circuit, string hold = "unpaid") => new() { ExternalId = Key(), Action = "resume", Service = circuit, Hold = hold };

    public static PlaceOrderRequest Disconnect(string circuit) => new() { ExternalId = Key(), Action = "disconnect", Service = circuit };

    public static PlaceOrderRequest Of(string action, string circuit) => new() { ExternalId = Key(), Action = action, Service = circuit };

    /// <summary>A circuit or external id that nobody else uses.</summary>
    public static string Key() => $"T-{Guid.NewGuid():N}"[..18];
}
