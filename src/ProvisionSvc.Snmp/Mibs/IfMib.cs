namespace ProvisionSvc.Snmp;

/// <summary>Columns of ifTable and ifXTable (RFC 2863), indexed by ifIndex.</summary>
public static class IfMib
{
    public static Oid IfDescr { get; } = new(1, 3, 6, 1, 2, 1, 2, 2, 1, 2);

    public static Oid IfType { get; } = new(1, 3, 6, 1, 2, 1, 2, 2, 1, 3);

    /// <summary>Gauge32, bit/s; 4294967295 stands for more.</summary>
    public static Oid IfSpeed { get; } = new(1, 3, 6, 1, 2, 1, 2, 2, 1, 5);

    /// <summary>up(1), down(2), testing(3).</summary>
    public static Oid IfAdminStatus { get; } = new(1, 3, 6, 1, 2, 1, 2, 2, 1, 7);

    /// <summary>up(1), down(2), testing(3), unknown(4), dormant(5), notPresent(6), lowerLayerDown(7).</summary>
    public static Oid IfOperStatus { get; } = new(1, 3, 6, 1, 2, 1, 2, 2, 1, 8);

    public static Oid IfName { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1);

    public static Oid IfHCInOctets { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6);

    public static Oid IfHCOutOctets { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10);

    /// <summary>Gauge32, Mbit/s.</summary>
    public static Oid IfHighSpeed { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 15);

    public static Oid IfAlias { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18);

    /// <summary>sysUpTime when the counters last lost continuity.</summary>
    public static Oid IfCounterDiscontinuityTime { get; } = new(1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 19);
}

/// <summary>Columns of Q-BRIDGE-MIB and BRIDGE-MIB (RFC 4363, RFC 4188), indexed by base port, which is not ifIndex.</summary>
public static class BridgeMib
{
    /// <summary>The ifIndex of a base port.</summary>
    public static Oid Dot1dBasePortIfIndex { get; } = new(1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2);

    /// <summary>The base port behind which a MAC address was learnt, by the address; 0 where that is not known.</summary>
    public static Oid Dot1dTpFdbPort { get; } = new(1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 2);

    /// <summary>The same by forwarding database and address.</summary>
    public static Oid Dot1qTpFdbPort { get; } = new(1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1, 2);

    /// <summary>Gauge32: the VLAN of untagged frames.</summary>
    public static Oid Dot1qPvid { get; } = new(1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 5, 1, 1);
}
