namespace ProvisionSvc.Snmp;

/// <summary>A message opened as far as its varbind list, without allocation: what is needed to tell to whom an answer belongs.</summary>
internal readonly ref struct SnmpFrame
{
    private const byte Sequence = 0x30;

    public SnmpVersion Version { get; private init; }

    public ReadOnlySpan<byte> Community { get; private init; }

    public PduType Type { get; private init; }

    public int RequestId { get; private init; }

    /// <summary>error-status, or non-repeaters of a GETBULK.</summary>
    public int First { get; private init; }

    /// <summary>error-index, or max-repetitions of a GETBULK.</summary>
    public int Second { get; private init; }

    public ReadOnlySpan<byte> VarBinds { get; private init; }

    /// <summary>Octets behind the message are ignored (some agents pad); inside it everything must fit.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SnmpFrame frame, out string? error)
    {
        frame = default;
        var outer = new BerReader(datagram);
        if (!outer.TryRead(Sequence, out var message))
        {
            error = "not a BER SEQUENCE of the datagram's size";
            return false;
        }

        var reader = new BerReader(message);
        if (!reader.TryReadInt32(out var version))
        {
            error = "version is not an INTEGER";
            return false;
        }

        if (version is not ((int)SnmpVersion.V1 or (int)SnmpVersion.V2c))
        {
            error = "version is neither v1 nor v2c";
            return false;
        }

        if (!reader.TryRead((byte)SnmpType.OctetString, out var community) || !reader.TryRead(out var type, out var pdu) || !reader.IsAtEnd)
        {
            error = "community or PDU is damaged";
            return false;
        }

        // The v1 trap has another shape (RFC 1157 §4.1.6): the notification receiver's business.
        if (type is < (byte)PduType.Get or > (byte)PduType.Report or (byte)PduType.TrapV1)
        {
            error = "PDU type unknown";
            return false;
        }

        var body = new BerReader(pdu);
        if (!body.TryReadInt32(out var requestId) || !body.TryReadInt32(out var first) || !body.TryReadInt32(out var second)
            || !body.TryRead(Sequence, out var varBinds) || !body.IsAtEnd)
        {
            error = "PDU header is damaged";
            return false;
        }

        frame = new SnmpFrame
        {
            Version = (SnmpVersion)version,
            Community = community,
            Type = (PduType)type,
            RequestId = requestId,
            First = first,
            Second = second,
            VarBinds = varBinds,
        };
        error = null;
        return true;
    }

    /// <summary>Opens the next varbind of a list (RFC 3416 §3): exactly a name and a value.</summary>
    public static bool TryReadVarBind(ref BerReader list, out ReadOnlySpan<byte> name, out byte valueTag, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        valueTag = 0;
        if (!list.TryRead(Sequence, out var pair))
        {
            return false;
        }

        var reader = new BerReader(pair);
        return reader.TryRead((byte)SnmpType.ObjectIdentifier, out name) && reader.TryRead(out valueTag, out value) && reader.IsAtEnd;
    }
}
