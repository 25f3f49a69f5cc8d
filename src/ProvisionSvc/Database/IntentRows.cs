using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Database;

/// <summary>What ports should be, as rows.</summary>
internal static class IntentRows
{
    /// <summary>
    /// Keeps the derived intent and what the device will show of it. The version, which is returned, grows only when the intent really changes. What is
    /// ours on a trunk only grows, until a proof shows what is left of it.
    /// </summary>
    public static Task<int> SaveAsync(
        NpgsqlConnection db, long portId, PortIntent intent, IReadOnlyDictionary<IntentField, string?> expected, DateTimeOffset now, CancellationToken ct) => db.FirstAsync(
        $"""
         insert into port_intent as i (port_id, version, admin_status, access_vlan, allowed_vlans, native_vlan, own_vlans, rate_down_kbps, rate_up_kbps, alias,
             rates_elsewhere, expected, derived_at)
         values ({portId}, 1, {intent.AdminStatus}, {intent.AccessVlan?.Value}, {intent.Trunk?.Carried.Ids.ToArray()}, {intent.Trunk?.Native?.Value}, {Carried(intent)},
                 {intent.RateDown?.Kbps}, {intent.RateUp?.Kbps}, {intent.Alias?.Value},
                 {intent.RatesElsewhere}, {Json.Of(expected.ToDictionary(e => FieldNames.Of(e.Key), e => e.Value))}, {now})
         on conflict (port_id) do update set
             version = i.version + (case when (i.admin_status, i.access_vlan, i.allowed_vlans, i.native_vlan, i.rate_down_kbps, i.rate_up_kbps, i.alias, i.rates_elsewhere)
                 is distinct from (excluded.admin_status, excluded.access_vlan, excluded.allowed_vlans, excluded.native_vlan, excluded.rate_down_kbps,
                     excluded.rate_up_kbps, excluded.alias, excluded.rates_elsewhere) then 1 else 0 end),
             admin_status = excluded.admin_status, access_vlan = excluded.access_vlan, allowed_vlans = excluded.allowed_vlans, native_vlan = excluded.native_vlan,
             own_vlans = array(select distinct unnest(i.own_vlans || excluded.own_vlans) order by 1), rate_down_kbps = excluded.rate_down_kbps,
             rate_up_kbps = excluded.rate_up_kbps, alias = excluded.alias, rates_elsewhere = excluded.rates_elsewhere,
             expected = excluded.expected, derived_at = excluded.derived_at
         returning version
         """,
        r => r.Get<int>("version"),
        ct);

    /// <summary>The intent in a row of port_intent.</summary>
    public static PortIntent Map(NpgsqlDataReader r) => new(
        r.Get<AdminStatus>("admin_status"),
        r.Get<int?>("access_vlan") is { } vlan ? new VlanId(vlan) : null,
        r.Get<long?>("rate_down_kbps") is { } down ? Bandwidth.FromKbps(down) : null,
        r.Get<long?>("rate_up_kbps") is { } up ? Bandwidth.FromKbps(up) : null,
        r.Get<string?>("alias") is { } alias ? CircuitId.Parse(alias) : null,
        r.Get<bool>("rates_elsewhere"))
    {
        Trunk = r.Get<int[]?>("allowed_vlans") is { } carried ? new(VlanSet.Of(carried), r.Get<int?>("native_vlan") is { } native ? new VlanId(native) : null) : null,
        Ours = VlanSet.Of(r.Get<int[]>("own_vlans")),
    };

    /// <summary>The port was proven to show <paramref name="intent"/>: of a trunk that, and what a newer intent wants there, is all that is ours now.</summary>
    public static Task<int> ProvenAsync(NpgsqlConnection db, long portId, PortIntent intent, CancellationToken ct) => db.ExecuteAsync(
        $"""
         update port_intent set own_vlans = array(select distinct unnest(coalesce(allowed_vlans, array[]::int[]) || {Carried(intent)}) order by 1)
         where port_id = {portId} and own_vlans <> array[]::int[]
         """,
        ct);

    private static int[] Carried(PortIntent intent) => [.. (intent.Trunk?.Carried ?? VlanSet.None).Ids];
}
