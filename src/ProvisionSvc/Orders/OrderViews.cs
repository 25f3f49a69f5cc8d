using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Orders as clients see them.</summary>
internal static class OrderViews
{
    /// <summary>One order, or null where there is none in the caller's districts (<paramref name="districts"/> null = all).</summary>
    public static async Task<OrderView?> FindAsync(NpgsqlConnection db, long id, int[]? districts, CancellationToken ct) =>
        await ListAsync(db, new(Id: id), districts, ct) is [var order, ..] ? order : null;

    public static async Task<IReadOnlyList<OrderView>> ListAsync(NpgsqlConnection db, OrderFilter filter, int[]? districts, CancellationToken ct)
    {
        var orders = await db.QueryAsync(
            $"""
             select o.id, o.external_id, o.client, o.action, o.circuit_id, o.state, o.reason, o.detail, o.placed_by, o.why, o.hold_kind, o.created_at, o.requested_start, o.finished_at,
                    case when o.finished_at is null then o.look_at end as look_at
             from service_order o left join service s on s.id = o.service_id left join building b on b.id = coalesce(s.building_id, (select id from building where name = o.body ->> 'building'))
             where ({filter.Id} is null or o.id = {filter.Id})
               and ({filter.Service} is null or o.circuit_id = {filter.Service})
               and ({filter.State} is null or o.state = {filter.State})
               and (not {filter.Waiting} or (o.finished_at is null and o.state <> 'inProgress'))
               and ({districts} is null or b.district = any({districts}))
             order by o.id desc limit {filter.Limit}
             """,
            r => (Id: r.Get<long>("id"), Make: Order(r)),
            ct);
        var items = await db.QueryAsync(
            $"""
             select i.order_id, i.sequence, w.name as switch, p.if_name, i.state, i.reason, i.detail, i.attempts, i.not_before, i.plan, i.proof
             from order_item i join port p on p.id = i.port_id join switch w on w.id = i.switch_id
             where i.order_id = any({orders.Select(o => o.Id).ToArray()}) order by i.order_id, i.sequence
             """,
            r => (Order: r.Get<long>("order_id"), Item: Item(r)),
            ct);
        var byOrder = items.ToLookup(i => i.Order, i => i.Item);
        return await WhyWaiting.AddAsync(db, [.. orders.Select(o => o.Make([.. byOrder[o.Id]]))], ct);
    }

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
            State = r.Get<string>("state"),
            Reason = code,
            ReasonText = Join(reason?.English, detail),
            ReasonTextZh = Join(reason?.Chinese, detail),
            PlacedBy = r.Get<string>("placed_by"),
            Why = r.Get<string?>("why"),
            Hold = r.Get<string?>("hold_kind"),
            CreatedAt = r.Get<DateTimeOffset>("created_at"),
            RequestedStart = r.Get<DateTimeOffset?>("requested_start"),
            LookAt = r.Get<DateTimeOffset?>("look_at"),
            FinishedAt = r.Get<DateTimeOffset?>("finished_at"),
            Items = [],
        };
        return items => order with { Items = items };
    }

    public static string? Join(string? text, string? detail) => text is null ? detail : detail is null ? text : $"{text} {detail}";

    private static OrderItemView Item(NpgsqlDataReader r) => new()
    {
        Sequence = r.Get<int>("sequence"),
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

/// <summary>Which orders are asked for; null means any.</summary>
internal sealed record OrderFilter(long? Id = null, string? Service = null, string? State = null, bool Waiting = false, int Limit = 100);
