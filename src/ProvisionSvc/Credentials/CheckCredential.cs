using System.Text;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Credentials;

/// <summary>Everything that is wrong with a credential, at once; no sentence repeats a secret.</summary>
internal static class CheckCredential
{
    private const int LeastV3Password = 8; // RFC 3414 §11.2

    public static IEnumerable<Fault> Run(string name, SetCredentialRequest request) =>
        [.. Login(name, request), .. request.SnmpV3 is null ? Communities(request) : V3(request, request.SnmpV3)];

    private static IEnumerable<Fault> Login(string name, SetCredentialRequest request)
    {
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return new("invalid-name", "name", "A credential's name has 1 to 64 letters, digits, '.', '-' or '_'.");
        }

        if (request.User.Length is 0 or > 64 || request.User.Any(char.IsControl))
        {
            yield return new("invalid-user", "user", "A user has 1 to 64 printable characters.");
        }

        var secrets = new (string Field, string? Text)[]
        {
            ("password", request.Password), ("privateKeyPassphrase", request.PrivateKeyPassphrase), ("enableSecret", request.EnableSecret),
            ("snmpReadCommunity", request.SnmpReadCommunity), ("snmpWriteCommunity", request.SnmpWriteCommunity),
        };
        foreach (var fault in secrets.SelectMany(s => Secret(s.Field, s.Text)))
        {
            yield return fault;
        }

        if (request.PrivateKey is { } key && (key.Length > 16 * 1024 || !key.StartsWith("-----BEGIN ", StringComparison.Ordinal)))
        {
            yield return new("invalid-private-key", "privateKey", "privateKey is the text of an OpenSSH or PEM key file, beginning with -----BEGIN, 16 KiB at most.");
        }

        if (!string.IsNullOrEmpty(request.PrivateKeyPassphrase) && string.IsNullOrEmpty(request.PrivateKey))
        {
            yield return new("passphrase-without-key", "privateKeyPassphrase", "A passphrase opens a private key, and there is none: give the key, or leave the passphrase out.");
        }

        if (string.IsNullOrEmpty(request.Password) && string.IsNullOrEmpty(request.PrivateKey))
        {
            yield return new("missing-secret", "password", "Give a password or a private key.");
        }
    }

    private static IEnumerable<Fault> Communities(SetCredentialRequest request)
    {
        if (string.IsNullOrEmpty(request.SnmpReadCommunity))
        {
            yield return new("missing-community", "snmpReadCommunity", "Give the community that may read (v2c), or snmpV3.");
        }
    }

    private static IEnumerable<Fault> V3(SetCredentialRequest request, SnmpV3Request v3)
    {
        if (!string.IsNullOrEmpty(request.SnmpReadCommunity) || !string.IsNullOrEmpty(request.SnmpWriteCommunity))
        {
            yield return new("two-snmp-versions", "snmpV3", "Agents are asked by communities (v2c) or as users (v3): give one of them.");
        }

        foreach (var fault in User("snmpV3.reader", v3.Reader).Concat(v3.Writer is { } writer ? User("snmpV3.writer", writer) : []))
        {
            yield return fault;
        }

        if (v3.Context is { } context && (Encoding.UTF8.GetByteCount(context) > 32 || context.Any(char.IsControl)))
        {
            yield return new("invalid-context", "snmpV3.context", "A context has at most 32 octets (RFC 3411 §3.3.1) without control characters.");
        }
    }

    private static IEnumerable<Fault> User(string at, SnmpUserRequest user)
    {
        if (Encoding.UTF8.GetByteCount(user.User) is 0 or > 32 || user.User.Any(char.IsControl))
        {
            yield return new("invalid-user", $"{at}.user", "An SNMPv3 user has 1 to 32 octets (RFC 3414 §5) without control characters.");
        }

        if (!KeptCredential.AuthProtocols.ContainsKey(user.AuthProtocol))
        {
            yield return new("unknown-protocol", $"{at}.authProtocol", $"authProtocol is one of {string.Join(", ", KeptCredential.AuthProtocols.Keys)}.");
        }

        foreach (var fault in Password($"{at}.authPassword", user.AuthPassword))
        {
            yield return fault;
        }

        if (string.IsNullOrEmpty(user.PrivProtocol))
        {
            if (!string.IsNullOrEmpty(user.PrivPassword))
            {
                yield return new("missing-protocol", $"{at}.privProtocol", $"A privPassword needs a privProtocol: one of {string.Join(", ", KeptCredential.PrivProtocols.Keys)}.");
            }

            yield break;
        }

        if (!KeptCredential.PrivProtocols.ContainsKey(user.PrivProtocol))
        {
            yield return new("unknown-protocol", $"{at}.privProtocol", $"privProtocol is one of {string.Join(", ", KeptCredential.PrivProtocols.Keys)}.");
        }

        foreach (var fault in Password($"{at}.privPassword", user.PrivPassword ?? ""))
        {
            yield return fault;
        }
    }

    private static IEnumerable<Fault> Password(string field, string text) => Encoding.UTF8.GetByteCount(text) < LeastV3Password
        ? [new("short-password", field, $"An SNMPv3 password has at least {LeastV3Password} octets (RFC 3414 §11.2).")]
        : Secret(field, text);

    /// <summary>A control character in a password would be a second line at a switch's prompt (T7).</summary>
    private static IEnumerable<Fault> Secret(string field, string? text)
    {
        if (text is { Length: > 255 } || (text ?? "").Any(char.IsControl))
        {
            yield return new("invalid-secret", field, $"{field} has at most 255 printable characters{(text!.Length > 255 ? "" : "; there is a control character in it")}.");
        }
    }
}
