using System.Collections.Frozen;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>The names that field work may use instead of numbers: the standard MIBs' objects about ports, bridging, neighbours and hardware.</summary>
internal static class MibCatalog
{
    private const string Mib2 = "1.3.6.1.2.1";
    private const string Lldp = "1.0.8802.1.1.2.1";

    private static readonly FrozenSet<string> Octets = FrozenSet.Create(
        StringComparer.Ordinal, "ifPhysAddress", "dot1dBaseBridgeAddress", "dot1dTpFdbAddress", "dot1dStpDesignatedRoot",
        "dot1qVlanStaticEgressPorts", "dot1qVlanForbiddenEgressPorts", "dot1qVlanStaticUntaggedPorts", "dot1qVlanCurrentEgressPorts",
        "dot1qVlanCurrentUntaggedPorts", "lldpRemSysCapSupported", "lldpRemSysCapEnabled");

    private static readonly FrozenDictionary<string, string> Enumerations = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // RFC 2863
        ["ifAdminStatus"] = "up down testing",
        ["ifOperStatus"] = "up down testing unknown dormant notPresent lowerLayerDown",
        ["ifLinkUpDownTrapEnable"] = "enabled disabled",
        ["ifPromiscuousMode"] = "true false",
        ["ifConnectorPresent"] = "true false",

        // RFC 4188, RFC 4363, RFC 3635, RFC 6933
        ["dot1dStpPortState"] = "disabled blocking listening learning forwarding broken",
        ["dot1dTpFdbStatus"] = "other invalid learned self mgmt",
        ["dot1qTpFdbStatus"] = "other invalid learned self mgmt",
        ["dot1qPortAcceptableFrameTypes"] = "admitAll admitOnlyVlanTagged",
        ["dot1qPortIngressFiltering"] = "true false",
        ["dot3StatsDuplexStatus"] = "unknown halfDuplex fullDuplex",
        ["entPhysicalClass"] = "other unknown chassis backplane container powerSupply fan sensor module port stack cpu",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyList<MibObject> All { get; } =
    [
        Group("internet", "1.3.6.1"), Group("mib-2", Mib2), Group("enterprises", "1.3.6.1.4.1"),
        Group("system", $"{Mib2}.1"), Group("interfaces", $"{Mib2}.2"), Group("dot1dBridge", $"{Mib2}.17"),
        .. Scalars($"{Mib2}.1", "sysDescr sysObjectID sysUpTime sysContact sysName sysLocation sysServices sysORLastChange"),
        .. Scalars($"{Mib2}.2", "ifNumber"),
        .. Scalars($"{Mib2}.31.1", "ifTableLastChange@5 ifStackLastChange"),
        .. Scalars($"{Mib2}.17.1", "dot1dBaseBridgeAddress dot1dBaseNumPorts dot1dBaseType"),
        .. Scalars($"{Mib2}.17.2", "dot1dStpProtocolSpecification dot1dStpPriority dot1dStpTimeSinceTopologyChange dot1dStpTopChanges dot1dStpDesignatedRoot"),
        .. Scalars($"{Mib2}.17.7.1.1", "dot1qVlanVersionNumber dot1qMaxVlanId dot1qMaxSupportedVlans dot1qNumVlans"),
        .. Scalars("1.3.6.1.6.3.10.2.1", "snmpEngineID snmpEngineBoots snmpEngineTime snmpEngineMaxMessageSize"),
        .. Scalars($"{Lldp}.3", "lldpLocChassisIdSubtype lldpLocChassisId lldpLocSysName lldpLocSysDesc"),
        .. Table("ifTable", $"{Mib2}.2.2", "ifIndex",
            "ifIndex ifDescr ifType ifMtu ifSpeed ifPhysAddress ifAdminStatus ifOperStatus ifLastChange ifInOctets ifInUcastPkts ifInNUcastPkts ifInDiscards " +
            "ifInErrors ifInUnknownProtos ifOutOctets ifOutUcastPkts ifOutNUcastPkts ifOutDiscards ifOutErrors ifOutQLen ifSpecific"),
        .. Table("ifXTable", $"{Mib2}.31.1.1", "ifIndex",
            "ifName ifInMulticastPkts ifInBroadcastPkts ifOutMulticastPkts ifOutBroadcastPkts ifHCInOctets ifHCInUcastPkts ifHCInMulticastPkts " +
            "ifHCInBroadcastPkts ifHCOutOctets ifHCOutUcastPkts ifHCOutMulticastPkts ifHCOutBroadcastPkts ifLinkUpDownTrapEnable ifHighSpeed " +
            "ifPromiscuousMode ifConnectorPresent ifAlias ifCounterDiscontinuityTime"),
        .. Table("dot3StatsTable", $"{Mib2}.10.7.2", "ifIndex",
            "dot3StatsAlignmentErrors@2 dot3StatsFCSErrors dot3StatsSingleCollisionFrames dot3StatsMultipleCollisionFrames dot3StatsLateCollisions@8 " +
            "dot3StatsExcessiveCollisions dot3StatsInternalMacTransmitErrors dot3StatsCarrierSenseErrors dot3StatsFrameTooLongs@13 " +
            "dot3StatsInternalMacReceiveErrors@16 dot3StatsSymbolErrors@18 dot3StatsDuplexStatus"),
        .. Table("dot3adAggPortTable", "1.2.840.10006.300.43.1.2.1", "ifIndex",
            "dot3adAggPortActorAdminKey@4 dot3adAggPortActorOperKey dot3adAggPortSelectedAggID@12 dot3adAggPortAttachedAggID"),
        .. Table("ipAddrTable", $"{Mib2}.4.20", "ipAddress", "ipAdEntAddr ipAdEntIfIndex ipAdEntNetMask ipAdEntBcastAddr"),
        .. Table("dot1dBasePortTable", $"{Mib2}.17.1.4", "dot1dBasePort",
            "dot1dBasePort dot1dBasePortIfIndex dot1dBasePortDelayExceededDiscards@4 dot1dBasePortMtuExceededDiscards"),
        .. Table("dot1dStpPortTable", $"{Mib2}.17.2.15", "dot1dBasePort",
            "dot1dStpPort dot1dStpPortPriority dot1dStpPortState dot1dStpPortEnable dot1dStpPortPathCost"),
        .. Table("dot1qPortVlanTable", $"{Mib2}.17.7.1.4.5", "dot1dBasePort",
            "dot1qPvid dot1qPortAcceptableFrameTypes dot1qPortIngressFiltering"),
        .. Table("dot1dTpFdbTable", $"{Mib2}.17.4.3", "MAC address", "dot1dTpFdbAddress dot1dTpFdbPort dot1dTpFdbStatus"),
        .. Table("dot1qTpFdbTable", $"{Mib2}.17.7.1.2.2", "filtering database and MAC address", "dot1qTpFdbPort@2 dot1qTpFdbStatus"),
        .. Table("dot1qVlanCurrentTable", $"{Mib2}.17.7.1.4.2", "TimeMark and VLAN ID",
            "dot1qVlanFdbId@3 dot1qVlanCurrentEgressPorts dot1qVlanCurrentUntaggedPorts dot1qVlanStatus dot1qVlanCreationTime"),
        .. Table("dot1qVlanStaticTable", $"{Mib2}.17.7.1.4.3", "VLAN ID",
            "dot1qVlanStaticName dot1qVlanStaticEgressPorts dot1qVlanForbiddenEgressPorts dot1qVlanStaticUntaggedPorts dot1qVlanStaticRowStatus"),
        .. Table("entPhysicalTable", $"{Mib2}.47.1.1.1", "entPhysicalIndex",
            "entPhysicalDescr@2 entPhysicalVendorType entPhysicalContainedIn entPhysicalClass entPhysicalParentRelPos entPhysicalName entPhysicalHardwareRev " +
            "entPhysicalFirmwareRev entPhysicalSoftwareRev entPhysicalSerialNum entPhysicalMfgName entPhysicalModelName entPhysicalAlias entPhysicalAssetID entPhysicalIsFRU"),
        .. Table("lldpLocPortTable", $"{Lldp}.3.7", "lldpLocPortNum", "lldpLocPortIdSubtype@2 lldpLocPortId lldpLocPortDesc"),
        .. Table("lldpRemTable", $"{Lldp}.4.1", "time, local port and number",
            "lldpRemChassisIdSubtype@4 lldpRemChassisId lldpRemPortIdSubtype lldpRemPortId lldpRemPortDesc lldpRemSysName lldpRemSysDesc " +
            "lldpRemSysCapSupported lldpRemSysCapEnabled"),
    ];

