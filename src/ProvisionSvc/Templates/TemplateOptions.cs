using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Templates;

/// <summary>Section <c>Templates</c>: the bench on which templates are tried.</summary>
internal sealed class TemplateOptions
{
    /// <summary>The longest time of one try or recording. Orders of the switch wait meanwhile.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:01:30", ErrorMessage = "Templates:MaxTime is 5 to 90 seconds.")]
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries and recordings at a time, over all callers.</summary>
    [Range(1, 32)]
    public int MaxAtOnce { get; set; } = 2;

    /// <summary>Ports of one recording.</summary>
    [Range(1, 64)]
    public int MaxPorts { get; set; } = 8;
}
