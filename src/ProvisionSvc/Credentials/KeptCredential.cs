using ProvisionSvc.Contracts;
using ProvisionSvc.Core;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Credentials;

/// <summary>From what is kept sealed, which is what was asked for, to what devices are spoken to with.</summary>
internal static class KeptCredential
{
    /// <summary>How messages are proven (RFC 3414, RFC 7860), as the API and Net-SNMP call it.</summary>
    public static readonly IReadOnlyDictionary<string, AuthProtocol> AuthProtocols = new Dictionary<string, AuthProtocol>(StringComparer.Ordinal)
    {
        ["md5"] = AuthProtocol.HmacMd5,
        ["sha1"] = AuthProtocol.HmacSha1,
        ["sha224"] = AuthProtocol.HmacSha224,
        ["sha256"] = AuthProtocol.HmacSha256,
        ["sha384"] = AuthProtocol.HmacSha384,
        ["sha512"] = AuthProtocol.HmacSha512,
    };

    /// <summary>How messages are hidden (RFC 3414 §8, RFC 3826); those that end in c extend the key as Cisco's agents do.</summary>
    public static readonly IReadOnlyDictionary<string, PrivProtocol> PrivProtocols = new Dictionary<string, PrivProtocol>(StringComparer.Ordinal)
    {
        ["des"] = PrivProtocol.Des,
        ["aes128"] = PrivProtocol.Aes128,
        ["aes192"] = PrivProtocol.Aes192,
        ["aes256"] = PrivProtocol.Aes256,
        ["aes192c"] = PrivProtocol.Aes192Reeder,
        ["aes256c"] = PrivProtocol.Aes256Reeder,
    };

    public static CredentialGeneration Generation(int number, SetCredentialRequest kept) => new(
        number,
        new(kept.User, Secret(kept.Password), Secret(kept.PrivateKey), Secret(kept.EnableSecret), Secret(kept.PrivateKeyPassphrase)),
        kept.SnmpV3 is { } v3
            ? new AgentLogin.Users(User(v3.Reader), v3.Writer is { } writer ? User(writer) : null, v3.Context ?? "")
            : new AgentLogin.Communities(new Secret(kept.SnmpReadCommunity ?? ""), Secret(kept.SnmpWriteCommunity)))
    {
        Secrets = [.. All(kept).Select(Secret).OfType<Secret>()],
    };

    private static IEnumerable<string?> All(SetCredentialRequest kept) =>
    [
        kept.Password, kept.PrivateKeyPassphrase, kept.EnableSecret, kept.SnmpReadCommunity, kept.SnmpWriteCommunity,
        kept.SnmpV3?.Reader.AuthPassword, kept.SnmpV3?.Reader.PrivPassword, kept.SnmpV3?.Writer?.AuthPassword, kept.SnmpV3?.Writer?.PrivPassword,
    ];

    private static UsmUser User(SnmpUserRequest user) => new(
        user.User, AuthProtocols[user.AuthProtocol], user.AuthPassword,
        string.IsNullOrEmpty(user.PrivProtocol) ? PrivProtocol.None : PrivProtocols[user.PrivProtocol], user.PrivPassword ?? "");

    private static Secret? Secret(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text);
}
