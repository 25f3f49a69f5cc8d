using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Which orders are asked for; null means any.</summary>
/// <param name="Before">Orders older than this one: the next page.</param>
internal sealed record OrderFilter(
    long? Id = null, string? Service = null, string? State = null, bool Waiting = false, string? Action = null, string? Account = null, string? Switch = null, string? Group = null,
    string? PlacedBy = null, long? Parent = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, long? Before = null, int Limit = 100);

/// <summary>Orders as clients see them.</summary>
internal static class OrderViews
{
    // Of an order over more, the parts are listed by themselves.
    private const int MostItemsOfParts = 1000;

    /// <summary>One order, or null where there is none in the caller's districts (<paramref name="districts"/> null = all).</summary>
    public static async Task<OrderView?> FindAsync(NpgsqlConnection db, long id, int[]? districts, CancellationToken ct) =>
        await ListAsync(db, new(Id: id), districts, ct) is [var order, ..] ? order : null;

    public static async Task<IReadOnlyList<OrderView>> ListAsync(NpgsqlConnection db, OrderFilter filter, int[]? districts, CancellationToken ct)
    {
        var orders = await db.QueryAsync(
            $"""
             select o.id, o.external_id, o.client, o.action, o.circuit_id, o.state, o.reason, o.detail, o.placed_by, o.why, o.hold_kind, o.created_at, o.requested_start, o.finished_at,
                    o.group_name, o.parent_id, o.children, o.undoes, (o.body->>'until')::timestamptz as until,
                    o.body->>'switch' as switch, o.body->>'ifName' as if_name, o.body->>'toSwitch' as to_switch, o.body->>'toIfName' as to_if_name,
                    (select max(u.id) from service_order u where u.undoes = o.id and u.state not in ('failed', 'cancelled', 'rejected')) as undone_by,
                    case when o.finished_at is null then o.look_at end as look_at
             from service_order o left join service s on s.id = o.service_id left join building b on b.id = coalesce(s.building_id, (select id from building where name = o.body ->> 'building'))
             where ({filter.Id} is null or o.id = {filter.Id})
               and ({filter.Service} is null or o.circuit_id = {filter.Service} or o.service_id = (select x.id from service x where x.circuit_id = {filter.Service}))
               and ({filter.State} is null or o.state = {filter.State})
               and (not {filter.Waiting} or (o.finished_at is null and o.state <> 'inProgress'))
               and ({filter.Action} is null or o.action = {filter.Action})
               and ({filter.Account} is null or s.account_id = (select a.id from account a where a.number = {filter.Account}))
               and ({filter.Switch} is null or o.body->>'switch' = {filter.Switch} or o.body->>'toSwitch' = {filter.Switch}
                    or exists (select from order_item i join switch w on w.id = i.switch_id where i.order_id = o.id and w.name = {filter.Switch}))
               and ({filter.Group} is null or o.group_name = {filter.Group} or s.group_id = (select g.id from service_group g where g.name = {filter.Group}))
               and ({filter.PlacedBy} is null or o.placed_by = {filter.PlacedBy})
               and ({filter.Parent} is null or o.parent_id = {filter.Parent})
               and ({filter.Since} is null or o.created_at >= {filter.Since})
               and ({filter.Until} is null or o.created_at < {filter.Until})
               and ({filter.Before} is null or o.id < {filter.Before})
               and ({districts} is null or b.district = any({districts})
                    or exists (select from order_item i join building ib on ib.id = i.building_id where i.order_id = o.id and ib.district = any({districts}))
                    or exists (select from service_order c join service cs on cs.id = c.service_id join building cb on cb.id = cs.building_id
                               where c.parent_id = o.id and cb.district = any({districts})))
             order by o.id desc limit {filter.Limit}
             """,
            r => (Id: r.Get<long>("id"), IsMany: r.Get<int?>("children") is not null, ShowsParts: r.Get<int?>("children") is not null && r.Get<string>("action") != "bulk", Make: Order(r)),
            ct);
        var items = await ItemsAsync(db, [.. orders.Where(o => !o.IsMany).Select(o => o.Id)], [.. orders.Where(o => o.ShowsParts).Select(o => o.Id)], ct);
        var parts = orders.Exists(o => o.IsMany) ? await PartsAsync(db, [.. orders.Where(o => o.IsMany).Select(o => o.Id)], ct) : null;
        return await WhyWaiting.AddAsync(db, [.. orders.Select(o => o.Make([.. items[o.Id]]) with { Parts = o.IsMany ? Parts(parts![o.Id]) : null })], ct);
    }

