using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Events;

/// <summary>Section <c>Events</c>.</summary>
internal sealed class EventOptions
{
    /// <summary>How often the outbox is looked into.</summary>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00", ErrorMessage = "Events:Sweep is 20 ms to 1 minute.")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long events can be streamed from; what a webhook has yet to be told is kept longer.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ErrorMessage = "Events:Keep is 1 hour to 3650 days.")]
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long dead letters wait for a replay.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ErrorMessage = "Events:KeepDead is 1 hour to 3650 days.")]
    public TimeSpan KeepDead { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often a quiet stream says that it lives, and whether its reader still may listen is looked up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Events:Ping is 1 s to 5 minutes.")]
    public TimeSpan Ping { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The only beginnings of URLs that webhooks may have; none: there are no webhooks.</summary>
    public IReadOnlyList<string> WebhookPrefixes { get; set; } = [];

    /// <summary>Private networks, CIDR, in which webhooks may be all the same.</summary>
    public IReadOnlyList<string> WebhookNetworks { get; set; } = [];

    /// <summary>How long a receiver may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Events:WebhookTimeout is 1 s to 1 minute.")]
    public TimeSpan WebhookTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Refusals of one event after which it is a dead letter.</summary>
    [Range(1, 1000)]
    public int WebhookAttempts { get; set; } = 24;

    /// <summary>The pause after the first refusal; it doubles.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00", ErrorMessage = "Events:WebhookPause is 10 ms to 1 hour.")]
    public TimeSpan WebhookPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ErrorMessage = "Events:WebhookLongestPause is 10 ms to 1 day.")]
    public TimeSpan WebhookLongestPause { get; set; } = TimeSpan.FromHours(1);
}
