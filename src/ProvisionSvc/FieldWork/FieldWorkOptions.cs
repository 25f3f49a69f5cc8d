using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.FieldWork;

/// <summary>Section <c>FieldWork</c>: what bounds one look at a switch, whatever the agent sends.</summary>
internal sealed class FieldWorkOptions
{
    /// <summary>Variables of a get, or columns of a table.</summary>
    [Range(1, 256)]
    public int MaxOids { get; set; } = 64;

    /// <summary>Variables of a walk or rows of a table where the request names no smaller number.</summary>
    [Range(1, 200_000)]
    public int MaxRows { get; set; } = 20_000;

    /// <summary>Octets of the agent's answers.</summary>
    [Range(1_024, 256 << 20)]
    public int MaxOctets { get; set; } = 8 << 20;

    /// <summary>The longest time in all; shorter than a client's patience.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:30")]
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Looks at a time, over all callers.</summary>
    [Range(1, 256)]
    public int MaxAtOnce { get; set; } = 8;
}
