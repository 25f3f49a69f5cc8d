using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>
/// A waiting order with what has been settled since it was placed: the port that the field work named, the port and VLAN that were approved. The body itself,
/// and with it the idempotency key, stays as it was sent.
/// </summary>
internal static class SettledOrder
{
    public static PlaceOrderRequest Body(NpgsqlDataReader r)
    {
        var body = Json.To<PlaceOrderRequest>(r.Get<string>("body"));
        return r.Get<string?>("settled_switch") is { } name
            ? body with { FieldAnswer = null, Switch = name, IfName = r.Get<string>("settled_if_name"), Vlan = r.Get<int?>("settled_vlan") ?? body.Vlan }
            : body;
    }

    /// <summary>From now on this is where it is lit.</summary>
    public static Task<int> SettleAsync(NpgsqlConnection db, long orderId, string switchName, string ifName, int? vlan, CancellationToken ct) => db.ExecuteAsync(
        $"update service_order set settled_switch = {switchName}, settled_if_name = {ifName}, settled_vlan = {vlan} where id = {orderId}", ct);
}
