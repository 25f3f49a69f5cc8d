using System.Text.Json;

namespace ProvisionSvc.Contracts;

/// <summary>Something that happened, as a CloudEvent (CloudEvents 1.0, JSON).</summary>
public sealed record CloudEventView
{
    public string Specversion { get; init; } = "1.0";

    /// <summary>The same event told twice has the same id.</summary>
    public required string Id { get; init; }

    public required string Source { get; init; }

    /// <summary><c>provisionsvc.</c> and the kind: <c>order.accepted</c>, <c>order.changed</c>, <c>order.ended</c>, <c>item.started</c>, <c>item.waiting</c>,
    /// <c>item.completed</c>, <c>item.failed</c>, <c>line.confirmed</c>, <c>alarm.raised</c>, <c>alarm.cleared</c> …</summary>
    public required string Type { get; init; }

    /// <summary><c>order/17</c>, <c>alarm/3</c>.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string Datacontenttype { get; init; } = "application/json";

    /// <summary>Rises from event to event, over everything.</summary>
    public required string Sequence { get; init; }

    public required JsonElement Data { get; init; }
}

/// <summary>Somebody wants to be told.</summary>
public sealed record AddWebhookRequest
{
    /// <summary>1 to 64 letters, digits, '.', '-' or '_'.</summary>
    public required string Name { get; init; }

    /// <summary>Where events are posted; it begins with one of <c>Events:WebhookPrefixes</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Signs what is sent (HMAC-SHA256, Standard Webhooks): <c>whsec_</c> and base64, or 16 to 255 characters as they are. No answer shows it again.</summary>
    public required string Secret { get; init; }

    /// <summary>Kinds, with <c>*</c> for any: <c>order.*</c>. Orders, items and alarms where empty; lines only where asked for.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Subjects, with <c>*</c> for any: <c>alarm/*</c>. All where missing.</summary>
    public string? Subject { get; init; }

    /// <summary>Only orders of these districts; all where empty.</summary>
    public IReadOnlyList<int> Districts { get; init; } = [];
}

/// <summary>A webhook without its secret, and how it goes.</summary>
public sealed record WebhookView
{
    public required string Name { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> Types { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyList<int> Districts { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required long Delivered { get; init; }

    /// <summary>Not told yet.</summary>
    public required int Waiting { get; init; }

    /// <summary>Given up; a replay tries them again.</summary>
    public required int Dead { get; init; }

    public DateTimeOffset? LastDeliveryAt { get; init; }

    /// <summary>What went wrong last, until something goes well.</summary>
    public string? LastError { get; init; }
}

/// <summary>Tell again: the dead letters, or everything since a sequence number that the webhook wants and that is still kept.</summary>
public sealed record ReplayWebhookRequest(long? From = null);

/// <summary>How many events will be told (again).</summary>
public sealed record ReplayedWebhookView(string Name, int Events);
