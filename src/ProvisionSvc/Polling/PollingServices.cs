using Microsoft.Extensions.Options;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;
using ProvisionSvc.Polling.Notifications;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Polling;

internal static class PollingServices
{
    public static void AddPolling(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<PollingOptions>().BindConfiguration("Polling").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<NotificationOptions>().BindConfiguration("Notifications").ValidateDataAnnotations().ValidateOnStart();
        if (!options.RunsWorker)
        {
            return;
        }

        services.AddSingleton(s => new PollSwitch(
            s.GetRequiredService<ISnmpClient>(), s.GetRequiredService<SwitchAccess>(),
            StandardColumns.Load(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.TemplatesDirectory)));
        services.AddSingleton<SweepSwitches>();
        services.AddHostedService<SweepWorker>();
        services.AddSingleton<HearNotifications>();
        services.AddHostedService(s => s.GetRequiredService<HearNotifications>());
    }
}
