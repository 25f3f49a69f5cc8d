using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Audit;

/// <summary>A line of the audit log.</summary>
internal sealed record AuditRow(long Id, DateTimeOffset At, string Who, string Action, string Object, string Detail)
{
    public static AuditRow Of(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<DateTimeOffset>("at"), r.Get<string>("who"), r.Get<string>("action"), r.Get<string>("object"), r.Get<string>("detail"));
}

/// <summary>How a line is bound to all lines sealed before it: SHA-256 over the hash before and every field, each with its length, so that no two lines read the same.</summary>
internal static class AuditChain
{
    /// <summary>What the first line is bound to.</summary>
    public static readonly byte[] Beginning = new byte[SHA256.HashSizeInBytes];

    public static byte[] Next(byte[] before, long sequence, AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        hash.AppendData(before);
        foreach (var value in (long[])[sequence, row.Id, row.At.UtcTicks])
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }

        foreach (var text in (string[])[row.Who, row.Action, row.Object, row.Detail])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64BigEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
