namespace ProvisionSvc.Snmp;

/// <summary>A v3 message opened as far as its security parameters (RFC 3412 §6, RFC 3414 §2.4), without allocation. Nothing in it is proven yet.</summary>
internal readonly ref struct V3Frame
{
    public const byte AuthFlag = 1;
    public const byte PrivFlag = 2;
    public const byte ReportableFlag = 4;
    public const int UserSecurityModel = 3; // RFC 3411 §5
    private const int MostEngineId = 32; // RFC 3411 §5, SnmpEngineID
    private const int MostUser = 32; // RFC 3414 §5, usmUserName

    public int MsgId { get; private init; }

    public int MaxSize { get; private init; }

    public SecurityLevel Level { get; private init; }

    public bool IsReportable { get; private init; }

    public ReadOnlySpan<byte> EngineId { get; private init; }

    public int Boots { get; private init; }

    public int Time { get; private init; }

    public ReadOnlySpan<byte> User { get; private init; }

    public ReadOnlySpan<byte> Mac { get; private init; }

    public ReadOnlySpan<byte> Salt { get; private init; }

    /// <summary>The scoped PDU: a whole SEQUENCE element, or the content of the OCTET STRING that hides it when the level is authPriv.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out V3Frame frame, out string? error)
    {
        frame = default;
        error = "not a v3 message";
        if (!new BerReader(datagram).TryRead(SnmpFrame.Sequence, out var message))
        {
            return false;
        }

        var reader = new BerReader(message);
        if (!reader.TryReadInt32(out var version) || version != (int)SnmpVersion.V3 || !reader.TryRead(SnmpFrame.Sequence, out var header)
            || !reader.TryRead((byte)SnmpType.OctetString, out var parameters))
        {
            return false;
        }

        error = "the header is damaged or asks for another security model than USM";
        var global = new BerReader(header);
        if (!global.TryReadInt32(out var msgId) || msgId < 0 || !global.TryReadInt32(out var maxSize) || maxSize < 484
            || !global.TryRead((byte)SnmpType.OctetString, out var flags) || flags.Length != 1
            || !global.TryReadInt32(out var model) || model != UserSecurityModel || !global.IsAtEnd)
        {
            return false;
        }

        // RFC 3412 §7.2 (5): privacy without authentication is invalid.
        if ((flags[0] & (AuthFlag | PrivFlag)) == PrivFlag)
        {
            return false;
        }

        error = "the security parameters are damaged";
        var outer = new BerReader(parameters);
        if (!outer.TryRead(SnmpFrame.Sequence, out var usm) || !outer.IsAtEnd)
        {
            return false;
        }

        var security = new BerReader(usm);
        if (!security.TryRead((byte)SnmpType.OctetString, out var engineId) || engineId.Length > MostEngineId
            || !security.TryReadInt32(out var boots) || boots < 0 || !security.TryReadInt32(out var time) || time < 0
            || !security.TryRead((byte)SnmpType.OctetString, out var user) || user.Length > MostUser
            || !security.TryRead((byte)SnmpType.OctetString, out var mac)
            || !security.TryRead((byte)SnmpType.OctetString, out var salt) || !security.IsAtEnd)
        {
            return false;
        }

        error = "the scoped PDU is damaged";
        var isHidden = (flags[0] & PrivFlag) != 0;
        var data = reader.Rest;
        if (!reader.TryRead(isHidden ? (byte)SnmpType.OctetString : SnmpFrame.Sequence, out var content) || !reader.IsAtEnd)
        {
            return false;
        }

        frame = new V3Frame
        {
            MsgId = msgId,
            MaxSize = maxSize,
            Level = isHidden ? SecurityLevel.AuthPriv : (flags[0] & AuthFlag) != 0 ? SecurityLevel.AuthNoPriv : SecurityLevel.NoAuthNoPriv,
            IsReportable = (flags[0] & ReportableFlag) != 0,
            EngineId = engineId,
            Boots = boots,
            Time = time,
            User = user,
            Mac = mac,
            Salt = salt,
            Data = isHidden ? content : data,
        };
        error = null;
        return true;
    }
}

/// <summary>A scoped PDU (RFC 3412 §6.8).</summary>
internal readonly ref struct ScopedPdu
{
    public ReadOnlySpan<byte> ContextEngineId { get; private init; }

    public ReadOnlySpan<byte> ContextName { get; private init; }

    public PduFrame Pdu { get; private init; }

    /// <summary>Octets behind the SEQUENCE are the padding of a block cipher (RFC 3414 §8.1.1.2).</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ScopedPdu scoped)
    {
        scoped = default;
        if (!new BerReader(data).TryRead(SnmpFrame.Sequence, out var content))
        {
            return false;
        }

        var reader = new BerReader(content);
        if (!reader.TryRead((byte)SnmpType.OctetString, out var engineId) || !reader.TryRead((byte)SnmpType.OctetString, out var name)
            || !reader.TryRead(out var type, out var body) || !reader.IsAtEnd || !PduFrame.TryRead(type, body, out var pdu, out _))
        {
            return false;
        }

        scoped = new ScopedPdu { ContextEngineId = engineId, ContextName = name, Pdu = pdu };
        return true;
    }
}
