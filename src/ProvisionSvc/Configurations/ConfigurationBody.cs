using System.IO.Compression;
using System.Text;
using ProvisionSvc.Core.Configurations;

namespace ProvisionSvc.Configurations;

/// <summary>A configuration as it lies in the database: whole, or as its difference to the version after it; compressed either way.</summary>
internal static class ConfigurationBody
{
    public static byte[] Whole(string text) => Compress(text);

    /// <summary>What makes <paramref name="older"/> of <paramref name="newer"/>.</summary>
    public static byte[] Delta(string newer, string older) => Compress(LineDelta.Write(LineDiff.Between(newer.Split('\n'), older.Split('\n'))));

    public static string OpenWhole(byte[] body) => Decompress(body);

    public static string OpenDelta(byte[] body, string newer) => string.Join('\n', LineDiff.Apply(newer.Split('\n'), LineDelta.Read(Decompress(body))));

    private static byte[] Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var brotli = new BrotliStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static string Decompress(byte[] body)
    {
        using var brotli = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        brotli.CopyTo(bytes);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
