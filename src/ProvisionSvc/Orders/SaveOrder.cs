using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>The rows of an accepted order: they commit together or not at all.</summary>
internal static class SaveOrder
{
    /// <summary>The order's own row.</summary>
    public static async Task<long> OrderAsync(
        NpgsqlConnection db, OrderDraft draft, OrderState state, Reason? reason, string? detail, DateTimeOffset now, CancellationToken ct)
    {
        var id = await db.FirstAsync(
            $"""
             insert into service_order
                 (client, external_id, body_hash, body, action, hold_kind, service_id, circuit_id, placed_by, why, state, reason, detail, requested_start, created_at)
             values ({draft.Client}, {draft.Body.ExternalId}, {draft.BodyHash}, {Json.Of(draft.Body)}, {draft.Body.Action}, {draft.Body.Hold},
                     (select id from service where circuit_id = {draft.Circuit.Value}), {draft.Circuit.Value}, {draft.PlacedBy}, {draft.Body.Why}, {state}, {reason?.Code},
                     {detail}, {draft.Body.RequestedStart}, {now})
             returning id
             """,
            r => r.Get<long>("id"),
            ct);
        await db.WriteAuditAsync(now, draft.PlacedBy, "order.accept", $"order/{id}", new { draft.Body.Action, draft.Body.Service, draft.Body.Why, state }, ct);
        return id;
    }

    /// <summary>The order's effect: service, attachments, holds, intents, items, lanes. Returns the switches whose lanes have work now.</summary>
    public static async Task<IReadOnlyList<long>> EffectAsync(NpgsqlConnection db, long orderId, PreparedOrder order, DateTimeOffset now, CancellationToken ct)
    {
        var serviceId = order.IsNewService ? await NewServiceAsync(db, order, ct) : order.Row.Id;
        if (order.Decision is Decision.Apply(var changes))
        {
            foreach (var change in changes)
            {
                await ChangeAsync(db, serviceId, order, change, now, ct);
            }
        }

        var items = new List<OrderState>();

        // The lanes before their items, as the lanes themselves lock them.
        foreach (var lane in order.Ports.Select(p => p.Row.SwitchId).Distinct().Order())
        {
            await db.MakeLaneDueAsync(lane, now, ct);
        }

        foreach (var (port, index) in order.Ports.Select((p, i) => (p, i)))
        {
            var version = await IntentRows.SaveAsync(db, port.Row.Id, port.Intent, port.Expected, now, ct);
            items.Add(await ItemAsync(db, orderId, index + 1, port, order.Action, version, now, ct));
            await SupersedeAsync(db, orderId, port.Row.Id, order.Action, now, ct);
        }

        await SupersedeWaitingAsync(db, orderId, order, now, ct);
        var state = OrderStates.Of(items);
        await db.ExecuteAsync(
            $"""
             update service_order set service_id = {serviceId}, state = {state}, detail = null,
                 reason = (select min(reason) from order_item where order_id = {orderId}),
                 finished_at = {(OrderStates.IsFinal(state) ? now : default(DateTimeOffset?))}
             where id = {orderId}
             """,
            ct);
        return [.. order.Ports.Select(p => p.Row.SwitchId).Distinct()];
    }

    private static async Task<long> NewServiceAsync(NpgsqlConnection db, PreparedOrder order, CancellationToken ct) => await db.FirstAsync(
        $"""
         insert into service (circuit_id, account_id, building_id, rate_down_kbps, rate_up_kbps, state)
         select {order.Draft.Circuit.Value}, a.id, b.id, {order.Row.RateDown.Kbps}, {order.Row.RateUp.Kbps}, 'designed'
         from account a, building b where a.number = {order.NewServiceAccount} and b.name = {order.Row.Building}
         returning id
         """,
        r => r.Get<long>("id"),
        ct);

    private static Task<int> ChangeAsync(NpgsqlConnection db, long serviceId, PreparedOrder order, ServiceChange change, DateTimeOffset now, CancellationToken ct) => change switch
    {
        ServiceChange.Attached(var a) => AttachAsync(db, serviceId, order, a, now, ct),
        ServiceChange.Ended => EndAsync(db, serviceId, now, ct),
        ServiceChange.HoldPlaced(var hold) => db.ExecuteAsync(
            $"insert into hold (service_id, kind, owner, reason, since, until) values ({serviceId}, {hold.Kind}, {hold.Owner}, {hold.Reason}, {hold.Since}, {hold.Until})", ct),
        ServiceChange.HoldReleased(var kind) => db.ExecuteAsync(
            $"update hold set released_at = {now}, released_by = {order.Draft.PlacedBy} where service_id = {serviceId} and kind = {kind} and released_at is null", ct),
        _ => throw new InvalidOperationException($"No rows are known for {change}."),
    };

