using System.Collections.Immutable;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>The link type as configured; the device's default prints nothing.</summary>
public enum LinkType
{
    Default,
    Access,
    Trunk,
}

/// <summary>A line rate limit: committed rate in kbit/s and burst in bytes. Each family fills in a burst of its own when none is given.</summary>
public sealed record RateLimit(int CirKbps, long CbsBytes)
{
    /// <summary>125 bytes per kbit/s: a second's worth.</summary>
    public static RateLimit OfMbps(int mbps) => new(mbps * 1000, mbps * 125_000L);

    public override string ToString() => $"cir {CirKbps} cbs {CbsBytes}";
}

/// <summary>What is configured on one interface, whatever the family calls it.</summary>
public sealed record PortConfig
{
    public static readonly PortConfig Factory = new();

    public bool Shutdown { get; init; }

    public string Description { get; init; } = "";

    public LinkType LinkType { get; init; }

    public int DefaultVlan { get; init; } = 1;

    /// <summary>What a trunk carries, as <see cref="VlanList"/> writes it; null: what the family's trunks carry unasked.</summary>
    public string? Allowed { get; init; }

    /// <summary>What a trunk carries untagged.</summary>
    public int? NativeVlan { get; init; }

    /// <summary>From the customer into the network: the customer's upload.</summary>
    public RateLimit? Inbound { get; init; }

    /// <summary>From the network to the customer: the customer's download.</summary>
    public RateLimit? Outbound { get; init; }

    /// <summary>Open vSwitch: the rate of the meter that is numbered like the port. It limits nothing until a flow leads through it, which is <see cref="Inbound"/>.</summary>
    public int? MeterKbps { get; init; }

    /// <summary>Linux: what the kernel calls the link besides its name; a restart forgets it.</summary>
    public string LinkAlias { get; init; } = "";
}

/// <summary>A whole configuration. Immutable, so running and startup are two references and a save is an assignment.</summary>
public sealed record SwitchConfig(ImmutableSortedSet<int> Vlans, ImmutableArray<PortConfig> Ports)
{
    public SwitchConfig WithPort(int index, PortConfig port) => this with { Ports = Ports.SetItem(index, port) };
}
