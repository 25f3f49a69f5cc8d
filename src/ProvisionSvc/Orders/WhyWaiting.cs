using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>
/// What an order waits for that no row of its own says, because it may be over at any moment: a stop, a pause, another order before it on the switch; and
/// the approval it is in.
/// </summary>
internal static class WhyWaiting
{
    public static async Task<IReadOnlyList<OrderView>> AddAsync(NpgsqlConnection db, IReadOnlyList<OrderView> orders, CancellationToken ct)
    {
        var open = orders.Where(o => o.FinishedAt is null).ToList();
        if (open.Count == 0)
        {
            return orders;
        }

        var silent = await SilentAsync(db, [.. open.Where(o => o.Reason is null).Select(o => o.Id)], ct);
        var approvals = new Dictionary<long, ApprovalView>();
        foreach (var order in open.Where(o => o.Reason == Reasons.Approval.Code))
        {
            if (await ApprovalRows.LatestAsync(db, order.Id, ct) is { } a)
            {
                approvals[order.Id] = new(a.Round, a.Role, a.Needed, a.Votes, a.AskedAt, a.ExpiresAt, a.Hash, a.Plans, a.Difference, a.Problem, a.Outcome);
            }
        }

        return [.. orders.Select(o => silent.TryGetValue(o.Id, out var why) ? Said(o, why) : approvals.TryGetValue(o.Id, out var approval) ? o with { Approval = approval } : o)];
    }

    private static OrderView Said(OrderView order, (Reason Reason, string Detail) why) => order with
    {
        Reason = why.Reason.Code,
        ReasonText = OrderViews.Join(why.Reason.English, why.Detail),
        ReasonTextZh = OrderViews.Join(why.Reason.Chinese, why.Detail),
    };

    private static async Task<Dictionary<long, (Reason Reason, string Detail)>> SilentAsync(NpgsqlConnection db, long[] orders, CancellationToken ct)
    {
        if (orders.Length == 0)
        {
            return [];
        }

        var rows = await db.QueryAsync(
            $"""
             select i.order_id, p.scope, p.who, p.why, a.order_id as ahead, w.name as switch
             from order_item i
             join switch w on w.id = i.switch_id
             join building b on b.id = w.building_id
             left join lateral (
                 select scope, who, why from pause p
                 where p.ended_at is null and (p.scope = 'all' or (i.precedence > 0 and not exists (select from step_journal j where j.item_id = i.id) and (
                     (p.scope = 'node' and p.target_id = b.node_id) or (p.scope = 'building' and p.target_id = b.id) or (p.scope = 'switch' and p.target_id = w.id))))
                 order by p.scope = 'all' desc, p.id limit 1) p on true
             left join lateral (
                 select order_id from order_item a
                 where a.switch_id = i.switch_id and a.order_id <> i.order_id and a.finished_at is null and i.state = 'acknowledged'
                   and (a.state = 'inProgress' or (a.state in ('acknowledged', 'pending') and a.not_before <= now() and (a.precedence, a.id) < (i.precedence, i.id)))
                 order by a.state = 'inProgress' desc, a.precedence, a.id limit 1) a on true
             where i.order_id = any({orders}) and i.finished_at is null and i.state in ('acknowledged', 'inProgress')
             order by i.sequence
             """,
            r => (Order: r.Get<long>("order_id"), Scope: r.Get<string?>("scope"), Who: r.Get<string?>("who"), Why: r.Get<string?>("why"),
                  Ahead: r.Get<long?>("ahead"), Switch: r.Get<string>("switch")),
            ct);
        var said = new Dictionary<long, (Reason, string)>();
        foreach (var row in rows)
        {
            if (row.Scope is not null)
            {
                said.TryAdd(row.Order, (row.Scope == "all" ? Reasons.Stopped : Reasons.Paused, $"{row.Who}: {row.Why}"));
            }
            else if (row.Ahead is { } ahead)
            {
                said.TryAdd(row.Order, (Reasons.Behind, $"{ahead}, {row.Switch}"));
            }
        }

        return said;
    }
}
