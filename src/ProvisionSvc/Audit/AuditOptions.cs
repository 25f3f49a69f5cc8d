using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Audit;

/// <summary>Section <c>Audit</c>.</summary>
internal sealed class AuditOptions
{
    /// <summary>How often new lines of the audit log are sealed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00", ErrorMessage = "Audit:SealEvery is 50 ms to 1 hour.")]
    public TimeSpan SealEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much earlier than lines sealed before it a line may say it was written; more is called inserted.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ErrorMessage = "Audit:Lateness is 10 s to 1 day.")]
    public TimeSpan Lateness { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The file that the last seal of each day is added to; default: audit-anchors.jsonl in the state directory.</summary>
    public string? AnchorFile { get; set; }
}
