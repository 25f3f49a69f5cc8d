namespace ProvisionSvc.Snmp;

/// <summary>The v1 trap (RFC 1157 §4.1.6) and its form in v2 (RFC 3584 §3.1).</summary>
internal static class TrapV1
{
    private const int EnterpriseSpecific = 6;
    private static readonly Oid SnmpTraps = new(1, 3, 6, 1, 6, 3, 1, 1, 5);
    private static readonly Oid SnmpTrapEnterprise = new(1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0);
    private static readonly Oid SnmpTrapAddress = new(1, 3, 6, 1, 6, 3, 18, 1, 3, 0);

    /// <summary>Reads the PDU's content. The community, a password, is not among the varbinds though RFC 3584 would add it for a proxy.</summary>
    public static bool TryRead(ReadOnlySpan<byte> content, out Oid trapOid, out uint upTime, out IReadOnlyList<VarBind> varBinds)
    {
        (trapOid, upTime, varBinds) = (Oid.Empty, 0, []);
        Span<uint> arcs = stackalloc uint[Oid.MaxLength];
        var reader = new BerReader(content);
        if (!reader.TryRead((byte)SnmpType.ObjectIdentifier, out var name) || !BerReader.TryParseOid(name, arcs, out var count)
            || !reader.TryRead((byte)SnmpType.IpAddress, out var address) || address.Length != 4
            || !reader.TryReadInt32(out var generic) || !reader.TryReadInt32(out var specific)
            || !reader.TryRead((byte)SnmpType.TimeTicks, out var ticks) || !BerReader.TryParseUnsigned(ticks, uint.MaxValue, out var hundredths)
            || !reader.TryRead(SnmpFrame.Sequence, out var list) || !reader.IsAtEnd || !VarBindDecoder.TryDecode(list, out var found, out _))
        {
            return false;
        }

        var enterprise = new Oid(arcs[..count]);
        if (generic is < 0 or > EnterpriseSpecific || (generic == EnterpriseSpecific && (specific < 0 || enterprise.Length > Oid.MaxLength - 2)))
        {
            return false;
        }

        // RFC 3584 §3.1 (2), (4).
        trapOid = generic == EnterpriseSpecific ? enterprise.Append(0, (uint)specific) : SnmpTraps.Append((uint)generic + 1);
        upTime = (uint)hundredths;
        List<VarBind> all = [.. found];
        Add(all, SnmpTrapAddress, SnmpValue.IpAddress(new System.Net.IPAddress(address)));
        Add(all, SnmpTrapEnterprise, SnmpValue.ObjectIdentifier(enterprise));
        varBinds = all;
        return true;
    }

    private static void Add(List<VarBind> varBinds, Oid oid, SnmpValue value)
    {
        if (!varBinds.Exists(varBind => varBind.Oid == oid))
        {
            varBinds.Add(new VarBind(oid, value));
        }
    }
}
