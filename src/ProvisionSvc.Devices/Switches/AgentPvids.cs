using System.Globalization;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>The PVID of a port. Its row is numbered by base port, which is not the ifIndex (RFC 4188), so the way there is asked each time.</summary>
internal static class AgentPvids
{
    /// <exception cref="DeviceException">The agent does not answer, or the port is no bridge port with a PVID.</exception>
    public static async Task<string> ReadAsync(ISnmpClient client, SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long ifIndex, CancellationToken ct) =>
        (await FindAsync(client, endpoint, credential, port, ifIndex, ct)).Pvid;

    /// <summary>The variable to SET.</summary>
    /// <exception cref="DeviceException">As <see cref="ReadAsync"/>; nothing was set.</exception>
    public static async Task<VarBind> BindAsync(
        ISnmpClient client, SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long ifIndex, string vlan, CancellationToken ct)
    {
        var (basePort, _) = await FindAsync(client, endpoint, credential, port, ifIndex, ct);
        return new(BridgeMib.Dot1qPvid.Append(basePort), SnmpValue.Gauge32(uint.Parse(vlan, NumberStyles.None, CultureInfo.InvariantCulture)));
    }

    private static async Task<(uint BasePort, string Pvid)> FindAsync(
        ISnmpClient client, SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long ifIndex, CancellationToken ct)
    {
        try
        {
            var rows = await credential.AskAsync(endpoint, target => client.WalkAsync(target, BridgeMib.Dot1dBasePortIfIndex, SnmpReadLimits.Default, ct), ct);
            if (rows.VarBinds.Where(v => v.Value.TryGetInt64(out var index) && index == ifIndex).Select(v => (uint?)v.Oid[^1]).FirstOrDefault() is not { } basePort)
            {
                throw new DeviceException(rows.Complete ? DeviceFault.Protocol : DeviceFault.Timeout, $"{port}: the agent shows no base port for its ifIndex {ifIndex} ({rows.End}).");
            }

            // Both in one PDU, so that a renumbered base port cannot pass for this one.
            var binds = await credential.AskAsync(
                endpoint, target => client.GetAsync(target, [BridgeMib.Dot1dBasePortIfIndex.Append(basePort), BridgeMib.Dot1qPvid.Append(basePort)], ct), ct);
            return binds[0].Value.TryGetInt64(out var now) && now == ifIndex && binds[1].Value.TryGetInt64(out var pvid)
                ? (basePort, pvid.ToString(CultureInfo.InvariantCulture))
                : throw new DeviceException(DeviceFault.Protocol, $"{port}: the agent shows no PVID for its base port {basePort}.");
        }
        catch (SnmpException silent)
        {
            throw AgentPorts.Fault(endpoint, silent);
        }
    }
}
