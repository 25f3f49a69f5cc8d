using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Polling;

/// <summary>Section <c>Polling</c>.</summary>
internal sealed class PollingOptions
{
    /// <summary>How often every switch is read.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Polling:Interval is 1 s to 1 day.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Switches that one worker claims at a time.</summary>
    [Range(1, 1000)]
    public int ShardSize { get; set; } = 50;

    /// <summary>Agents asked at once by one worker.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 256;

    /// <summary>After so many silent sweeps a switch is called unreachable; before that it is only not known.</summary>
    [Range(1, 100)]
    public int MissesUntilUnreachable { get; set; } = 2;

    /// <summary>A shard claimed longer ago than this, and not done, is dealt out again.</summary>
    public TimeSpan ShardPatience { get; set; } = TimeSpan.FromMinutes(2);
}
