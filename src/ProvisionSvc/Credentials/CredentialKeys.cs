using System.Text;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>
/// The key that credentials are sealed with, and the one before while the key itself is changed: that one opens, and never seals.
/// </summary>
internal sealed class CredentialKeys(CredentialKey key, CredentialKey? old)
{
    public const string Variable = "PROVISION_CREDENTIAL_KEY";
    public const string OldVariable = "PROVISION_CREDENTIAL_KEY_OLD";

    /// <exception cref="InvalidOperationException">A key is none, or can be read by others; the message says which.</exception>
    public static CredentialKeys Load(IConfiguration configuration, ProvisionOptions options)
    {
        var key = configuration[Variable] is { Length: > 0 } text
            ? CredentialKey.Parse(Variable, text)
            : CredentialKey.LoadOrMake(options.CredentialKeyFile ?? Path.Combine(options.StateDirectory, "credentials.key"));
        var old = configuration[OldVariable] is { Length: > 0 } before ? CredentialKey.Parse(OldVariable, before)
            : options.OldCredentialKeyFile is { Length: > 0 } file ? CredentialKey.Load(file)
            : null;
        return new(key, old);
    }

    public byte[] Seal(string name, int generation, ReadOnlySpan<byte> plain) => key.Seal(plain, BoundTo(name, generation));

    /// <summary>What was sealed, and whether with the key of before; null where neither opens it.</summary>
    public (byte[] Plain, bool IsOld)? TryOpen(string name, int generation, ReadOnlySpan<byte> box)
    {
        var boundTo = BoundTo(name, generation);
        return key.TryOpen(box, boundTo) is { } plain ? (plain, false)
            : old?.TryOpen(box, boundTo) is { } before ? (before, true)
            : null;
    }

    private static byte[] BoundTo(string name, int generation) => Encoding.UTF8.GetBytes($"{name}/{generation}");
}
