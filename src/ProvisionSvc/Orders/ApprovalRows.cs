using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>The round of approval that an order is in, or was in last.</summary>
internal sealed record ApprovalRow(
    int Round, string Role, int Needed, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, string? Hash, IReadOnlyList<PlanView> Plans, string? Difference, string? Problem,
    string? Outcome, IReadOnlyList<string> Votes)
{
    public bool IsOpen => Outcome is null;
}

/// <summary>Approvals as rows.</summary>
internal static class ApprovalRows
{
    public static Task<ApprovalRow?> LatestAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.FirstAsync(
        $"""
         select round, role, needed, asked_at, expires_at, hash, plans, difference, problem, outcome,
                array(select who from approval_vote v where v.order_id = a.order_id and v.round = a.round order by at) as votes
         from approval a where order_id = {orderId} order by round desc limit 1
         """,
        r => new ApprovalRow(
            r.Get<int>("round"), r.Get<string>("role"), r.Get<int>("needed"), r.Get<DateTimeOffset>("asked_at"), r.Get<DateTimeOffset>("expires_at"), r.Get<string?>("hash"),
            r.Get<string?>("plans") is { } plans ? Json.To<PlanView[]>(plans) : [], r.Get<string?>("difference"), r.Get<string?>("problem"), r.Get<string?>("outcome"),
            r.Get<string[]>("votes")),
        ct);

    /// <summary>Asks the approvers, unless they are asked already.</summary>
    public static Task<int> AskAsync(NpgsqlConnection db, long orderId, ApprovalRule rule, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        $"""
         insert into approval (order_id, round, role, needed, asked_at, expires_at, plan_at)
         select {orderId}, coalesce(max(round), 0) + 1, {rule.Role}, {rule.Approvers}, {now}, {now + rule.Expiry}, {now} from approval where order_id = {orderId}
         having count(*) filter (where ended_at is null) = 0
         """,
        ct);

    public static Task<int> EndAsync(NpgsqlConnection db, long orderId, int round, string outcome, string who, string? why, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        $"update approval set ended_at = {now}, outcome = {outcome}, ended_by = {who}, why = {why} where order_id = {orderId} and round = {round} and ended_at is null", ct);

    /// <summary>What was approved is the only thing that may run on each port.</summary>
    public static Task<int> BindAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.ExecuteAsync(
        $"""
         update order_item i set approved_hash = p.plan ->> 'hash'
         from (select plans from approval where order_id = {orderId} and outcome = 'approved' order by round desc limit 1) a
         cross join lateral jsonb_array_elements(a.plans) as p (plan), port t join switch w on w.id = t.switch_id
         where i.order_id = {orderId} and i.finished_at is null and t.id = i.port_id and w.name = p.plan ->> 'switch' and t.if_name = p.plan ->> 'ifName'
         """,
        ct);

    /// <summary>
    /// Nobody's yes: an order that has had no effect ends; of one that has, the items end, and the books are ahead of the network until the opposite order.
    /// </summary>
    public static async Task RefuseAsync(NpgsqlConnection db, long orderId, OrderState state, Reason reason, string? detail, DateTimeOffset now, CancellationToken ct)
    {
        var items = await db.QueryAsync(
            $"""
             update order_item i set state = 'cancelled', reason = {reason.Code}, detail = {detail}, finished_at = {now}
             from port p join switch w on w.id = p.switch_id
             where i.order_id = {orderId} and i.finished_at is null and i.state = 'held' and i.reason = {Reasons.Approval.Code} and p.id = i.port_id
             returning w.name as switch, p.if_name
             """,
            r => new PortName(r.Get<string>("switch"), r.Get<string>("if_name")),
            ct);
        if (items.Count == 0)
        {
            await db.ExecuteAsync(
                $"""
                 update service_order o set state = {state}, reason = {reason.Code}, detail = {detail}, finished_at = {now}
                 where id = {orderId} and finished_at is null and not exists (select from order_item i where i.order_id = o.id)
                 """,
                ct);
            return;
        }

        await OrderRows.SettleAsync(db, orderId, now, ct);
        foreach (var port in items)
        {
            await db.RaiseAlarmAsync(now, $"item-failed:{port}", "major",
                $"Order {orderId} on {port} had taken effect in the books when approval of its changed plan was refused or ran out: the port is not as the books say.",
                $"Place the opposite order, or the same one again (provision order show {orderId}).", ct);
        }
    }
}
