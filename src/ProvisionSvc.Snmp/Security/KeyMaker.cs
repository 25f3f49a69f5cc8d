using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>Keys from passwords (RFC 3414 §2.6, A.2): once per password a megabyte of hashing, kept; then per engine one small hash.</summary>
internal sealed class KeyMaker
{
    private const int Megabyte = 1_048_576; // RFC 3414 A.2
    private const int MostPasswords = 256;
    private readonly Lock _lock = new();
    private readonly Dictionary<(AuthProtocol Protocol, string Password), byte[]> _keys = [];

    /// <summary>The user's keys at one engine, and nowhere else (RFC 3414 §2.6: localized).</summary>
    public UsmKeys KeysOf(UsmUser user, ReadOnlySpan<byte> engineId)
    {
        if (user.Auth == AuthProtocol.None)
        {
            return new UsmKeys(user, [], []);
        }

        var auth = Localize(user.Auth, KeyOf(user.Auth, user.AuthPassword), engineId);
        if (user.Priv == PrivProtocol.None)
        {
            return new UsmKeys(user, auth, []);
        }

        var priv = Localize(user.Auth, KeyOf(user.Auth, user.PrivPassword), engineId);
        return new UsmKeys(user, auth, Extend(user, priv, engineId));
    }

    /// <summary>RFC 3414 A.2: the hash of the password repeated to 1,048,576 octets.</summary>
    public static byte[] KeyOf(AuthProtocol protocol, ReadOnlySpan<byte> password)
    {
        var repeated = GC.AllocateUninitializedArray<byte>(Megabyte);
        for (var filled = 0; filled < Megabyte;)
        {
            var part = filled == 0 ? password : repeated.AsSpan(0, filled);
            part = part[..Math.Min(part.Length, Megabyte - filled)];
            part.CopyTo(repeated.AsSpan(filled));
            filled += part.Length;
        }

        var key = new byte[UsmHash.SizeOf(protocol)];
        UsmHash.Hash(protocol, repeated, key);
        return key;
    }

    /// <summary>RFC 3414 §2.6: the hash of key, engine id, key.</summary>
    public static byte[] Localize(AuthProtocol protocol, ReadOnlySpan<byte> key, ReadOnlySpan<byte> engineId)
    {
        var localized = new byte[UsmHash.SizeOf(protocol)];
        UsmHash.Hash(protocol, [.. key, .. engineId, .. key], localized);
        return localized;
    }

    private byte[] KeyOf(AuthProtocol protocol, string password)
    {
        lock (_lock)
        {
            if (_keys.TryGetValue((protocol, password), out var known))
            {
                return known;
            }
        }

        // Outside the lock: two may compute the same key, nobody waits a megabyte long.
        var key = KeyOf(protocol, Encoding.UTF8.GetBytes(password));
        lock (_lock)
        {
            if (_keys.Count >= MostPasswords)
            {
                _keys.Clear();
            }

            _keys[(protocol, password)] = key;
        }

        return key;
    }

    private static byte[] Extend(UsmUser user, byte[] key, ReadOnlySpan<byte> engineId)
    {
        var (needed, isReeder) = user.Priv switch
        {
            PrivProtocol.Des or PrivProtocol.Aes128 => (16, false),
            PrivProtocol.Aes192 => (24, false),
            PrivProtocol.Aes256 => (32, false),
            PrivProtocol.Aes192Reeder => (24, true),
            _ => (32, true),
        };
        Span<byte> hash = stackalloc byte[UsmHash.LargestHash];
        List<byte> extended = [.. key];
        var last = key;
        while (extended.Count < needed)
        {
            if (isReeder)
            {
                // draft-reeder-snmpv3-usm-3desede-00 §2.1: the part before is the password of the next part.
                last = Localize(user.Auth, KeyOf(user.Auth, last.AsSpan()), engineId);
                extended.AddRange(last);
            }
            else
            {
                // draft-blumenthal-aes-usm-04 §3.1.2.1: the hash of all so far follows.
                var size = UsmHash.Hash(user.Auth, extended.ToArray(), hash);
                extended.AddRange(hash[..size]);
            }
        }

        return [.. extended.Take(needed)];
    }
}
