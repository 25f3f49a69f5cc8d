using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Scheduling;

namespace ProvisionSvc.Lanes;

/// <summary>An item that may begin now.</summary>
/// <param name="ApprovedHash">The only plan that may run; null where any may.</param>
internal sealed record GatePass(string? ApprovedHash)
{
    /// <param name="plan">What is left to do.</param>
    /// <param name="whole">The plan over what the port showed before the first line of this item.</param>
    public bool Allows(DevicePlan plan, DevicePlan whole) => ApprovedHash is null || plan.Steps.Count == 0 || whole.Hash == ApprovedHash;
}

/// <summary>
/// Asked before an item begins and before each line. Pauses, freezes, windows and the node's pace keep what has not begun; what has is finished, because half a
/// change is worse than a late one. Restorations pass. Stop-all stops every line.
/// </summary>
internal sealed class LaneGate(NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, IOptions<LaneOptions> options, IOptions<SchedulingOptions> scheduling)
{
    private static readonly GatePass Free = new(ApprovedHash: null);

    /// <summary>A stop that we may not have heard of counts as one: then the database is as far away as for a lease that cannot be renewed.</summary>
    private readonly TimeSpan _longestDeaf = options.Value.LeaseTtl > TimeSpan.FromSeconds(10) ? options.Value.LeaseTtl : TimeSpan.FromSeconds(10);

    /// <exception cref="StoppedException">Everything was stopped, or nobody knows whether it was.</exception>
    public void RequireGoing()
    {
        timetable.RequireGoing();
        if (timetable.Age > _longestDeaf && !Failpoints.IgnoreLease)
        {
            throw new StoppedException($"It has not been known for {timetable.Age.TotalSeconds:0} s whether everything was stopped.");
        }
    }

    /// <summary>Null where the item must wait; then it says for what, or is left as it is until its pause ends.</summary>
    public async Task<GatePass?> PassAsync(Lane lane, DueItem item, CancellationToken ct)
    {
        RequireGoing();
        if (item.Restores)
        {
            return Free;
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        var row = await db.FirstAsync(
            $"select approved_hash, turn_at, exists (select from step_journal where item_id = {item.Id}) as written from order_item where id = {item.Id}",
            r => (Hash: r.Get<string?>("approved_hash"), Turn: r.Get<DateTimeOffset?>("turn_at"), Written: r.Get<bool>("written")),
            ct);
        if (row.Written)
        {
            return new(row.Hash);
        }

        if (timetable.Now.PauseAt(lane.Switch.Site) is not null)
        {
            // It may be over, and we have not heard: who looks again at once would only ask in circles.
            await timetable.RefreshAsync(db, ct);
            if (timetable.Now.PauseAt(lane.Switch.Site) is not null)
            {
                return null;
            }
        }

        var now = clock.GetUtcNow();
        if (await timetable.WaitAsync(db, [lane.Switch.Site], item.Action, item.PlacedBy, now, ct) is { } wait)
        {
            await SettleAsync(db, lane, item, wait.Reason, wait.Detail, wait.Until ?? now.AddDays(1), now, ct);
            return null;
        }

        if ((row.Turn ?? await TurnAsync(db, lane, item, now, ct)) is { } turn && turn > now)
        {
            await SettleAsync(db, lane, item, Reasons.Pacing, $"{turn:u}", turn, now, ct);
            return null;
        }

        return new(row.Hash);
    }

    /// <summary>What it would change has changed since its plan was approved: back to the approvers, with the difference.</summary>
    public async Task AskAgainAsync(Lane lane, DueItem item, DevicePlan plan, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await lane.Lease.RequireHeldAsync(db, ct);
        var approved = await db.FirstAsync(
            $"select plans from approval where order_id = {item.OrderId} and outcome = 'approved' order by round desc limit 1",
            r => Json.To<Contracts.PlanView[]>(r.Get<string>("plans")),
            ct) ?? [];
        var (difference, plans) = ApprovedPlans.Replace(approved, PlanRows.Of(plan));
        await db.ExecuteAsync(
            $"""
             insert into approval (order_id, round, role, needed, asked_at, expires_at, plan_at, plans, hash, difference)
             select order_id, round + 1, role, needed, {now}, {now} + (expires_at - asked_at), {now}, {Json.Of(plans)}, {ApprovedPlans.Hash(plans)}, {difference}
             from approval where order_id = {item.OrderId} order by round desc limit 1
             """,
            ct);
        await db.ExecuteAsync(
            $"""
             update order_item set state = 'held', reason = {Reasons.Approval.Code}, detail = {difference}, crashes = 0,
                 plan = case when exists (select from step_journal where item_id = {item.Id}) then plan end
             where id = {item.Id}
             """,
            ct);
        await OrderRows.SettleAsync(db, item.OrderId, now, ct);
        await db.WriteAuditAsync(now, "lane", "order.approval-asked-again", $"order/{item.OrderId}", new { item = item.Id, difference }, ct);
        await tx.CommitAsync(ct);
    }

    private static Task SettleAsync(NpgsqlConnection db, Lane lane, DueItem item, Reason reason, string detail, DateTimeOffset until, DateTimeOffset now, CancellationToken ct) =>
        LaneRows.SettleAsync(db, lane.Lease, item, OrderState.Pending, reason, detail, null, now, until, ct);

    /// <summary>The node's next turn, given to this item and no other; null where the node has no pace.</summary>
    private async Task<DateTimeOffset?> TurnAsync(NpgsqlConnection db, Lane lane, DueItem item, DateTimeOffset now, CancellationToken ct)
    {
        var node = lane.Switch.Site.NodeId;
        var pace = await db.FirstAsync($"select coalesce(pace_per_minute, {scheduling.Value.PacePerNode}) as pace from node where id = {node}", r => r.Get<int>("pace"), ct);
        if (pace == 0)
        {
            return null;
        }

        var apart = TimeSpan.FromMinutes(1) / pace;
        return await db.FirstAsync(
            $"""
             with turn as (
                 insert into node_turn as t (node_id, next_at) values ({node}, {now + apart})
                 on conflict (node_id) do update set next_at = greatest(t.next_at, {now}) + {apart} returning next_at - {apart} as at
             )
             update order_item set turn_at = turn.at from turn where id = {item.Id} returning turn_at
             """,
            r => r.Get<DateTimeOffset>("turn_at"),
            ct);
    }
}
