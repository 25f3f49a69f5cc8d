using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Configurations;

/// <summary>Section <c>Configurations</c>: the archive of running configurations.</summary>
internal sealed class ConfigurationOptions
{
    /// <summary>How often the configuration of a managed switch is fetched although nothing was written to it.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00", ErrorMessage = "Configurations:Interval is 1 hour to 30 days.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long versions are kept after they were last seen; the newest of a switch is always kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "Configurations:Keep is 1 to 3650 days.")]
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Sessions at a time that this process opens only to fetch a configuration; 0 opens none.</summary>
    [Range(0, 100)]
    public int MaxAtOnce { get; set; } = 2;

    /// <summary>The pause after each such session.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Configurations:Pause is at most 10 minutes.")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);
}
