using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Events;

/// <summary>Wakes everybody in this process who waits for events. A hint only: who waits looks by himself after a while.</summary>
internal sealed partial class EventSignal(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<EventSignal> logger) : BackgroundService
{
    public const string ChannelName = "events";

    private TaskCompletionSource _next = Fresh();

    /// <summary>Taken before looking, awaited after finding nothing: what comes between is not missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Listen.ToAsync(dataSource, ChannelName, () => Interlocked.Exchange(ref _next, Fresh()).TrySetResult(), why => Log.NotListening(logger, why), clock, stoppingToken);

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(EventId = 6001, Level = LogLevel.Warning, Message = "Not listening for events ({Why}); streams look every few seconds meanwhile")]
        public static partial void NotListening(ILogger logger, string why);
    }
}
