using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>Columns to read again and again, prepared once.</summary>
public sealed class SnmpColumns
{
    public SnmpColumns(params ReadOnlySpan<Oid> oids)
    {
        if (oids.IsEmpty)
        {
            throw new ArgumentException("At least one column.", nameof(oids));
        }

        Oids = oids.ToArray();
        Names = [.. Oids.Select(NameOf)];
    }

    public IReadOnlyList<Oid> Oids { get; }

    /// <summary>The columns' OIDs as they stand in a varbind, without the header.</summary>
    internal byte[][] Names { get; }

    private static byte[] NameOf(Oid oid)
    {
        if (oid.Length < 2)
        {
            throw new ArgumentException($"{oid} is no column: too short.", nameof(oid));
        }

        Span<byte> buffer = stackalloc byte[BerWriter.SizeOf(oid)];
        var writer = new BerWriter(buffer);
        writer.WriteOid((byte)SnmpType.ObjectIdentifier, oid);
        new BerReader(writer.Written).TryRead(out _, out var content);
        return content.ToArray();
    }
}

/// <summary>One value of a table while it lies in the receive buffer; copy what shall last.</summary>
public readonly ref struct SnmpCell
{
    internal SnmpCell(SnmpType type, long number, ReadOnlySpan<byte> octets)
    {
        Type = type;
        Number = number;
        Octets = octets;
    }

    public SnmpType Type { get; }

    /// <summary>Integer32, Counter32, Gauge32, TimeTicks, an IpAddress as 32 bits; of a Counter64 its bits (see <see cref="Unsigned"/>).</summary>
    public long Number { get; }

    /// <summary>A Counter64 or any other number that is not negative.</summary>
    public ulong Unsigned => unchecked((ulong)Number);

    /// <summary>The octets of an OctetString or Opaque, or of an ObjectIdentifier in BER.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The octets read as UTF-8; octets that are none become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Octets);
}

/// <summary>Takes the cells of a table as they arrive.</summary>
public interface ISnmpCellSink
{
    /// <summary>
    /// One cell: the column's position, the row's index, the value. Called on the engine's receiving thread, for one reading never by two at once: store and
    /// return. What it throws ends this reading, and nobody else's. Cells of a row need not come together: rows meet by index.
    /// </summary>
    void OnCell(int column, ReadOnlySpan<uint> index, in SnmpCell cell);
}

/// <summary>How a reading of cells ended, and how much came.</summary>
public sealed record SnmpCells(ReadingEnd End, int Cells, long Octets)
{
    /// <summary>True only when the agent showed the end of every column. Otherwise a row that is missing may well exist.</summary>
    public bool Complete => End.Complete;
}
