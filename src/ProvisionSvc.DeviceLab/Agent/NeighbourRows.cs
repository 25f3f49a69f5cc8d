using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>What the agent has learnt of who is behind its ports: rows of LLDP-MIB and Q-BRIDGE-MIB, in the order of a walk. There only where somebody was told to be.</summary>
internal static class NeighbourRows
{
    private static readonly Oid Lldp = Oid.Parse("1.0.8802.1.1.2.1");
    private static readonly Oid Learnt = Oid.Parse("1.3.6.1.2.1.17.7.1.2.2.1.2");

    public static IReadOnlyList<VarBind> Of(SimSwitch device)
    {
        var neighbours = device.Faults.Standing.OfType<Fault.Neighbour>().ToList();
        return neighbours.Count == 0 ? [] : [.. neighbours.SelectMany((n, i) => Rows(device, n, (uint)i + 1)).OrderBy(v => v.Oid)];
    }

    private static IEnumerable<VarBind> Rows(SimSwitch device, Fault.Neighbour neighbour, uint number)
    {
        var port = (uint)device.Model.Interfaces[device.Model.IndexOf(neighbour.IfName)].BasePort;
        if (neighbour.Name.Length > 0)
        {
            yield return new(Lldp.Append(3, 7, 1, 3, port), SnmpValue.OctetString(neighbour.IfName));
            yield return new(Lldp.Append(4, 1, 1, 9, 0, port, number), SnmpValue.OctetString(neighbour.Name));
            yield return new(Lldp.Append(4, 1, 1, 12, 0, port, number), SnmpValue.OctetString([neighbour.Capabilities, 0]));
        }

        for (var mac = 0u; mac < neighbour.Macs; mac++)
        {
            yield return new(Learnt.Append(1, 2, number, 0, 0, mac >> 8, mac & 0xff), SnmpValue.Integer32((int)port));
        }
    }
}
