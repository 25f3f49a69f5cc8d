using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>A community-based message (RFC 1157 §4, RFC 1901 §3) opened as far as its varbind list, without allocation: what is needed to tell to whom an answer belongs.</summary>
internal readonly ref struct SnmpFrame
{
    public const byte Sequence = 0x30;

    public SnmpVersion Version { get; private init; }

    public ReadOnlySpan<byte> Community { get; private init; }

    public PduFrame Pdu { get; private init; }

    /// <summary>The version a datagram claims, to choose who reads on.</summary>
    public static bool TryReadVersion(ReadOnlySpan<byte> datagram, out SnmpVersion version, out string? error)
    {
        version = default;
        error = "not a BER SEQUENCE of the datagram's size";
        if (!new BerReader(datagram).TryRead(Sequence, out var message))
        {
            return false;
        }

        error = "version is not an INTEGER";
        if (!new BerReader(message).TryReadInt32(out var number))
        {
            return false;
        }

        version = (SnmpVersion)number;
        error = version is SnmpVersion.V1 or SnmpVersion.V2c or SnmpVersion.V3 ? null : "version is none of v1, v2c and v3";
        return error is null;
    }

    /// <summary>Octets behind the message are ignored (some agents pad); inside it everything must fit.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SnmpFrame frame, out string? error)
    {
        frame = default;
        if (!TryOpen(datagram, out var version, out var community, out var type, out var content, out error) || !PduFrame.TryRead(type, content, out var pdu, out error))
        {
            return false;
        }

        frame = new SnmpFrame { Version = version, Community = community, Pdu = pdu };
        return true;
    }

    /// <summary>As far as the PDU, which may be a v1 trap.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> datagram, out SnmpVersion version, out ReadOnlySpan<byte> community, out byte type, out ReadOnlySpan<byte> pdu, out string? error)
    {
        community = pdu = default;
        type = 0;
        if (!TryReadVersion(datagram, out version, out error))
        {
            return false;
        }

        if (version == SnmpVersion.V3)
        {
            error = "version is neither v1 nor v2c";
            return false;
        }

        _ = new BerReader(datagram).TryRead(Sequence, out var message);
        var reader = new BerReader(message);
        _ = reader.TryReadInt32(out _);
        if (!reader.TryRead((byte)SnmpType.OctetString, out community) || !reader.TryRead(out type, out pdu) || !reader.IsAtEnd)
        {
            error = "community or PDU is damaged";
            return false;
        }

        return true;
    }
}

/// <summary>A PDU opened as far as its varbind list (RFC 3416 §3).</summary>
internal readonly ref struct PduFrame
{
    public PduType Type { get; private init; }

    public int RequestId { get; private init; }

    /// <summary>error-status, or non-repeaters of a GETBULK.</summary>
    public int First { get; private init; }

    /// <summary>error-index, or max-repetitions of a GETBULK.</summary>
    public int Second { get; private init; }

    public ReadOnlySpan<byte> VarBinds { get; private init; }

    public static bool TryRead(byte type, ReadOnlySpan<byte> content, out PduFrame frame, out string? error)
    {
        frame = default;

        // The v1 trap has another shape (RFC 1157 §4.1.6): the notification receiver's business.
        if (type is < (byte)PduType.Get or > (byte)PduType.Report or (byte)PduType.TrapV1)
        {
            error = "PDU type unknown";
            return false;
        }

        var body = new BerReader(content);
        if (!body.TryReadInt32(out var requestId) || !body.TryReadInt32(out var first) || !body.TryReadInt32(out var second)
            || !body.TryRead(SnmpFrame.Sequence, out var varBinds) || !body.IsAtEnd)
        {
            error = "PDU header is damaged";
            return false;
        }

        frame = new PduFrame { Type = (PduType)type, RequestId = requestId, First = first, Second = second, VarBinds = varBinds };
        error = null;
        return true;
    }

    /// <summary>Opens the next varbind of a list (RFC 3416 §3): exactly a name and a value.</summary>
    [MethodImpl(Hot.Path)]
    public static bool TryReadVarBind(ref BerReader list, out ReadOnlySpan<byte> name, out byte valueTag, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        valueTag = 0;
        if (!list.TryRead(SnmpFrame.Sequence, out var pair))
        {
            return false;
        }

        var reader = new BerReader(pair);
        return reader.TryRead((byte)SnmpType.ObjectIdentifier, out name) && reader.TryRead(out valueTag, out value) && reader.IsAtEnd;
    }

    /// <summary>The PDU with its varbinds; false when one of them is damaged.</summary>
    public bool TryDecode(out SnmpPdu pdu, out string? error)
    {
        var isWhole = VarBindDecoder.TryDecode(VarBinds, out var varBinds, out error);
        pdu = Type == PduType.GetBulk
            ? new SnmpPdu(Type, RequestId, varBinds) { NonRepeaters = First, MaxRepetitions = Second }
            : new SnmpPdu(Type, RequestId, varBinds) { ErrorStatus = (SnmpErrorStatus)First, ErrorIndex = Second };
        return isWhole;
    }
}
