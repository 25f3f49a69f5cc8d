using System.Buffers.Text;

namespace ProvisionSvc.Inventory.Import;

/// <summary>An SSH host key's fingerprint as OpenSSH prints it: <c>SHA256:</c> and 43 characters of base64 without padding.</summary>
internal static class HostKey
{
    private const string Prefix = "SHA256:";

    public static bool IsFingerprint(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + 43 && Base64.IsValid(text.AsSpan(Prefix.Length).ToString() + "=");
}
