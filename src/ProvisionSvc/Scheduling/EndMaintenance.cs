using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using Quartz;

namespace ProvisionSvc.Scheduling;

/// <summary>Maintenance that has reached its end is over: the switch goes back to its mode and its waiting items go on.</summary>
internal sealed class EndMaintenance(NpgsqlDataSource dataSource, TimeProvider clock) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var tx = await db.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var ended = await db.QueryAsync(
            $"""
             update switch set mode = coalesce(mode_after_maintenance, 'observe'), maintenance_until = null, mode_after_maintenance = null
             where mode = 'maintenance' and maintenance_until <= {now} returning id, name, mode
             """,
            r => (Id: r.Get<long>("id"), Name: r.Get<string>("name"), Mode: r.Get<string>("mode")),
            cancellationToken);
        foreach (var (_, name, mode) in ended)
        {
            await db.WriteAuditAsync(now, "clock", "switch.maintenance-ended", name, new { mode }, cancellationToken);
        }

        await HeldRows.ReleaseAsync(db, [.. ended.Where(e => e.Mode == "manage").Select(e => e.Id)], [Reasons.Maintenance.Code], now, cancellationToken);
        await tx.CommitAsync(cancellationToken);
    }
}
