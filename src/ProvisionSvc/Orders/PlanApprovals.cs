using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Makes and keeps the plans that approvers are asked about, reading the switch; one that cannot be read is asked again later.</summary>
internal sealed partial class PlanApprovals(NpgsqlDataSource dataSource, DryRunOrder dry, TimeProvider clock, ILogger<PlanApprovals> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var (order, round) in await DueAsync(stoppingToken))
                {
                    await PlanAsync(order, round, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
            }
        }
    }

    private async Task<List<(long Order, int Round)>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select a.order_id, a.round from approval a join service_order o on o.id = a.order_id
             where a.ended_at is null and a.plans is null and a.plan_at <= {clock.GetUtcNow()} and o.finished_at is null order by a.plan_at limit 50
             """,
            r => (r.Get<long>("order_id"), r.Get<int>("round")),
            ct);
    }

    private async Task PlanAsync(long orderId, int round, CancellationToken ct)
    {
        // Load
        OrderDraft draft;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            await using var tx = await db.BeginTransactionAsync(ct);
            if (await WaitingOrders.LoadAsync(db, orderId, ct) is not { } waiting)
            {
                return;
            }

            draft = waiting.Draft;
        }

        // Decide: no transaction is open while the switch is read
        var (view, faults) = await dry.RunAsync(draft, ct);
        var problem = view is null ? string.Join(" ", faults.Select(f => f.Message)) : view.Plans.Count == 0 ? view.Note ?? "There is no plan." : null;

        // Save
        var now = clock.GetUtcNow();
        await using var keep = await dataSource.OpenConnectionAsync(ct);
        await using var saved = await keep.BeginTransactionAsync(ct);
        if (problem is not null)
        {
            await keep.ExecuteAsync($"update approval set problem = {problem}, plan_at = {now + Again} where order_id = {orderId} and round = {round} and ended_at is null", ct);
        }
        else
        {
            await ShowAsync(keep, orderId, round, view!, ct);
        }

        await saved.CommitAsync(ct);
    }

    private static async Task ShowAsync(NpgsqlConnection db, long orderId, int round, DryRunView view, CancellationToken ct)
    {
        var shown = await db.ExecuteAsync(
            $"""
             update approval set plans = {Json.Of(view.Plans)}, hash = {ApprovedPlans.Hash(view.Plans)}, problem = null
             where order_id = {orderId} and round = {round} and ended_at is null and plans is null
             """,
            ct);

        // What is approved is this port with this VLAN, not whichever is free on the day it starts.
        if (shown > 0 && view is { Action: "activate", SwitchName: { } name, IfName: { } ifName })
        {
            await SettledOrder.SettleAsync(db, orderId, name, ifName, view.Vlan, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "Plans for approval are made later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
