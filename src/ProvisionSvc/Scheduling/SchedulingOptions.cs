using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Scheduling;

/// <summary>Section <c>Scheduling</c>.</summary>
internal sealed class SchedulingOptions : IValidatableObject
{
    /// <summary>The zone of windows that name none, and in which times are said.</summary>
    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>Items a minute that begin at one node, restorations not counted, where the node itself has no pace; 0 is no limit.</summary>
    [Range(0, 100_000)]
    public int PacePerNode { get; set; }

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return new($"Scheduling:TimeZone \"{TimeZone}\" is not a time zone of this machine; name one such as Asia/Shanghai.");
        }
    }
}
