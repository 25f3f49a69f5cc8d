namespace ProvisionSvc.Contracts;

/// <summary>Inventory files by name (<c>nodes.csv</c> …) with their text.</summary>
public sealed record ImportInventoryRequest
{
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Check and count only; nothing is written.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What an import did, or would do, per kind.</summary>
public sealed record ImportInventoryView(bool DryRun, IReadOnlyList<ImportCountView> Counts);

/// <summary>Rows of one kind: new, changed, unchanged.</summary>
public sealed record ImportCountView(string Kind, int Added, int Changed, int Unchanged);

/// <summary>Which imported services to take over. All of them where nothing is named.</summary>
public sealed record AdoptServicesRequest
{
    public string? Switch { get; init; }

    public string? Building { get; init; }

    /// <summary>False shows what would change; true writes the intents and puts the switches to <c>manage</c>.</summary>
    public bool Apply { get; init; }

    /// <summary>Also adopt switches on which something would change (the change is then drift to be repaired by an order).</summary>
    public bool AcceptDifferences { get; init; }
}

/// <summary>What adoption found per switch.</summary>
public sealed record AdoptServicesView(bool Applied, IReadOnlyList<AdoptedSwitchView> Switches);

/// <summary>One switch: services, ports that agree, and each difference.</summary>
public sealed record AdoptedSwitchView(string Switch, int Services, int PortsAgreeing, IReadOnlyList<DifferenceView> Differences, bool Adopted, string? Problem);

/// <summary>A field of a port that is not as it should be.</summary>
public sealed record DifferenceView(string IfName, string Field, string? Expected, string? Seen);

/// <summary>A node: what it may carry, what is sold over it, its VLANs.</summary>
public sealed record NodeView(
    string Name, int District, decimal UplinkMbps, decimal Oversubscription, decimal CommittedMbps, int VlanFirst, int VlanLast, int VlansUsed, int Buildings, int Switches);

/// <summary>A switch: how it is reached, its mode, and its ports in figures.</summary>
public sealed record SwitchView
{
    public required string Name { get; init; }

    public required string Building { get; init; }

    public required string Node { get; init; }

    public required string Template { get; init; }

    public required string Address { get; init; }

    public required int SnmpPort { get; init; }

    public required int SshPort { get; init; }

    public required string Credential { get; init; }

    public string? Serial { get; init; }

    public string? HostKeySha256 { get; init; }

    /// <summary>observe, manage, maintenance, locked.</summary>
    public required string Mode { get; init; }

    public string? LockedReason { get; init; }

    public required int Ports { get; init; }

    public required int PortsLit { get; init; }

    public required int PortsFree { get; init; }

    public DateTimeOffset? LastPolledAt { get; init; }

    /// <summary>unknown, reachable, unreachable.</summary>
    public required string Reachability { get; init; }
}

/// <summary>A port: what it should be, what it was seen to be, what it carries.</summary>
public sealed record PortView
{
    public required string Switch { get; init; }

    public required string IfName { get; init; }

    public required string Role { get; init; }

    public int? IfIndex { get; init; }

    public decimal? SpeedMbps { get; init; }

    /// <summary>What was seen: up, down, testing, or null before the first sweep.</summary>
    public string? AdminStatus { get; init; }

    public string? OperStatus { get; init; }

    public string? Alias { get; init; }

    public DateTimeOffset? ReadAt { get; init; }

    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>Circuit id of the service attached here.</summary>
    public string? Service { get; init; }

    public string? ServiceState { get; init; }

    public IReadOnlyList<string> Holds { get; init; } = [];

    public IntentView? Intent { get; init; }

    public IReadOnlyList<DriftView> Drift { get; init; } = [];
}

/// <summary>What the port should be, and since which order.</summary>
/// <param name="AllowedVlans">Of a trunk: all VLANs it carries, such as <c>7,10-12</c>; null for a port in access mode.</param>
/// <param name="NativeVlan">Of a trunk: the VLAN of frames without a tag.</param>
public sealed record IntentView(
    int Version, string AdminStatus, int? AccessVlan, decimal? RateDownMbps, decimal? RateUpMbps, string? Alias, bool RatesElsewhere,
    string? AllowedVlans = null, int? NativeVlan = null);

/// <summary>A disagreement of a port with its intent.</summary>
public sealed record DriftView(string Switch, string IfName, string Class, string? Expected, string? Seen, DateTimeOffset Since, DateTimeOffset LastSeen);

/// <summary>A change that was seen on a port.</summary>
public sealed record PortEventView(string Switch, string IfName, string Kind, string? Before, string? After, DateTimeOffset At);

/// <summary>One line sold, where it is attached, and every hold it ever had.</summary>
public sealed record ServiceView(
    string CircuitId, string Account, string Customer, string Building, string? Group, string State, decimal RateDownMbps, decimal RateUpMbps,
    IReadOnlyList<AttachmentView> Attachments, IReadOnlyList<HoldView> Holds);

/// <summary>The port and VLAN that carry a service.</summary>
public sealed record AttachmentView(string Switch, string IfName, int Vlan, bool Tagged, decimal RateDownMbps, decimal RateUpMbps, bool RateEnforcedElsewhere);

/// <summary>A reason to keep a service dark; it stands until it is released.</summary>
public sealed record HoldView(string Kind, string Owner, string Reason, DateTimeOffset Since, DateTimeOffset? Until, DateTimeOffset? ReleasedAt);

/// <summary>Trust a switch's SSH host key: without a fingerprint the key is only shown.</summary>
public sealed record TrustSwitchRequest(string? HostKeySha256);

/// <summary>The key the switch shows now, and the one that is trusted.</summary>
public sealed record HostKeyView(string Switch, string Shown, string? Trusted, bool Changed);

/// <summary>Pin a switch's SNMPv3 engine anew: without an id the engines are only shown.</summary>
public sealed record TrustEngineRequest(string? EngineId);

/// <summary>The SNMPv3 engine (RFC 3411 §5) that is pinned for a switch, in hex, and another one that has answered in its place since.</summary>
/// <param name="Boots">How often the pinned one had been started when it last proved itself.</param>
public sealed record EngineView(string Switch, string? Pinned, int? Boots, string? Claimed, DateTimeOffset? ClaimedAt, bool Changed);

/// <summary>observe, manage, or maintenance with an end.</summary>
/// <param name="Mode">observe, manage or maintenance.</param>
/// <param name="Until">End of the maintenance.</param>
/// <param name="Why">For the audit log.</param>
/// <param name="AdminStatusBy">By which channel a port's admin status is written: terminal or snmp; the other one proves it. Unchanged where missing.</param>
public sealed record SetSwitchModeRequest(string Mode, DateTimeOffset? Until = null, string? Why = null, string? AdminStatusBy = null);

/// <summary>Let a locked switch be written again; why is kept in the audit log.</summary>
public sealed record UnlockSwitchRequest(string Why);
