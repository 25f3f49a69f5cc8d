using System.Diagnostics.Metrics;

namespace ProvisionSvc.Snmp;

/// <summary>What becomes of a datagram that reaches the receiver.</summary>
internal enum NotificationFate
{
    Received,
    Accepted,
    Malformed,
    NotAuthentic,
    UnknownSource,
    RateLimited,
    Overwritten,
    TooManySources,
    InformAnswered,
}

/// <summary>Counts for one receiver and for the process's meter.</summary>
internal sealed class NotificationCounters
{
    private static readonly Meter Meter = new(SnmpCounters.MeterName);
    private static readonly Counter<long> Notifications = Meter.CreateCounter<long>("snmp.notifications", "{datagram}", "Datagrams at the notification receiver, by what became of them");
    private static readonly KeyValuePair<string, object?>[] Tags = [.. Enum.GetNames<NotificationFate>().Select(name => new KeyValuePair<string, object?>("fate", name))];
    private readonly long[] _counts = new long[Tags.Length];

    public void Count(NotificationFate fate)
    {
        Interlocked.Increment(ref _counts[(int)fate]);
        Notifications.Add(1, Tags[(int)fate]);
    }

    public SnmpNotificationStatistics Snapshot() => new()
    {
        Received = Read(NotificationFate.Received),
        Accepted = Read(NotificationFate.Accepted),
        Malformed = Read(NotificationFate.Malformed),
        NotAuthentic = Read(NotificationFate.NotAuthentic),
        UnknownSource = Read(NotificationFate.UnknownSource),
        RateLimited = Read(NotificationFate.RateLimited),
        Overwritten = Read(NotificationFate.Overwritten),
        TooManySources = Read(NotificationFate.TooManySources),
        InformsAnswered = Read(NotificationFate.InformAnswered),
    };

    private long Read(NotificationFate fate) => Interlocked.Read(ref _counts[(int)fate]);
}
