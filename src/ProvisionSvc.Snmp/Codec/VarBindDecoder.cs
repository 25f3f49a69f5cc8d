namespace ProvisionSvc.Snmp;

/// <summary>Makes values of a varbind list. Three arrays serve the whole list, each bounded by a small multiple of the datagram's size.</summary>
internal ref struct VarBindDecoder
{
    public const byte UInteger32 = 0x47; // RFC 1442 §7.1.12, dropped later but still sent
    private ReadOnlySpan<byte> _list;
    private byte[]? _octets;
    private uint[] _arcs;
    private int _arcCount;

    public static bool TryDecode(ReadOnlySpan<byte> list, out VarBind[] varBinds, out string? error)
    {
        varBinds = [];
        if (!TryMeasure(list, out var count, out var arcs, out var hasOctets))
        {
            error = "a varbind is not a pair of name and value";
            return false;
        }

        var decoder = new VarBindDecoder { _list = list, _arcs = new uint[arcs], _octets = hasOctets ? list.ToArray() : null };
        var reader = new BerReader(list);
        varBinds = new VarBind[count];
        for (var i = 0; i < count; i++)
        {
            _ = PduFrame.TryReadVarBind(ref reader, out var name, out var tag, out var content);
            if (!decoder.TryTakeOid(name, out var offset, out var length))
            {
                error = "an OID has a sub-identifier above 2^32-1, more than 128 of them, or ends early";
                return false;
            }

            if (!decoder.TryTakeValue(tag, content, out var value))
            {
                error = "a value does not fit its type, or the type is unknown";
                return false;
            }

            varBinds[i] = new VarBind(new Oid(decoder._arcs, offset, length), value);
        }

        error = null;
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> list, out int count, out int arcs, out bool hasOctets)
    {
        (count, arcs, hasOctets) = (0, 0, false);
        var reader = new BerReader(list);
        while (!reader.IsAtEnd)
        {
            if (!PduFrame.TryReadVarBind(ref reader, out var name, out var tag, out var value))
            {
                return false;
            }

            count++;
            arcs += BerReader.CountArcs(name);
            arcs += tag == (byte)SnmpType.ObjectIdentifier ? BerReader.CountArcs(value) : 0;
            hasOctets |= tag is (byte)SnmpType.OctetString or (byte)SnmpType.Opaque;
        }

        return true;
    }

    private bool TryTakeOid(scoped ReadOnlySpan<byte> content, out int offset, out int length)
    {
        offset = _arcCount;
        if (!BerReader.TryParseOid(content, _arcs.AsSpan(offset), out length) || length > Oid.MaxLength)
        {
            return false;
        }

        _arcCount += length;
        return true;
    }

    private bool TryTakeValue(byte tag, scoped ReadOnlySpan<byte> content, out SnmpValue value)
    {
        value = default;
        switch ((SnmpType)tag)
        {
            case SnmpType.Integer32:
                var isSigned = BerReader.TryParseSigned(content, out var signed);
                value = SnmpValue.FromNumber(SnmpType.Integer32, signed);
                return isSigned;
            case SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks or (SnmpType)UInteger32:
                var fits = BerReader.TryParseUnsigned(content, uint.MaxValue, out var number);
                value = SnmpValue.FromNumber(tag == UInteger32 ? SnmpType.Gauge32 : (SnmpType)tag, unchecked((long)number));
                return fits;
            case SnmpType.Counter64:
                var isCounter = BerReader.TryParseUnsigned(content, ulong.MaxValue, out var counter);
                value = SnmpValue.Counter64(counter);
                return isCounter;
            case SnmpType.OctetString or SnmpType.Opaque:
                _ = _list.Overlaps(content, out var start); // where in the list, and so in its copy; 0 when empty
                value = SnmpValue.FromShared((SnmpType)tag, _octets!, start, content.Length);
                return true;
            case SnmpType.ObjectIdentifier:
                var isOid = TryTakeOid(content, out var first, out var length);
                value = SnmpValue.FromShared(_arcs, first, length);
                return isOid;
            case SnmpType.IpAddress:
                value = SnmpValue.FromNumber(SnmpType.IpAddress, content.Length == 4 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(content) : 0);
                return content.Length == 4;
            case SnmpType.Null or SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.EndOfMibView:
                value = SnmpValue.FromNumber((SnmpType)tag, 0);
                return content.IsEmpty;
            default:
                return false;
        }
    }
}
