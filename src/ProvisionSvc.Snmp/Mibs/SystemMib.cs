namespace ProvisionSvc.Snmp;

/// <summary>The system group and the set serial number of SNMPv2-MIB (RFC 3418); scalars with their instance.</summary>
public static class SystemMib
{
    public static Oid SysDescr { get; } = new(1, 3, 6, 1, 2, 1, 1, 1, 0);

    public static Oid SysObjectId { get; } = new(1, 3, 6, 1, 2, 1, 1, 2, 0);

    /// <summary>Hundredths of a second since the agent (not always the switch) started.</summary>
    public static Oid SysUpTime { get; } = new(1, 3, 6, 1, 2, 1, 1, 3, 0);

    public static Oid SysName { get; } = new(1, 3, 6, 1, 2, 1, 1, 5, 0);

    /// <summary>A TestAndIncr: a SET that names its present value is refused when another manager was faster. Net-SNMP 5.9 refuses every value (wrongLength).</summary>
    public static Oid SnmpSetSerialNo { get; } = new(1, 3, 6, 1, 6, 3, 1, 1, 6, 1, 0);
}
