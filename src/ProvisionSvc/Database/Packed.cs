using System.IO.Compression;
using System.Text;

namespace ProvisionSvc.Database;

/// <summary>Long texts as the database keeps them: UTF-8 under brotli.</summary>
internal static class Packed
{
    // More than anything of ours unpacks to; a row that claims more is not one of ours.
    private const int Longest = 16 * 1024 * 1024;

    public static byte[] Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static byte[] Of(byte[] bytes)
    {
        // Quality 6 of 11: what more would save is a tenth, and costs twenty times the time.
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 6, window: 18)
            ? packed[..length]
            : throw new InvalidOperationException("A buffer of the greatest length was too short.");
    }

    public static string Text(byte[] packed) => Encoding.UTF8.GetString(Bytes(packed));

    public static byte[] Bytes(byte[] packed)
    {
        using var source = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var target = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (source.Read(buffer) is > 0 and var read)
        {
            target.Write(buffer, 0, read);
            if (target.Length > Longest)
            {
                throw new InvalidDataException($"A packed text unpacks to more than {Longest} bytes.");
            }
        }

        return target.ToArray();
    }
}
