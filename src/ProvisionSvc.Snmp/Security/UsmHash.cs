using System.Security.Cryptography;

namespace ProvisionSvc.Snmp;

/// <summary>The hashes behind the authentication protocols: their sizes, and the framework's functions for them.</summary>
internal static class UsmHash
{
    public const int LargestHash = 64;

    /// <summary>Octets of the hash, and so of the key (RFC 3414 §6, RFC 7860 §4.1).</summary>
    public static int SizeOf(AuthProtocol protocol) => protocol switch
    {
        AuthProtocol.HmacMd5 => 16,
        AuthProtocol.HmacSha1 => 20,
        AuthProtocol.HmacSha224 => 28,
        AuthProtocol.HmacSha256 => 32,
        AuthProtocol.HmacSha384 => 48,
        AuthProtocol.HmacSha512 => 64,
        _ => 0,
    };

    /// <summary>Octets of the HMAC that travel, exactly (RFC 3414 §6.3.1, §7.3.1; RFC 7860 §4.2.1).</summary>
    public static int MacSizeOf(AuthProtocol protocol) => protocol switch
    {
        AuthProtocol.HmacMd5 or AuthProtocol.HmacSha1 => 12,
        AuthProtocol.HmacSha224 => 16,
        AuthProtocol.HmacSha256 => 24,
        AuthProtocol.HmacSha384 => 32,
        AuthProtocol.HmacSha512 => 48,
        _ => 0,
    };

#pragma warning disable CA5350, CA5351 // Weak hashes: the protocol's, and the only ones some switches know.
    public static int Hash(AuthProtocol protocol, ReadOnlySpan<byte> data, Span<byte> hash) => protocol switch
    {
        AuthProtocol.HmacMd5 => MD5.HashData(data, hash),
        AuthProtocol.HmacSha1 => SHA1.HashData(data, hash),
        AuthProtocol.HmacSha224 => Sha224.Hash(data, hash),
        AuthProtocol.HmacSha256 => SHA256.HashData(data, hash),
        AuthProtocol.HmacSha384 => SHA384.HashData(data, hash),
        AuthProtocol.HmacSha512 => SHA512.HashData(data, hash),
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "No hash."),
    };

    public static int Mac(AuthProtocol protocol, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => protocol switch
    {
        AuthProtocol.HmacMd5 => HMACMD5.HashData(key, data, mac),
        AuthProtocol.HmacSha1 => HMACSHA1.HashData(key, data, mac),
        AuthProtocol.HmacSha224 => Sha224.Mac(key, data, mac),
        AuthProtocol.HmacSha256 => HMACSHA256.HashData(key, data, mac),
        AuthProtocol.HmacSha384 => HMACSHA384.HashData(key, data, mac),
        AuthProtocol.HmacSha512 => HMACSHA512.HashData(key, data, mac),
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "No HMAC."),
    };
#pragma warning restore CA5350, CA5351
}
