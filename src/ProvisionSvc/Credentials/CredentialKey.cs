using System.Security.Cryptography;

namespace ProvisionSvc.Credentials;

/// <summary>A key that credentials are sealed with: 256 bits outside the database and its backups, in a file of its own or in the environment.</summary>
internal sealed class CredentialKey
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private CredentialKey(byte[] key) => _key = key;

    /// <summary>The key of the file, which is made where it is missing.</summary>
    /// <exception cref="InvalidOperationException">The file is not a key, or others may read it.</exception>
    public static CredentialKey LoadOrMake(string file)
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

        return Load(file);
    }

    /// <exception cref="InvalidOperationException">There is no such file, it is not a key, or others may read it.</exception>
    public static CredentialKey Load(string file)
    {
        if (!File.Exists(file))
        {
            throw new InvalidOperationException($"There is no credential key {file}.");
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

    /// <summary>The key as an environment variable holds it.</summary>
    /// <exception cref="InvalidOperationException">It is not 256 bits in base64; the message names the variable, not the text.</exception>
    public static CredentialKey Parse(string variable, string base64)
    {
        var key = new byte[KeySize + 1];
        return Convert.TryFromBase64String(base64.Trim(), key, out var length) && length == KeySize
            ? new(key[..KeySize])
            : throw new InvalidOperationException($"{variable} is not {KeySize} bytes in base64: make one with openssl rand -base64 {KeySize}.");
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

    /// <summary>Null: another key, another name, or a changed row.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> boundTo)
    {
        if (box.Length < NonceSize + TagSize)
        {
            return null;
        }

        var plain = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        try
        {
            aes.Decrypt(box[..NonceSize], box[(NonceSize + TagSize)..], box.Slice(NonceSize, TagSize), plain, boundTo);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
