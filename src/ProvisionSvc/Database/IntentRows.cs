using Npgsql;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Database;

/// <summary>What ports should be, as rows.</summary>
internal static class IntentRows
{
    /// <summary>Keeps the derived intent and what the device will show of it. The version, which is returned, grows only when the intent really changes.</summary>
    public static Task<int> SaveAsync(
        NpgsqlConnection db, long portId, PortIntent intent, IReadOnlyDictionary<IntentField, string?> expected, DateTimeOffset now, CancellationToken ct) => db.FirstAsync(
        $"""
         insert into port_intent as i (port_id, version, admin_status, access_vlan, rate_down_kbps, rate_up_kbps, alias, rates_elsewhere, expected, derived_at)
         values ({portId}, 1, {intent.AdminStatus}, {intent.AccessVlan?.Value}, {intent.RateDown?.Kbps}, {intent.RateUp?.Kbps}, {intent.Alias?.Value},
                 {intent.RatesElsewhere}, {Json.Of(expected.ToDictionary(e => FieldNames.Of(e.Key), e => e.Value))}, {now})
         on conflict (port_id) do update set
             version = i.version + (case when (i.admin_status, i.access_vlan, i.rate_down_kbps, i.rate_up_kbps, i.alias, i.rates_elsewhere)
                 is distinct from (excluded.admin_status, excluded.access_vlan, excluded.rate_down_kbps, excluded.rate_up_kbps, excluded.alias, excluded.rates_elsewhere) then 1 else 0 end),
             admin_status = excluded.admin_status, access_vlan = excluded.access_vlan, rate_down_kbps = excluded.rate_down_kbps,
             rate_up_kbps = excluded.rate_up_kbps, alias = excluded.alias, rates_elsewhere = excluded.rates_elsewhere,
             expected = excluded.expected, derived_at = excluded.derived_at
         returning version
         """,
        r => r.Get<int>("version"),
        ct);

    /// <summary>What the device will show, as it is kept.</summary>
    public static IReadOnlyDictionary<IntentField, string?> Expected(string json) => Json.To<Dictionary<string, string?>>(json)
        .Where(v => FieldNames.Parse(v.Key) is not null)
        .ToDictionary(v => FieldNames.Parse(v.Key)!.Value, v => v.Value);
}
