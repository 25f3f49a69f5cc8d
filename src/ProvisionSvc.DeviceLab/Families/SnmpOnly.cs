using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>A switch that has no terminal worth the name: everything is SET, the PVID too, and kept as it is SET.</summary>
internal static class SnmpOnly
{
    public static readonly Family Family = new(
        "snmp-only", "1.3.6.1.4.1.11863.5.45", model => $"{model.Name} L2 Managed Switch",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable | AgentHas.PvidIsWritable, null)
    {
        Small = new HardwareModel("GS-24", 24, Names),
        Large = new HardwareModel("GS-48", 48, Names),
        Hold = Family.WithoutRates,
        KeepsWhatRuns = true,
    };

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"gi1/0/{n}",
        InterfaceKind.FastPort => $"te1/0/{n}",
        InterfaceKind.Lag => $"LAG{n}",
        InterfaceKind.VlanInterface => $"Vlan-interface{n}",
        _ => default(InterfaceName?),
    };
}
