namespace ProvisionSvc.Snmp;

/// <summary>Columns of LLDP-MIB (IEEE 802.1AB-2005). Remote tables are indexed by time mark, local port number and number.</summary>
public static class LldpMib
{
    /// <summary>By local port number; what it holds depends on the agent: an ifName, an ifIndex, a MAC address.</summary>
    public static Oid LldpLocPortId { get; } = new(1, 0, 8802, 1, 1, 2, 1, 3, 7, 1, 3);

    /// <summary>By local port number.</summary>
    public static Oid LldpLocPortDesc { get; } = new(1, 0, 8802, 1, 1, 2, 1, 3, 7, 1, 4);

    public static Oid LldpRemSysName { get; } = new(1, 0, 8802, 1, 1, 2, 1, 4, 1, 1, 9);

    /// <summary>BITS: other(0), repeater(1), bridge(2), wlanAccessPoint(3), router(4), telephone(5), docsisCableDevice(6), stationOnly(7).</summary>
    public static Oid LldpRemSysCapSupported { get; } = new(1, 0, 8802, 1, 1, 2, 1, 4, 1, 1, 11);

    /// <summary>As <see cref="LldpRemSysCapSupported"/>, what of it is in use.</summary>
    public static Oid LldpRemSysCapEnabled { get; } = new(1, 0, 8802, 1, 1, 2, 1, 4, 1, 1, 12);
}
