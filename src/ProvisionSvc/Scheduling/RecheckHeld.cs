using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using Quartz;

namespace ProvisionSvc.Scheduling;

/// <summary>
/// Items that wait for a corrected address: nobody tells us of the correction, so the lane looks again, without contacting the switch before it is true.
/// </summary>
internal sealed class RecheckHeld(NpgsqlDataSource dataSource, TimeProvider clock) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        string[] reasons = [Reasons.OutsidePrefix.Code];
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var tx = await db.BeginTransactionAsync(cancellationToken);
        var switches = await db.QueryAsync(
            $"select distinct switch_id from order_item where state = 'held' and finished_at is null and reason = any({reasons})", r => r.Get<long>("switch_id"), cancellationToken);
        await HeldRows.ReleaseAsync(db, [.. switches], reasons, clock.GetUtcNow(), cancellationToken);
        await tx.CommitAsync(cancellationToken);
    }
}
