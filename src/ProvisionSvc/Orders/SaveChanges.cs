using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>What an order changes in services, attachments and holds, as rows.</summary>
internal static class SaveChanges
{
    public static async Task RunAsync(NpgsqlConnection db, long serviceId, IReadOnlyList<ServiceChange> changes, string who, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var change in changes)
        {
            await OneAsync(db, serviceId, change, who, now, ct);
        }
    }

    /// <summary>The old attachment of a change is found by its port: an order in between may have given it other values.</summary>
    public static Task<int> LeaveAsync(NpgsqlConnection db, long serviceId, PortName port, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        $"""
         update service_attachment a set ended_at = {now} from port p join switch w on w.id = p.switch_id
         where a.service_id = {serviceId} and a.port_id = p.id and a.ended_at is null and w.name = {port.Switch} and p.if_name = {port.IfName}
         """,
        ct);

    private static async Task OneAsync(NpgsqlConnection db, long serviceId, ServiceChange change, string who, DateTimeOffset now, CancellationToken ct)
    {
        switch (change)
        {
            case ServiceChange.Attached(var a):
                await AttachAsync(db, serviceId, a, now, ct);
                break;
            case ServiceChange.Moved(_, var to):
                // The old one ends when the new port is proven.
                await AttachAsync(db, serviceId, to, now, ct);
                break;
            case ServiceChange.Detached(var a):
                await LeaveAsync(db, serviceId, a.Port, now, ct);
                break;
            case ServiceChange.Replaced(var from, var to):
                // A row of its own, so that the VLAN that was left is in quarantine.
                await LeaveAsync(db, serviceId, from.Port, now, ct);
                await AttachAsync(db, serviceId, to, now, ct);
                break;
            case ServiceChange.TakenOver(var from, var to):
                await LeaveAsync(db, serviceId, from.Port, now, ct);
                await AttachAsync(db, serviceId, to, now, ct);
                break;
            case ServiceChange.Ended:
                await db.ExecuteAsync($"update service_attachment set ended_at = {now} where service_id = {serviceId} and ended_at is null", ct);
                await db.ExecuteAsync($"update service set state = {ServiceState.Terminated} where id = {serviceId}", ct);
                break;
            case ServiceChange.Revived(var attachments):
                foreach (var attachment in attachments)
                {
                    await AttachAsync(db, serviceId, attachment, now, ct);
                }

                break;
            case ServiceChange.Renamed(_, var to):
                await db.ExecuteAsync($"update service set circuit_id = {to.Value} where id = {serviceId}", ct);
                break;
            case ServiceChange.HoldPlaced(var hold):
                await db.ExecuteAsync(
                    $"insert into hold (service_id, kind, owner, reason, since, until) values ({serviceId}, {hold.Kind}, {hold.Owner}, {hold.Reason}, {hold.Since}, {hold.Until})", ct);
                break;
            case ServiceChange.HoldReleased(var hold):
                await db.ExecuteAsync(
                    $"update hold set released_at = {now}, released_by = {who} where service_id = {serviceId} and kind = {hold.Kind} and released_at is null", ct);
                break;
            default:
                throw new InvalidOperationException($"No rows are known for {change}.");
        }
    }

    /// <summary>What a line is sold with is what its only attachment has; a second one beside it has rates of its own.</summary>
    private static async Task AttachAsync(NpgsqlConnection db, long serviceId, Attachment a, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             update service s set rate_down_kbps = {a.RateDown.Kbps}, rate_up_kbps = {a.RateUp.Kbps},
                 state = case when s.state in ('active', 'inactive') then s.state else 'reserved' end
             where id = {serviceId} and not exists (select from service_attachment x where x.service_id = s.id and x.ended_at is null)
             """,
            ct);
        await db.ExecuteAsync(
            $"""
             insert into service_attachment (service_id, port_id, vlan, tagged, rate_down_kbps, rate_up_kbps, rate_elsewhere, since)
             select {serviceId}, p.id, {a.Vlan.Value}, {a.Tagged}, {a.RateDown.Kbps}, {a.RateUp.Kbps}, {a.RateEnforcedElsewhere}, {now}
             from port p join switch w on w.id = p.switch_id where w.name = {a.Port.Switch} and p.if_name = {a.Port.IfName}
             """,
            ct);
    }
}
