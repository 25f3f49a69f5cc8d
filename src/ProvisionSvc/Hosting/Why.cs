using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Hosting;

/// <summary>A person's reason, where one must be given.</summary>
internal static class Why
{
    /// <summary>Null when it says something, else what is wrong with it.</summary>
    public static Fault? Fault(string? why) =>
        string.IsNullOrWhiteSpace(why) ? new("missing-member", "why", "Say why; it is shown to whoever has to wait, and kept in the audit log.")
        : why.Length > 500 || why.Any(char.IsControl) ? new("invalid-why", "why", "why has at most 500 characters and no control characters.")
        : null;
}
