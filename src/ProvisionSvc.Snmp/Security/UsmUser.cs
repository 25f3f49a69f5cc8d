using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>How a message proves who sent it (RFC 3414 §6, RFC 7860 §4).</summary>
public enum AuthProtocol
{
    None,

    /// <summary>HMAC-MD5-96: broken for anything new, still the only one some switches have.</summary>
    HmacMd5,

    /// <summary>HMAC-SHA-96.</summary>
    HmacSha1,

    /// <summary>HMAC-128-SHA-224. Needs OpenSSL's library: .NET has no SHA-224 of its own (ADR 20).</summary>
    HmacSha224,

    /// <summary>HMAC-192-SHA-256.</summary>
    HmacSha256,

    /// <summary>HMAC-256-SHA-384.</summary>
    HmacSha384,

    /// <summary>HMAC-384-SHA-512.</summary>
    HmacSha512,
}

/// <summary>How a message is hidden from others.</summary>
public enum PrivProtocol
{
    None,

    /// <summary>CBC-DES (RFC 3414 §8): 56 bits, hides from curious people only.</summary>
    Des,

    /// <summary>CFB128-AES-128 (RFC 3826).</summary>
    Aes128,

    /// <summary>AES-192 with the key extension of draft-blumenthal-aes-usm-04, Net-SNMP's AES-192.</summary>
    Aes192,

    /// <summary>AES-256 with the key extension of draft-blumenthal-aes-usm-04, Net-SNMP's AES-256.</summary>
    Aes256,

    /// <summary>AES-192 with the key extension of draft-reeder-snmpv3-usm-3desede-00, as Cisco has it; Net-SNMP's AES-192-C.</summary>
    Aes192Reeder,

    /// <summary>AES-256 with the key extension of draft-reeder-snmpv3-usm-3desede-00, as Cisco has it; Net-SNMP's AES-256-C.</summary>
    Aes256Reeder,
}

/// <summary>What a message is protected by (RFC 3411 §3.4.3), in rising order.</summary>
public enum SecurityLevel
{
    NoAuthNoPriv,
    AuthNoPriv,
    AuthPriv,
}

/// <summary>A user of the User-based Security Model (RFC 3414): name, protocols, passwords. The passwords are never printed.</summary>
public sealed record UsmUser
{
    private const int LeastPassword = 8; // RFC 3414 §11.2

    /// <param name="name">1 to 32 octets of UTF-8 (RFC 3414 §5, usmUserName).</param>
    public UsmUser(
        string name, AuthProtocol auth = AuthProtocol.None, string authPassword = "", PrivProtocol priv = PrivProtocol.None, string privPassword = "")
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > 32)
        {
            throw new ArgumentException("A user name has 1 to 32 octets (RFC 3414 §5).", nameof(name));
        }

        if (priv != PrivProtocol.None && auth == AuthProtocol.None)
        {
            throw new ArgumentException("There is no privacy without authentication (RFC 3411 §3.4.3).", nameof(priv));
        }

        Require(auth != AuthProtocol.None, authPassword, nameof(authPassword));
        Require(priv != PrivProtocol.None, privPassword, nameof(privPassword));
        (Name, Auth, AuthPassword, Priv, PrivPassword) = (name, auth, authPassword, priv, privPassword);
        NameOctets = Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }

    public AuthProtocol Auth { get; }

    public PrivProtocol Priv { get; }

    /// <summary>The highest level this user can speak at: the level its messages have.</summary>
    public SecurityLevel Level =>
        Priv != PrivProtocol.None ? SecurityLevel.AuthPriv : Auth != AuthProtocol.None ? SecurityLevel.AuthNoPriv : SecurityLevel.NoAuthNoPriv;

    internal string AuthPassword { get; }

    internal string PrivPassword { get; }

    internal byte[] NameOctets { get; }

    public bool Equals(UsmUser? other) => other is not null && Name == other.Name && Auth == other.Auth && Priv == other.Priv
        && AuthPassword == other.AuthPassword && PrivPassword == other.PrivPassword;

    public override int GetHashCode() => HashCode.Combine(Name, Auth, Priv, AuthPassword, PrivPassword);

    /// <summary>Without the passwords.</summary>
    public override string ToString() => $"{Name} ({Auth}, {Priv})";

    private static void Require(bool isUsed, string password, string name)
    {
        if (isUsed && Encoding.UTF8.GetByteCount(password) < LeastPassword)
        {
            throw new ArgumentException($"A password has at least {LeastPassword} octets (RFC 3414 §11.2).", name);
        }
    }
}

/// <summary>How to speak v3 with an agent: as whom, about which context, with which engine.</summary>
public sealed record SnmpV3Security(UsmUser User)
{
    /// <summary>The context (RFC 3411 §3.3.1): which of an agent's MIBs, such as a VLAN's bridge. Mostly empty.</summary>
    public string Context { get; init; } = "";

    /// <summary>The agent's engine id where the inventory knows it: no other one is ever believed. Empty: asked for, and pinned from the first proof on.</summary>
    public ReadOnlyMemory<byte> EngineId { get; init; }

    /// <summary>The engine's boots when it was last spoken with, for the alarm when they go back; 0 when not known.</summary>
    public int KnownBoots { get; init; }

    /// <summary>Without passwords.</summary>
    public override string ToString() => Context.Length > 0 ? $"{User}, context {Context}" : User.ToString();
}
