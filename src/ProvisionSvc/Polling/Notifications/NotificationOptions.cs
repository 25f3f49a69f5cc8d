using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ProvisionSvc.Polling.Notifications;

/// <summary>Section <c>Notifications</c>.</summary>
internal sealed class NotificationOptions : IValidatableObject
{
    /// <summary>Where traps and informs are heard, such as <c>0.0.0.0:162</c>; empty: nowhere. A port below 1024 needs CAP_NET_BIND_SERVICE.</summary>
    public string Listen { get; set; } = "";

    /// <summary>How long after the first notification a switch is read: what belongs together has arrived by then.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ErrorMessage = "Notifications:Gather is 0 to 10 s.")]
    public TimeSpan Gather { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a switch is left alone after it was read for a notification; what comes meanwhile is one more reading afterwards.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Notifications:Pause is 1 s to 1 h.")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Readings per second that notifications may cause in this process.</summary>
    [Range(1, 10_000)]
    public int ReadingsPerSecond { get; set; } = 50;

    /// <summary>How often the addresses of the inventory are read again; others are not heard.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Notifications:Refresh is 1 s to 1 h.")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromSeconds(30);

    public IPEndPoint? EndPoint => IPEndPoint.TryParse(Listen, out var endPoint) ? endPoint : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen.Length > 0 && EndPoint is null)
        {
            yield return new($"Notifications:Listen is \"{Listen}\"; an address and a port are wanted, such as 0.0.0.0:162.", [nameof(Listen)]);
        }
    }
}
