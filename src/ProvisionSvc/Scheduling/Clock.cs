using Microsoft.Extensions.Options;
using ProvisionSvc.Configurations;
using ProvisionSvc.Hosting;
using ProvisionSvc.Polling;
using Quartz;

namespace ProvisionSvc.Scheduling;

/// <summary>Quartz is the clock, clustered in PostgreSQL: its jobs are single idempotent statements keyed by their nominal time, never device I/O and never a lock.</summary>
internal static class Clock
{
    public static void AddClock(this IServiceCollection services, IConfiguration configuration, ProvisionOptions options)
    {
        if (!options.RunsWorker)
        {
            return;
        }

        var polling = configuration.GetSection("Polling").Get<PollingOptions>() ?? new();
        services.AddQuartz(q =>
        {
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(db => db.UseRegisteredDataSource = true);
                store.UseClustering(_ => { });
            });
            Every<PlanSweep>(q, polling.Interval);
            Every<EndMaintenance>(q, TimeSpan.FromSeconds(30));
            Every<RecheckHeld>(q, TimeSpan.FromSeconds(20));
            Every<ExpireApprovals>(q, TimeSpan.FromSeconds(15));
            Every<MarkConfigurationsDue>(q, MarkConfigurationsDue.Tick);
        });
        services.Configure<QuartzSchedulerOptions>(o => o.IdleWaitTime = TimeSpan.FromSeconds(5));
        services.AddQuartzHostedService();
    }

    /// <summary>A job with one trigger; after an outage it fires once, not once per missed time.</summary>
    private static void Every<TJob>(IQuartzBuilder q, TimeSpan interval)
        where TJob : IJob
    {
        var key = new JobKey(typeof(TJob).Name);
        q.AddJob<TJob>(j => j.WithIdentity(key));
        q.AddTrigger(t => t.ForJob(key).WithIdentity(typeof(TJob).Name).StartNow()
            .WithSimpleSchedule(s => s.WithInterval(interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithRemainingCount)));
    }
}
