using System.Security.Cryptography;

namespace ProvisionSvc.Credentials;

/// <summary>
/// The key that credentials are sealed with: 256 bits in a file of its own, outside the database and its backups. Made at the first start.
/// </summary>
internal sealed class CredentialKey
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private CredentialKey(byte[] key) => _key = key;

    /// <exception cref="InvalidOperationException">The file is not a key, or others may read it.</exception>
    public static CredentialKey Load(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            using var created = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            created.Write(RandomNumberGenerator.GetBytes(KeySize));
        }

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(file) & others) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"The credential key {file} can be read by others: chmod 600 {file}.");
        }

        var key = File.ReadAllBytes(file);
        return key.Length == KeySize
            ? new(key)
            : throw new InvalidOperationException($"The credential key {file} has {key.Length} bytes instead of {KeySize}: restore it from where it was kept.");
    }

    /// <summary>AES-256-GCM; the credential's name and generation are bound to it, so that rows cannot be swapped. Nonce, tag, ciphertext.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> boundTo)
    {
        var box = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), boundTo);
        return box;
    }

    /// <exception cref="CryptographicException">Another key, another name, or a changed row.</exception>
    public byte[] Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> boundTo)
    {
        if (box.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("A sealed credential is too short.");
        }

        var plain = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(box[..NonceSize], box[(NonceSize + TagSize)..], box.Slice(NonceSize, TagSize), plain, boundTo);
        return plain;
    }
}
