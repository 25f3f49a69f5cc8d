using System.Security.Claims;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Events;

internal static class EventEndpoints
{
    public static void AddEvents(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<EventOptions>().BindConfiguration("Events").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EventSignal>();
        services.AddHostedService(s => s.GetRequiredService<EventSignal>());
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<StreamEvents>();
        if (options.RunsWorker)
        {
            services.AddSingleton<SequenceEvents>();
            services.AddHostedService(s => s.GetRequiredService<SequenceEvents>());
            services.AddHostedService<DeliverWebhooks>();
        }
    }

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGet("/events", (
                ClaimsPrincipal user, HttpRequest request, StreamEvents stream, CancellationToken ct, string[]? type = null, long? order = null, long? after = null) =>
                stream.OpenAsync(user, request, type, order, after, ct))
            .WithName("streamEvents").Fails(400, 404).ForReaders()
            .WithSummary("What happens, as server-sent events with sequence numbers; resumes at Last-Event-ID.");
        api.MapWebhooks();
    }
}
