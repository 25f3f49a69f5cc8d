using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>
/// Takes an order out of the books of which no switch has heard: services, holds and intents are what they were, its items are cancelled. Once an item has begun it is
/// brought to its end, and undone.
/// </summary>
internal sealed class TakeBackOrder(PrepareOrder prepare)
{
    /// <summary>Null when it was taken back, else why it goes on. In the caller's transaction.</summary>
    public async Task<Fault?> RunAsync(NpgsqlConnection db, long orderId, string who, DateTimeOffset now, CancellationToken ct)
    {
        var order = await db.FirstAsync(
            $"select o.service_id, s.circuit_id, o.changes from service_order o left join service s on s.id = o.service_id where o.id = {orderId}",
            r => (Service: r.Get<long?>("service_id"), Circuit: r.Get<string?>("circuit_id"), Changes: r.Get<string?>("changes") is { } kept ? KeptChanges.Read(kept) : []),
            ct);

        // Services, ports, lanes, items: in the order in which an order and the lanes lock them.
        await db.ExecuteAsync($"select 1 from service where id = {order.Service} for update", ct);
        await db.ExecuteAsync($"select 1 from port where id in (select port_id from order_item where order_id = {orderId}) order by id for update", ct);
        await db.ExecuteAsync($"select 1 from lane where switch_id in (select switch_id from order_item where order_id = {orderId}) order by switch_id for update", ct);
        if (await GoesOnAsync(db, orderId, ct) is { } why)
        {
            return why;
        }

        var back = order.Changes.Reverse().Select(Back).ToList();
        if (order.Service is { } service)
        {
            await SaveChanges.RunAsync(db, service, back, who, now, ct);
            if (order.Changes.OfType<ServiceChange.Ended>().FirstOrDefault() is { } ended)
            {
                // Its ports are as they were, and so is the line.
                await db.ExecuteAsync($"update service set state = {ended.Was} where id = {service}", ct);
            }

            await db.ExecuteAsync(
                $"""
                 update service s set state = 'designed' where id = {service} and state = 'reserved'
                   and not exists (select from service_attachment a where a.service_id = s.id and a.ended_at is null)
                 """,
                ct);
        }

        await IntentsAsync(db, orderId, order.Service, now, ct);
        await db.ExecuteAsync(
            $"update order_item set state = 'cancelled', reason = {Reasons.Cancelled.Code}, detail = null, finished_at = {now} where order_id = {orderId} and finished_at is null", ct);
        await OrderRows.SettleAsync(db, orderId, now, ct);
        return null;
    }

    /// <summary>What has not left its old port is not moved back to it.</summary>
    private static ServiceChange Back(ServiceChange change) => change switch
    {
        ServiceChange.Moved(_, var to) => new ServiceChange.Detached(to),
        ServiceChange.TakenOver(var from, var to) => new ServiceChange.TakenOver(to, from),
        _ => change.Inverse,
    };

    private static async Task<Fault?> GoesOnAsync(NpgsqlConnection db, long orderId, CancellationToken ct)
    {
        var found = await db.FirstAsync(
            $"""
             select o.state, o.finished_at, (select min(i.begun_at) from order_item i where i.order_id = o.id) as begun_at,
                    (select max(n.order_id) from order_item i join order_item n on n.port_id = i.port_id and n.id > i.id and n.order_id <> o.id and n.state <> 'cancelled'
                     where i.order_id = o.id) as newer,
                    exists (select from order_item x where x.reason = 'superseded' and x.detail = 'superseded by order ' || o.id)
                    or exists (select from service_order x where x.reason = 'superseded' and x.detail = 'superseded by order ' || o.id) as superseded
             from service_order o where o.id = {orderId}
             """,
            r => (State: r.Get<string>("state"), Finished: r.Get<DateTimeOffset?>("finished_at"), Begun: r.Get<DateTimeOffset?>("begun_at"),
                  Newer: r.Get<long?>("newer"), Superseded: r.Get<bool>("superseded")),
            ct);
        string? why = found switch
        {
            { Finished: not null } => $"Order {orderId} has ended ({found.State}); provision order undo {orderId} takes it back.",
            { Begun: { } begun } =>
                $"Order {orderId} has begun at {begun:u}: it completes, or takes back what it wrote, and says so (provision order watch {orderId}); then provision order undo {orderId}.",
            { Newer: { } newer } => $"Order {newer} came after it on the same port and builds on it; cancel that one first, or place the opposite order.",
            { Superseded: true } => $"Order {orderId} took the place of an older one that never ran; place the opposite order (resume for suspend, suspend for resume).",
            _ => null,
        };
        return why is null ? null : new("order-in-effect", "", why);
    }

    private async Task IntentsAsync(NpgsqlConnection db, long orderId, long? serviceId, DateTimeOffset now, CancellationToken ct)
    {
        var circuit = await db.FirstAsync($"select circuit_id from service where id = {serviceId}", r => r.Get<string>("circuit_id"), ct);
        var service = circuit is null ? null : (await LoadOrder.ServiceAsync(db, CircuitId.Parse(circuit), ct))!.Service;
        var names = await db.QueryAsync(
            $"select w.name as switch, p.if_name from order_item i join port p on p.id = i.port_id join switch w on w.id = p.switch_id where i.order_id = {orderId}",
            r => new PortName(r.Get<string>("switch"), r.Get<string>("if_name")),
            ct);
        var left = service?.Attachments.Select(a => a.Port) ?? [];
        foreach (var port in await LoadOrder.PortsAsync(db, [.. names.Concat(left).Distinct()], ct))
        {
            var intent = DeriveIntent.For(port.Name, service is null ? [] : [service]);
            await IntentRows.SaveAsync(db, port.Id, intent, prepare.Expected(port, intent), now, ct);
        }
    }
}