    private static async Task<ILookup<long, OrderItemView>> ItemsAsync(NpgsqlConnection db, long[] orders, long[] parents, CancellationToken ct)
    {
        var items = await db.QueryAsync(
            $"""
             select case when o.parent_id = any({parents}) then o.parent_id else i.order_id end as shown_by, i.order_id, o.circuit_id, o.parent_id = any({parents}) as is_part,
                    i.sequence, w.name as switch, p.if_name, i.state, i.reason, i.detail, i.attempts, i.not_before, i.plan, i.proof,
                    (select d.sequence from order_item d where d.id = i.depends_on) as depends_on
             from order_item i join service_order o on o.id = i.order_id join port p on p.id = i.port_id join switch w on w.id = i.switch_id
             where i.order_id = any({orders})
                or i.order_id in (select c.id from service_order c where c.parent_id = any({parents}) order by c.id limit {MostItemsOfParts})
             order by i.order_id, i.sequence
             """,
            r => (Order: r.Get<long>("shown_by"), Item: Item(r)),
            ct);
        return items.ToLookup(i => i.Order, i => i.Item);
    }

    private static async Task<ILookup<long, (string State, int Count)>> PartsAsync(NpgsqlConnection db, long[] parents, CancellationToken ct)
    {
        var states = await db.QueryAsync(
            $"select parent_id, state, count(*)::int as parts from service_order where parent_id = any({parents}) group by parent_id, state order by state",
            r => (Parent: r.Get<long>("parent_id"), State: r.Get<string>("state"), Count: r.Get<int>("parts")),
            ct);
        return states.ToLookup(s => s.Parent, s => (s.State, s.Count));
    }

    private static OrderPartsView Parts(IEnumerable<(string State, int Count)> states) =>
        new(states.Sum(s => s.Count), states.ToDictionary(s => s.State, s => s.Count, StringComparer.Ordinal));

    private static Func<IReadOnlyList<OrderItemView>, OrderView> Order(NpgsqlDataReader r)
    {
        var code = r.Get<string?>("reason");
        var reason = code is null ? null : Reasons.All.GetValueOrDefault(code);
        var detail = r.Get<string?>("detail");
        var order = new OrderView
        {
            Id = r.Get<long>("id"),
            ExternalId = r.Get<string>("external_id"),
            Client = r.Get<string>("client"),
            Action = r.Get<string>("action"),
            Service = r.Get<string>("circuit_id"),
            Group = r.Get<string?>("group_name"),
            Place = Place(r.Get<string?>("switch"), r.Get<string?>("if_name"), r.Get<string?>("to_switch"), r.Get<string?>("to_if_name")),
            Parent = r.Get<long?>("parent_id"),
            Undoes = r.Get<long?>("undoes"),
            UndoneBy = r.Get<long?>("undone_by"),
            State = r.Get<string>("state"),
            Reason = code,
            ReasonText = Join(reason?.English, detail),
            ReasonTextZh = Join(reason?.Chinese, detail),
            PlacedBy = r.Get<string>("placed_by"),
            Why = r.Get<string?>("why"),
            Hold = r.Get<string?>("hold_kind"),
            CreatedAt = r.Get<DateTimeOffset>("created_at"),
            RequestedStart = r.Get<DateTimeOffset?>("requested_start"),
            Until = r.Get<DateTimeOffset?>("until"),
            LookAt = r.Get<DateTimeOffset?>("look_at"),
            FinishedAt = r.Get<DateTimeOffset?>("finished_at"),
            Items = [],
        };
        return items => order with { Items = items };
    }

    private static string? Place(string? from, string? fromPort, string? to, string? toPort)
    {
        var (left, right) = (string.Join(' ', ((string?[])[from, fromPort]).OfType<string>()), string.Join(' ', ((string?[])[to, toPort]).OfType<string>()));
        return right.Length > 0 ? $"{left} → {right}".TrimStart() : left.Length > 0 ? left : null;
    }

    public static string? Join(string? text, string? detail) => text is null ? detail : detail is null ? text : $"{text} {detail}";

    private static OrderItemView Item(NpgsqlDataReader r) => new()
    {
        Order = r.Get<bool?>("is_part") == true ? r.Get<long>("order_id") : null,
        Service = r.Get<bool?>("is_part") == true ? r.Get<string>("circuit_id") : null,
        Sequence = r.Get<int>("sequence"),
        DependsOn = r.Get<int?>("depends_on"),
        Switch = r.Get<string>("switch"),
        IfName = r.Get<string>("if_name"),
        State = r.Get<string>("state"),
        Reason = r.Get<string?>("reason"),
        Detail = r.Get<string?>("detail"),
        Attempts = r.Get<int>("attempts"),
        NotBefore = r.Get<DateTimeOffset?>("not_before"),
        Plan = r.Get<string?>("plan") is { } plan ? Json.To<PlanView>(plan) : null,
        Proof = r.Get<string?>("proof") is { } proof ? Json.To<ProofView>(proof) : null,
    };
}
