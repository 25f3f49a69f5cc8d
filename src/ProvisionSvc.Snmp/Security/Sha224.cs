using System.Runtime.InteropServices;

namespace ProvisionSvc.Snmp;

/// <summary>SHA-224 from the OpenSSL library that .NET's own cryptography stands on: the framework has no SHA-224 (ADR 20).</summary>
internal static unsafe class Sha224
{
    private const int Size = 28;
    private static readonly Library? OpenSsl = Load();

    /// <summary>False where .NET's cryptography is not OpenSSL (Windows, macOS).</summary>
    public static bool IsSupported => OpenSsl is not null;

    public static int Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        var library = Required(hash);
        uint written;
        int ok;
        fixed (byte* input = data, output = hash)
        {
            ok = library.Digest(input, (nuint)data.Length, output, &written, library.Algorithm(), 0);
        }

        return ok == 1 ? (int)written : throw new System.Security.Cryptography.CryptographicException("OpenSSL refuses SHA-224.");
    }

    public static int Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        var library = Required(mac);
        uint written;
        byte* done;
        fixed (byte* secret = key, input = data, output = mac)
        {
            done = library.Hmac(library.Algorithm(), secret, key.Length, input, (nuint)data.Length, output, &written);
        }

        return done != null ? (int)written : throw new System.Security.Cryptography.CryptographicException("OpenSSL refuses HMAC-SHA-224.");
    }

    private static Library Required(Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, Size);
        return OpenSsl ?? throw new PlatformNotSupportedException("HMAC-SHA-224 needs OpenSSL's libcrypto; .NET has no SHA-224. Use another authentication protocol.");
    }

    private static Library? Load()
    {
        foreach (var name in (ReadOnlySpan<string>)["libcrypto.so.3", "libcrypto.so.1.1"])
        {
            if (NativeLibrary.TryLoad(name, out var handle) && NativeLibrary.TryGetExport(handle, "EVP_sha224", out var algorithm)
                && NativeLibrary.TryGetExport(handle, "EVP_Digest", out var digest) && NativeLibrary.TryGetExport(handle, "HMAC", out var hmac))
            {
                return new Library(
                    (delegate* unmanaged<nint>)algorithm,
                    (delegate* unmanaged<byte*, nuint, byte*, uint*, nint, nint, int>)digest,
                    (delegate* unmanaged<nint, byte*, int, byte*, nuint, byte*, uint*, byte*>)hmac);
            }
        }

        return null;
    }

    private sealed class Library(
        delegate* unmanaged<nint> algorithm,
        delegate* unmanaged<byte*, nuint, byte*, uint*, nint, nint, int> digest,
        delegate* unmanaged<nint, byte*, int, byte*, nuint, byte*, uint*, byte*> hmac)
    {
        public delegate* unmanaged<nint> Algorithm { get; } = algorithm;

        public delegate* unmanaged<byte*, nuint, byte*, uint*, nint, nint, int> Digest { get; } = digest;

        public delegate* unmanaged<nint, byte*, int, byte*, nuint, byte*, uint*, byte*> Hmac { get; } = hmac;
    }
}
