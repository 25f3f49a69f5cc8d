using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>What a family's agent has beyond ifTable, and what it lets be SET.</summary>
[Flags]
internal enum AgentHas
{
    None = 0,

    /// <summary>ifXTable: ifName, ifAlias, ifHighSpeed, 64 bit counters.</summary>
    Names = 1,

    /// <summary>ifAlias shows what the command line calls description; else it is empty.</summary>
    Aliases = 2,

    /// <summary>The bridge's port numbers and PVIDs.</summary>
    Bridge = 4,
    AdminIsWritable = 8,
    AliasIsWritable = 16,
    PvidIsWritable = 32,
}

/// <summary>A family of switches: what its agent says of itself, which models there are, how it is typed to. One file for each.</summary>
internal sealed record Family(string Name, string SysObjectId, Func<HardwareModel, string> SysDescr, AgentHas Agent, CommandLine? CommandLine)
{
    /// <summary>With 24 and with 48 customer ports.</summary>
    public required HardwareModel Small { get; init; }

    public required HardwareModel Large { get; init; }

    /// <summary>Every change is kept as it is made, or as it is committed: there is nothing to save.</summary>
    public bool KeepsWhatRuns { get; init; }

    /// <summary>What of a line that was sold this family can be configured with, and how it writes that down itself.</summary>
    public Func<PortConfig, PortConfig> Hold { get; init; } = line => line;

    /// <summary>What a restart makes of the startup configuration.</summary>
    public Func<SwitchConfig, SwitchConfig> Restarted { get; init; } = startup => startup;

    /// <summary>The line without rates.</summary>
    public static PortConfig WithoutRates(PortConfig line) => line with { Inbound = null, Outbound = null };

    /// <summary>The line without rates and without its VLAN.</summary>
    public static PortConfig WithoutVlan(PortConfig line) => WithoutRates(line) with { LinkType = LinkType.Default, DefaultVlan = 1 };
}

/// <summary>Every family there is.</summary>
internal static class KnownFamilies
{
    public static readonly IReadOnlyList<Family> All =
    [
        HuaweiVrp5.Family, HuaweiVrp8.Family, H3cComware.Family, CiscoIos.Family, RuijieRgos.Family, ZteZxr10.Family, JuniperJunos.Family, MikrotikRouteros.Family,
        DlinkDes.Family, OpenVswitch.Family, Frr.Family, SnmpOnly.Family,
    ];

    public static Family Find(string name) => All.FirstOrDefault(f => f.Name == name)
        ?? throw new LabException($"There is no family {name}; there are {string.Join(", ", All.Select(f => f.Name))}.");

    public static Family Of(HardwareModel model) => All.First(f => f.Small == model || f.Large == model);
}
