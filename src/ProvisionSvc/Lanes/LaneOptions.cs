using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Lanes;

/// <summary>Section <c>Lanes</c>.</summary>
internal sealed class LaneOptions : IValidatableObject
{
    /// <summary>How many switches this process works on at once.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 32;

    /// <summary>How long a claim on a switch lasts without renewal.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Lanes:LeaseTtl is 1 s to 10 minutes.")]
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>We stop trusting our own claim this long before the database would give it away.</summary>
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often due lanes are looked for when nobody poked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00", ErrorMessage = "Lanes:Sweep is 50 ms to 1 minute.")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Ports done in one session before it is proven and saved.</summary>
    [Range(1, 1000)]
    public int ItemsPerSession { get; set; } = 20;

    /// <summary>How long agents may lag before a change counts as not proven.</summary>
    public TimeSpan ProofPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After so many crashes of its worker an item is quarantined.</summary>
    [Range(1, 100)]
    public int MaxCrashes { get; set; } = 3;

    /// <summary>How often one run reads back and goes on after an interruption before the item waits.</summary>
    [Range(1, 10)]
    public int ResumesPerRun { get; set; } = 3;

    /// <summary>A worker whose lane loop has been silent for so long ends its own process; 0 never. Longer than a lease and a sweep.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "Lanes:WatchdogAfter is 0 to 1 hour.")]
    public TimeSpan WatchdogAfter { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>A claim is renewed every quarter of its life: with more than half of it as margin, hardly a moment were left in which it is trusted.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseTtl <= TimeSpan.Zero || LeaseMargin < TimeSpan.Zero || LeaseMargin > LeaseTtl / 2)
        {
            yield return new($"Lanes:LeaseMargin is {LeaseMargin}, Lanes:LeaseTtl {LeaseTtl}: the margin is at most half of the TTL.");
        }

        if (WatchdogAfter > TimeSpan.Zero && WatchdogAfter < LeaseTtl + Sweep)
        {
            yield return new($"Lanes:WatchdogAfter is {WatchdogAfter}: a living worker may be silent for Lanes:LeaseTtl and Lanes:Sweep, {LeaseTtl + Sweep} together.");
        }
    }
}
