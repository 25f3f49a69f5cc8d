using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>One column under way: where its cursor is, in arcs and in BER. Used again for another table.</summary>
internal sealed class CellColumn
{
    private const int LargestName = Oid.MaxLength * 5;
    private readonly uint[] _index = new uint[Oid.MaxLength];
    private readonly byte[] _suffix = new byte[LargestName];
    private readonly byte[] _beyond = new byte[LargestName];
    private byte[] _name = [];
    private int _indexLength;
    private int _suffixLength;
    private int _beyondLength;

    public int Position { get; private set; }

    public int Cells { get; private set; }

    public bool IsOpen { get; private set; }

    public bool EndedTheView { get; private set; }

    public void Start(int position, byte[] name)
    {
        (Position, _name) = (position, name);
        (Cells, IsOpen, EndedTheView, _indexLength, _suffixLength, _beyondLength) = (0, true, false, 0, 0, 0);
    }

    /// <summary>Writes the varbind that asks for what follows.</summary>
    public void WriteAsking(ref BerWriter writer)
    {
        var mark = writer.Length;
        writer.WriteOctets((byte)SnmpType.Null, []);
        var name = writer.Length;
        writer.WriteRaw(_suffix.AsSpan(0, _suffixLength));
        writer.WriteRaw(_name);
        writer.WriteHeader((byte)SnmpType.ObjectIdentifier, name);
        writer.WriteHeader(SnmpFrame.Sequence, mark);
    }

    /// <summary>Moves on to this successor. False with no fault: the column has ended. False with one: so has the reading.</summary>
    [MethodImpl(Hot.Path)]
    public bool TryMove(ReadOnlySpan<byte> name, SnmpType type, Span<uint> arcs, out ReadOnlySpan<uint> index, out IncompleteReason? fault)
    {
        index = default;
        fault = null;
        if (type >= SnmpType.NoSuchObject)
        {
            (IsOpen, EndedTheView) = (false, type == SnmpType.EndOfMibView);
            fault = EndedTheView ? null : IncompleteReason.BadAnswer;
            return false;
        }

        if (!name.StartsWith(_name) || !TryParse(name[_name.Length..], arcs, out var count))
        {
            return Leave(name, arcs, out fault);
        }

        if (Oid.Compare(arcs[..count], _index.AsSpan(0, _indexLength)) <= 0)
        {
            fault = IncompleteReason.NonIncreasing;
            return false;
        }

        var suffix = name[_name.Length..];
        suffix.CopyTo(_suffix);
        arcs[..count].CopyTo(_index);
        (_suffixLength, _indexLength) = (suffix.Length, count);
        Cells++;
        index = _index.AsSpan(0, count);
        return true;
    }

    /// <summary>endOfMibView promises that nothing follows (RFC 3416 §4.2.2): has <paramref name="other"/> shown something from further on?</summary>
    public bool IsContradictedBy(CellColumn other)
    {
        if (!EndedTheView || (other.Cells == 0 && other._beyondLength == 0))
        {
            return false; // only what was seen proves anything: the other column's own name does not
        }

        Span<uint> mine = stackalloc uint[2 * Oid.MaxLength];
        Span<uint> theirs = stackalloc uint[2 * Oid.MaxLength];
        var furthest = other._beyondLength > 0
            ? Join(other._beyond.AsSpan(0, other._beyondLength), [], theirs)
            : Join(other._name, other._index.AsSpan(0, other._indexLength), theirs);
        return Oid.Compare(furthest, Join(_name, _index.AsSpan(0, _indexLength), mine)) > 0;
    }

    private bool Leave(ReadOnlySpan<byte> name, Span<uint> arcs, out IncompleteReason? fault)
    {
        IsOpen = false;
        fault = null;
        Span<uint> cursor = stackalloc uint[2 * Oid.MaxLength];
        if (!BerReader.TryParseOid(name, arcs, out var count))
        {
            fault = IncompleteReason.BadAnswer;
        }
        else if (Oid.Compare(arcs[..count], Join(_name, _index.AsSpan(0, _indexLength), cursor)) <= 0)
        {
            fault = IncompleteReason.NonIncreasing;
        }
        else
        {
            name.CopyTo(_beyond);
            _beyondLength = name.Length;
        }

        return false;
    }

    /// <summary>The arcs of a column's name and a row's index behind them.</summary>
    private static ReadOnlySpan<uint> Join(ReadOnlySpan<byte> name, ReadOnlySpan<uint> index, Span<uint> arcs)
    {
        _ = BerReader.TryParseOid(name, arcs[..Oid.MaxLength], out var count);
        index.CopyTo(arcs[count..]);
        return arcs[..(count + index.Length)];
    }

    /// <summary>Sub-identifiers behind the column; false when one is damaged, above 2^32-1, or they are too many.</summary>
    [MethodImpl(Hot.Path)]
    private static bool TryParse(ReadOnlySpan<byte> suffix, Span<uint> arcs, out int count)
    {
        count = 0;
        ulong arc = 0;
        foreach (var octet in suffix)
        {
            arc = (arc << 7) | (octet & 0x7Fu);
            if (arc > uint.MaxValue)
            {
                return false;
            }

            if (octet < 0x80)
            {
                if (count == arcs.Length)
                {
                    return false;
                }

                arcs[count++] = (uint)arc;
                arc = 0;
            }
        }

        return suffix.Length > 0 && suffix[^1] < 0x80;
    }
}
