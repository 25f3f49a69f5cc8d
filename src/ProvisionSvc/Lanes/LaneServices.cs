using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>What the host needs to know of this slice.</summary>
internal static class LaneServices
{
    public static void AddLanes(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<LaneOptions>().BindConfiguration("Lanes").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LanePoke>();
        services.AddSingleton<BorrowLane>();
        services.AddHostedService(s => s.GetRequiredService<LanePoke>());
        if (!options.RunsWorker)
        {
            return;
        }

        services.AddSingleton<Journal>();
        services.AddSingleton<WriteItem>();
        services.AddSingleton<ProveItem>();
        services.AddSingleton<Compensate>();
        services.AddSingleton<SettleItem>();
        services.AddSingleton<KeepTrial>();
        services.AddSingleton<FinishBatch>();
        services.AddSingleton<LaneGate>();
        services.AddSingleton<LaneRun>();
        services.AddSingleton<Watchdog>();
        services.AddHostedService(s => s.GetRequiredService<Watchdog>());
        services.AddHostedService<LaneListener>();
        services.AddHostedService<LaneRunner>();
    }
}
