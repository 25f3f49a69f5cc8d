using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ProvisionSvc.Snmp;

/// <summary>A user's keys at one engine and what they do: authenticate, encrypt, decrypt.</summary>
internal sealed class UsmKeys : IDisposable
{
    public const int SaltSize = 8;
    private const int Block = 16;
    private const int DesBlock = 8;
    private readonly byte[] _authKey;
    private readonly SymmetricAlgorithm? _cipher;
    private readonly byte[] _preIv = [];
    private readonly Lock _lock = new();
    private ulong _salt = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    public UsmKeys(UsmUser user, byte[] authKey, byte[] privKey)
    {
        (User, _authKey) = (user, authKey);
        if (user.Priv == PrivProtocol.Des)
        {
            // RFC 3414 §8.1.1.1: eight octets of key, eight of pre-IV.
            _preIv = privKey[DesBlock..(2 * DesBlock)];
#pragma warning disable CA5351 // DES: the protocol's, and the only one some switches know.
            _cipher = DES.Create();
#pragma warning restore CA5351
            _cipher.Key = privKey[..DesBlock];
        }
        else if (user.Priv != PrivProtocol.None)
        {
            _cipher = Aes.Create();
            _cipher.Key = privKey;
        }
    }

    public UsmUser User { get; }

    public int MacSize => UsmHash.MacSizeOf(User.Auth);

    /// <summary>The HMAC cut to the octets that travel.</summary>
    public void Authenticate(ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[UsmHash.LargestHash];
        UsmHash.Mac(User.Auth, _authKey, message, whole);
        whole[..mac.Length].CopyTo(mac);
    }

    /// <summary>Whether <paramref name="mac"/>, part of <paramref name="message"/>, is right. The message's mac is zeroed for it (RFC 3414 §6.3.2).</summary>
    public bool IsAuthentic(Span<byte> message, ReadOnlySpan<byte> mac)
    {
        // Exactly as long as it has to be: who takes a shorter one takes a guess (CVE-2008-0960).
        if (mac.Length != MacSize || !((ReadOnlySpan<byte>)message).Overlaps(mac, out var at))
        {
            return false;
        }

        Span<byte> came = stackalloc byte[UsmHash.LargestHash];
        Span<byte> right = stackalloc byte[UsmHash.LargestHash];
        mac.CopyTo(came);
        var place = message.Slice(at, MacSize);
        place.Clear();
        Authenticate(message, right[..MacSize]);
        came[..MacSize].CopyTo(place);
        return CryptographicOperations.FixedTimeEquals(came[..MacSize], right[..MacSize]);
    }

    /// <summary>How long the ciphertext of so much plaintext is.</summary>
    public int CipherSize(int plain) => User.Priv == PrivProtocol.Des ? (plain + DesBlock - 1) / DesBlock * DesBlock : plain;

    /// <summary>Encrypts with a salt never used before with this key; <paramref name="cipher"/> has room up to the next multiple of 16.</summary>
    public void Encrypt(ReadOnlySpan<byte> plain, int boots, int time, Span<byte> cipher, Span<byte> salt)
    {
        Span<byte> iv = stackalloc byte[Block];
        Span<byte> padded = new byte[RoundUp(plain.Length)];
        plain.CopyTo(padded);
        lock (_lock)
        {
            _salt++;
            if (_cipher is DES des)
            {
                // RFC 3414 §8.1.1.1: boots and a counter.
                BinaryPrimitives.WriteInt32BigEndian(salt, boots);
                BinaryPrimitives.WriteUInt32BigEndian(salt[4..], (uint)_salt);
                MakeDesIv(salt, iv);
                des.EncryptCbc(padded[..CipherSize(plain.Length)], iv[..DesBlock], cipher, PaddingMode.None);
                return;
            }

            BinaryPrimitives.WriteUInt64BigEndian(salt, _salt);
            MakeAesIv(boots, time, salt, iv);
            _cipher!.EncryptCfb(padded, iv, cipher, PaddingMode.None, feedbackSizeInBits: 8 * Block);
        }
    }

    /// <summary>Decrypts; <paramref name="plain"/> has room up to the next multiple of 16. False when salt or length cannot be right.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> cipher, int boots, int time, ReadOnlySpan<byte> salt, Span<byte> plain)
    {
        if (salt.Length != SaltSize || (_cipher is DES && cipher.Length % DesBlock != 0))
        {
            return false;
        }

        Span<byte> iv = stackalloc byte[Block];
        lock (_lock)
        {
            if (_cipher is DES des)
            {
                MakeDesIv(salt, iv);
                des.DecryptCbc(cipher, iv[..DesBlock], plain, PaddingMode.None);
                return true;
            }

            // The framework wants whole blocks; in CFB what follows the last octet changes nothing before it.
            var padded = plain[..RoundUp(cipher.Length)];
            cipher.CopyTo(padded);
            MakeAesIv(boots, time, salt, iv);
            _cipher!.DecryptCfb(padded, iv, padded, PaddingMode.None, feedbackSizeInBits: 8 * Block);
        }

        return true;
    }

    public static int RoundUp(int length) => (length + Block - 1) / Block * Block;

    public void Dispose() => _cipher?.Dispose();

    private void MakeDesIv(ReadOnlySpan<byte> salt, Span<byte> iv)
    {
        for (var i = 0; i < DesBlock; i++)
        {
            iv[i] = (byte)(salt[i] ^ _preIv[i]);
        }
    }

    /// <summary>RFC 3826 §3.1.2.1.</summary>
    private static void MakeAesIv(int boots, int time, ReadOnlySpan<byte> salt, Span<byte> iv)
    {
        BinaryPrimitives.WriteInt32BigEndian(iv, boots);
        BinaryPrimitives.WriteInt32BigEndian(iv[4..], time);
        salt.CopyTo(iv[8..]);
    }
}
