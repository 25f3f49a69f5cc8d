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

        if (arcs[..count].SequenceCompareTo(_index.AsSpan(0, _indexLength)) <= 0)
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
    public bool IsContradictedBy(CellColumn other) =>
        EndedTheView && (Compare(other, other._suffix.AsSpan(0, other._suffixLength), other._name) || (other._beyondLength > 0 && Compare(other, default, other._beyond.AsSpan(0, other._beyondLength))));

    private bool Compare(CellColumn other, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> name)
    {
        // Only a cell that was seen proves anything: the column's own name does not.
        return (other.Cells > 0 || suffix.IsEmpty) && !(suffix.IsEmpty && name.SequenceEqual(other._name)) && OidOf(name, suffix) > OidOf(_name, _suffix.AsSpan(0, _suffixLength));
    }

    private bool Leave(ReadOnlySpan<byte> name, Span<uint> arcs, out IncompleteReason? fault)
    {
        IsOpen = false;
        fault = null;
        if (!BerReader.TryParseOid(name, arcs, out var count))
        {
            fault = IncompleteReason.BadAnswer;
        }
        else if (new Oid(arcs[..count]) <= OidOf(_name, _suffix.AsSpan(0, _suffixLength)))
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

    private static Oid OidOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix)
    {
        Span<uint> arcs = stackalloc uint[Oid.MaxLength];
        return BerReader.TryParseOid([.. name, .. suffix], arcs, out var count) ? new Oid(arcs[..count]) : Oid.Empty;
    }

    /// <summary>Sub-identifiers behind the column; false when one is damaged, above 2^32-1, or they are too many.</summary>
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
