namespace ProvisionSvc.Snmp;

/// <summary>A variable and its value (RFC 3416 §3).</summary>
public readonly record struct VarBind(Oid Oid, SnmpValue Value)
{
    /// <summary>A variable asked for: its value is Null (RFC 3416 §3, unSpecified).</summary>
    public static VarBind Asking(Oid oid) => new(oid, SnmpValue.Null);

    public override string ToString() => $"{Oid} = {Value}";
}

/// <summary>A PDU other than the v1 trap (RFC 3416 §3).</summary>
public sealed record SnmpPdu(PduType Type, int RequestId, IReadOnlyList<VarBind> VarBinds)
{
    public SnmpErrorStatus ErrorStatus { get; init; }

    /// <summary>Which varbind the error is about, counted from 1; 0 when none.</summary>
    public int ErrorIndex { get; init; }

    /// <summary>GETBULK: how many of the first varbinds are asked for once only.</summary>
    public int NonRepeaters { get; init; }

    /// <summary>GETBULK: how many successors of each further varbind are asked for.</summary>
    public int MaxRepetitions { get; init; }
}

/// <summary>A community-based message: v1 (RFC 1157) or v2c (RFC 1901).</summary>
public sealed record SnmpMessage(SnmpVersion Version, ReadOnlyMemory<byte> Community, SnmpPdu Pdu)
{
    /// <summary>An agent's answer to this request.</summary>
    public SnmpMessage Answer(IReadOnlyList<VarBind> varBinds) => this with { Pdu = new SnmpPdu(PduType.Response, Pdu.RequestId, varBinds) };

    /// <summary>An agent's refusal: the varbinds are given back as they came (RFC 3416 §4.2), none for tooBig.</summary>
    public SnmpMessage Refuse(SnmpErrorStatus status, int index) => this with
    {
        Pdu = new SnmpPdu(PduType.Response, Pdu.RequestId, status == SnmpErrorStatus.TooBig && Version != SnmpVersion.V1 ? [] : Pdu.VarBinds)
        {
            ErrorStatus = status,
            ErrorIndex = index,
        },
    };

    /// <summary>Without the community: it is a password.</summary>
    public override string ToString() => $"{Version} {Pdu.Type} {Pdu.RequestId}, {Pdu.VarBinds.Count} varbinds";
}