    private static async Task<int> AttachAsync(NpgsqlConnection db, long serviceId, PreparedOrder order, Attachment a, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"update service set state = {order.After.State}, rate_down_kbps = {a.RateDown.Kbps}, rate_up_kbps = {a.RateUp.Kbps} where id = {serviceId}", ct);
        return await db.ExecuteAsync(
            $"""
             insert into service_attachment (service_id, port_id, vlan, tagged, rate_down_kbps, rate_up_kbps, rate_elsewhere, since)
             values ({serviceId}, {order.Ports.First(p => p.Row.Name == a.Port).Row.Id}, {a.Vlan.Value}, {a.Tagged}, {a.RateDown.Kbps}, {a.RateUp.Kbps}, {a.RateEnforcedElsewhere}, {now})
             """,
            ct);
    }

    private static async Task<int> EndAsync(NpgsqlConnection db, long serviceId, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"update service_attachment set ended_at = {now} where service_id = {serviceId} and ended_at is null", ct);
        return await db.ExecuteAsync($"update service set state = {ServiceState.Terminated} where id = {serviceId}", ct);
    }

    private static async Task<OrderState> ItemAsync(
        NpgsqlConnection db, long orderId, int sequence, AffectedPort port, OrderAction action, int version, DateTimeOffset now, CancellationToken ct)
    {
        var stop = Gates.Stop(port.Row.Mode, port.Row.LaneLocked) ?? await RefusedAsync(db, port.Row.SwitchId, ct);
        var state = stop is null ? OrderState.Acknowledged : OrderState.Held;
        await db.ExecuteAsync(
            $"""
             insert into order_item (order_id, sequence, switch_id, port_id, building_id, precedence, darkens, state, reason, not_before, intent_version, created_at)
             values ({orderId}, {sequence}, {port.Row.SwitchId}, {port.Row.Id}, {port.Row.BuildingId}, {action.Precedence}, {port.Darkens}, {state}, {stop?.Code}, {now}, {version}, {now})
             """,
            ct);
        if (stop is not null && action.Restores)
        {
            await HeldRows.RaiseRestoreStoppedAsync(db, port.Row.SwitchId, port.Row.Name.ToString(), stop.English, now, ct);
        }

        return state;
    }

    /// <summary>
    /// The switch refuses our login, or shows a key that nobody trusts, and others wait for a person because of that: one more order is no reason to knock
    /// again (T19).
    /// </summary>
    private static async Task<Reason?> RefusedAsync(NpgsqlConnection db, long switchId, CancellationToken ct)
    {
        string[] refusals = [Reasons.Credential.Code, Reasons.HostKey.Code, Reasons.Engine.Code];
        var code = await db.FirstAsync(
            $"select reason from order_item where switch_id = {switchId} and state = 'held' and finished_at is null and reason = any({refusals}) limit 1",
            r => r.Get<string>("reason"),
            ct);
        return code is null ? null : Reasons.All[code];
    }

    /// <summary>Open items on the port that no lane works on now and that this order makes pointless; what they may have left half done, this order's item finishes.</summary>
    private static async Task SupersedeAsync(NpgsqlConnection db, long orderId, long portId, OrderAction action, DateTimeOffset now, CancellationToken ct)
    {
        var older = await db.QueryAsync(
            $"""
             select i.id, o.id as order_id, o.action, o.hold_kind from order_item i join service_order o on o.id = i.order_id
             where i.port_id = {portId} and i.finished_at is null and (i.begun_at is null or i.state in ('pending', 'held')) and o.id <> {orderId} for update of i
             """,
            r => (Id: r.Get<long>("id"), Order: r.Get<long>("order_id"), Action: r.Get<string>("action"), Hold: r.Get<Core.Holds.HoldKind?>("hold_kind")),
            ct);
        foreach (var item in older.Where(o => action.MakesPointless(o.Action, o.Hold)))
        {
            await db.ExecuteAsync(
                $"update order_item set state = 'cancelled', reason = {Reasons.Superseded.Code}, detail = {$"superseded by order {orderId}"}, finished_at = {now} where id = {item.Id}", ct);
            await OrderRows.SettleAsync(db, item.Order, now, ct);
        }
    }

    /// <summary>Orders of the service that still wait before the door (budget, requested start) and that this order makes pointless.</summary>
    private static async Task SupersedeWaitingAsync(NpgsqlConnection db, long orderId, PreparedOrder order, DateTimeOffset now, CancellationToken ct)
    {
        var waiting = await db.QueryAsync(
            $"""
             select o.id, o.action, o.hold_kind from service_order o
             where o.circuit_id = {order.Draft.Circuit.Value} and o.finished_at is null and o.id < {orderId}
               and not exists (select from order_item i where i.order_id = o.id) for update
             """,
            r => (Id: r.Get<long>("id"), Action: r.Get<string>("action"), Hold: r.Get<Core.Holds.HoldKind?>("hold_kind")),
            ct);
        foreach (var older in waiting.Where(o => order.Action.MakesPointless(o.Action, o.Hold)))
        {
            await db.ExecuteAsync(
                $"update service_order set state = 'cancelled', reason = {Reasons.Superseded.Code}, detail = {$"superseded by order {orderId}"}, finished_at = {now} where id = {older.Id}", ct);
        }

        if (waiting.Count > 0)
        {
            await WaitingOrders.ClearBudgetAlarmAsync(db, now, ct);
        }
    }
}