    private static MibObject Group(string name, string oid) => new(name, Oid.Parse(oid), MibKind.Group);

    private static IEnumerable<MibObject> Scalars(string parent, string names) => Numbered(Oid.Parse(parent), names, MibKind.Scalar, "");

    private static IEnumerable<MibObject> Table(string name, string oid, string indexedBy, string columns)
    {
        var table = Oid.Parse(oid);
        MibObject[] all = [.. Numbered(table.Append(1), columns, MibKind.Column, indexedBy)];
        return [new(name, table, MibKind.Table) { Columns = all }, .. all];
    }

    /// <summary>Names in the order of their numbers, from 1 on; <c>name@4</c> goes on at 4.</summary>
    private static IEnumerable<MibObject> Numbered(Oid parent, string names, MibKind kind, string indexedBy)
    {
        var number = 0u;
        foreach (var word in names.Split(' '))
        {
            var at = word.IndexOf('@', StringComparison.Ordinal);
            var name = at < 0 ? word : word[..at];
            number = at < 0 ? number + 1 : uint.Parse(word[(at + 1)..]);
            yield return new(name, parent.Append(number), kind)
            {
                IndexedBy = indexedBy,
                IsOctets = Octets.Contains(name),
                Labels = Enumerations.TryGetValue(name, out var words)
                    ? words.Split(' ').Select((w, i) => (Value: (long)i + 1, Word: w)).ToDictionary(l => l.Value, l => l.Word)
                    : new Dictionary<long, string>(),
            };
        }
    }
}
