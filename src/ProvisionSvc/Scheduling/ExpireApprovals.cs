using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Orders;
using Quartz;

namespace ProvisionSvc.Scheduling;

/// <summary>Approvals that nobody gave in time end, and their orders with them.</summary>
internal sealed class ExpireApprovals(NpgsqlDataSource dataSource, TimeProvider clock) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var tx = await db.BeginTransactionAsync(cancellationToken);
        var expired = await db.QueryAsync(
            $"""
             select a.order_id, a.round from approval a join service_order o on o.id = a.order_id
             where a.ended_at is null and (a.expires_at <= {now} or o.finished_at is not null) order by a.order_id limit 500 for update of o
             """,
            r => (Order: r.Get<long>("order_id"), Round: r.Get<int>("round")),
            cancellationToken);
        foreach (var (order, round) in expired)
        {
            // One that was cancelled or superseded meanwhile needs no approval; refusing it again changes nothing.
            await ApprovalRows.EndAsync(db, order, round, "expired", "clock", null, now, cancellationToken);
            await ApprovalRows.RefuseAsync(db, order, OrderState.Cancelled, Reasons.ApprovalExpired, null, now, cancellationToken);
            await db.WriteAuditAsync(now, "clock", "order.approval-expired", $"order/{order}", new { round }, cancellationToken);
        }

        await tx.CommitAsync(cancellationToken);
    }
}
