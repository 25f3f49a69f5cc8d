using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Lanes;

/// <summary>What a proof changes beside the item itself: what is known of the port, and how far the service is.</summary>
internal static class ProvenRows
{
    public static async Task SeenAsync(NpgsqlConnection db, DueItem item, Proof proof, DateTimeOffset now, CancellationToken ct)
    {
        var seen = proof.Fields.ToDictionary(f => f.Field, f => f.Value);
        var vlan = seen.GetValueOrDefault("accessVlan") is { } text && int.TryParse(text, out var id) ? id : default(int?);
        await EventAsync(db, item.PortId, "adminStatus", seen.GetValueOrDefault("adminStatus"), now, ct);
        await EventAsync(db, item.PortId, "operStatus", EnumText.Of(proof.OperStatus), now, ct);
        await EventAsync(db, item.PortId, "alias", seen.GetValueOrDefault("alias"), now, ct);
        await db.ExecuteAsync(
            $"""
             update port set if_index = {proof.IfIndex}, seen_admin = {seen.GetValueOrDefault("adminStatus")}, seen_oper = {EnumText.Of(proof.OperStatus)},
                 seen_alias = {seen.GetValueOrDefault("alias")}, seen_vlan = {vlan}, read_at = {now}
             where id = {item.PortId}
             """,
            ct);
    }

    /// <summary>What an order changed has happened on the port as much as what a sweep finds; the first reading of a port is not an event.</summary>
    private static Task<int> EventAsync(NpgsqlConnection db, long portId, string kind, string? after, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        $"""
         insert into port_event (port_id, kind, before, after, at)
         select p.id, {kind}, was.value, {after}, {now}
         from port p cross join lateral (select case {kind} when 'adminStatus' then p.seen_admin when 'operStatus' then p.seen_oper else p.seen_alias end as value) was
         where p.id = {portId} and p.seen_oper is not null and coalesce(was.value, '') <> coalesce({after}, '')
         """,
        ct);

    /// <summary>The network shows what was ordered: the service is active, inactive behind holds, or terminated.</summary>
    public static Task<int> SettleServiceAsync(NpgsqlConnection db, DueItem item, CancellationToken ct) => db.ExecuteAsync(
        $"""
         update service s set state = case
             when not exists (select from service_attachment a where a.service_id = s.id and a.ended_at is null) then 'terminated'
             when exists (select from hold h where h.service_id = s.id and h.released_at is null) then 'inactive'
             else 'active' end
         where s.id = {item.ServiceId}
         """,
        ct);
}
