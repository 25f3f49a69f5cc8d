using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Credentials;

/// <summary>Section <c>Credentials</c>.</summary>
internal sealed class CredentialOptions
{
    /// <summary>When so many switches have refused a generation of a credential within the window, it is tried on no further one (T19).</summary>
    [Range(1, 1000)]
    public int RefusalsUntilBlocked { get; set; } = 5;

    /// <summary>How long a refusal counts towards that.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ErrorMessage = "Credentials:RefusalWindow is 1 minute to 7 days.")]
    public TimeSpan RefusalWindow { get; set; } = TimeSpan.FromHours(1);
}
