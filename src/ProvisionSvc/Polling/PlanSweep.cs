using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using Quartz;

namespace ProvisionSvc.Polling;

/// <summary>
/// The tick of a sweep: deals all switches into shards, keyed by the nominal time, so that a tick fired twice plans once. A sweep that is still running is
/// never overtaken by the next; that tick is counted as late instead.
/// </summary>
internal sealed partial class PlanSweep(NpgsqlDataSource dataSource, TimeProvider clock, IOptions<PollingOptions> options, ILogger<PlanSweep> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        var planned = await PlanAsync(db, context.ScheduledFireTimeUtc ?? clock.GetUtcNow(), options.Value, cancellationToken);
        if (planned.Late)
        {
            ServiceMetrics.SweepsLate.Add(1);
            Log.Late(logger);
        }
    }

    /// <summary>How many switches were dealt out: none where this sweep was planned already, where there is no switch, or where the sweep before is late.</summary>
    public static Task<(int Switches, bool Late)> PlanAsync(NpgsqlConnection db, DateTimeOffset nominal, PollingOptions options, CancellationToken ct) => db.FirstAsync(
        $"""
         with numbered as (
             select w.id, (row_number() over (order by w.id) - 1) / {options.ShardSize} as shard from switch w
         ), planned as (
             insert into sweep (nominal_at, planned)
             select {nominal}, count(*) from switch
             where not exists (select from sweep where finished_at is null and nominal_at > {nominal - (10 * options.Interval)})
             having count(*) > 0
             on conflict (nominal_at) do nothing
             returning id, planned
         ), shards as (
             insert into sweep_shard (sweep_id, switch_ids)
             select p.id, array_agg(n.id) from planned p, numbered n group by p.id, n.shard
         ), tidy as (
             delete from sweep where nominal_at < {nominal - TimeSpan.FromDays(1)}
         )
         select coalesce((select planned from planned), 0) as planned,
                exists (select from sweep where finished_at is null and nominal_at < {nominal} and nominal_at > {nominal - (10 * options.Interval)}) as late
         """,
        r => (r.Get<int>("planned"), r.Get<bool>("late")),
        ct);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "The sweep before is still running; this tick plans none")]
        public static partial void Late(ILogger logger);
    }
}
