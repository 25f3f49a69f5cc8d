using System.Globalization;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>
/// Who is behind each port of a switch: its LLDP neighbours, and how many MAC addresses it has learnt there. An agent without these tables shows nobody.
/// </summary>
public sealed class AgentNeighbours(ISnmpClient client)
{
    // A switch that aggregates a city has hundreds of thousands; its uplinks are told by far fewer.
    private static readonly SnmpReadLimits Limits = new() { MaxRows = 50_000, MaxTime = TimeSpan.FromSeconds(30) };

    /// <summary>By ifName; a port that is not in it has nobody behind it that the agent knows of.</summary>
    /// <exception cref="DeviceException">The agent does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, PortNeighbours>> ReadAsync(SwitchEndpoint endpoint, SwitchCredential credential, CancellationToken ct)
    {
        try
        {
            return await credential.AskAsync(endpoint, target => ReadAsync(target, ct), ct);
        }
        catch (SnmpException silent)
        {
            throw AgentPorts.Fault(endpoint, silent);
        }
    }

    private async Task<IReadOnlyDictionary<string, PortNeighbours>> ReadAsync(SnmpTarget target, CancellationToken ct)
    {
        var remote = await WalkAsync(target, LldpMib.LldpRemSysName, ct);
        var kinds = await KindsAsync(target, remote.Count > 0, ct);
        var macs = await MacsAsync(target, ct);
        if (kinds.Count == 0 && macs.Count == 0)
        {
            return new Dictionary<string, PortNeighbours>();
        }

        var ports = await PortNumbersAsync(target, ct);
        var neighbours = kinds.ToLookup(k => ports.OfLldp(k.Key.LocalPort), k => new Neighbour(remote.GetValueOrDefault(k.Key.Row) is { } name ? AgentPorts.Text(name) : "", k.Value));
        var counts = macs.Where(m => ports.OfBasePort(m.Key) is not null).ToDictionary(m => ports.OfBasePort(m.Key)!, m => m.Value);
        return neighbours.Select(n => n.Key).OfType<string>().Union(counts.Keys)
            .ToDictionary(p => p, p => new PortNeighbours([.. neighbours[p]], counts.GetValueOrDefault(p)));
    }

    /// <summary>What each neighbour is: what it has in use, or where it does not say so, what it could be.</summary>
    private async Task<Dictionary<(string Row, uint LocalPort), NeighbourKinds>> KindsAsync(SnmpTarget target, bool any, CancellationToken ct)
    {
        var kinds = new Dictionary<(string, uint), NeighbourKinds>();
        foreach (var column in any ? [LldpMib.LldpRemSysCapSupported, LldpMib.LldpRemSysCapEnabled] : (Oid[])[LldpMib.LldpRemSysCapEnabled])
        {
            foreach (var (row, value) in await WalkAsync(target, column, ct))
            {
                // Time mark, local port, number; an agent that numbers its rows otherwise says nothing of ports.
                if (row.Split('.') is [_, var port, _])
                {
                    kinds[(row, uint.Parse(port, CultureInfo.InvariantCulture))] = LldpCapabilities.Of(value);
                }
            }
        }

        return kinds;
    }

    /// <summary>Addresses by base port; one that is known in several VLANs counts once.</summary>
    private async Task<Dictionary<uint, int>> MacsAsync(SnmpTarget target, CancellationToken ct)
    {
        var learnt = await WalkAsync(target, BridgeMib.Dot1qTpFdbPort, ct);
        learnt = learnt.Count > 0 ? learnt : await WalkAsync(target, BridgeMib.Dot1dTpFdbPort, ct);
        return learnt
            .Select(l => (Port: l.Value.TryGetInt64(out var port) ? (uint)port : 0, Mac: string.Join('.', l.Key.Split('.').TakeLast(6))))
            .Where(l => l.Port > 0)
            .Distinct()
            .GroupBy(l => l.Port)
            .ToDictionary(g => g.Key, g => g.Count());
    }

    private async Task<PortNumbers> PortNumbersAsync(SnmpTarget target, CancellationToken ct) => new(
        Texts(await WalkAsync(target, IfMib.IfName, ct)),
        (await WalkAsync(target, BridgeMib.Dot1dBasePortIfIndex, ct))
            .Where(p => p.Value.TryGetInt64(out _))
            .ToDictionary(p => uint.Parse(p.Key, CultureInfo.InvariantCulture), p => { p.Value.TryGetInt64(out var index); return index; }),
        Texts(await WalkAsync(target, LldpMib.LldpLocPortId, ct)),
        Texts(await WalkAsync(target, LldpMib.LldpLocPortDesc, ct)));

    private static Dictionary<uint, string> Texts(Dictionary<string, SnmpValue> rows) => rows
        .Where(r => !r.Key.Contains('.') && r.Value.Type == SnmpType.OctetString)
        .ToDictionary(r => uint.Parse(r.Key, CultureInfo.InvariantCulture), r => AgentPorts.Text(r.Value));

    /// <summary>Values by the row's number. What an agent that stops on the way has shown counts: it only tells of more.</summary>
    private async Task<Dictionary<string, SnmpValue>> WalkAsync(SnmpTarget target, Oid column, CancellationToken ct)
    {
        var walk = await client.WalkAsync(target, column, Limits, ct);
        return walk.VarBinds.DistinctBy(v => v.Oid).ToDictionary(v => v.Oid.ToString()[(column.ToString().Length + 1)..], v => v.Value);
    }
}

/// <summary>Which port a number stands for. Agents number ports in three ways, and LLDP's own may be any of them.</summary>
/// <param name="names">ifName by ifIndex.</param>
/// <param name="basePorts">ifIndex by base port.</param>
/// <param name="ids">lldpLocPortId by LLDP's number.</param>
/// <param name="descriptions">lldpLocPortDesc by LLDP's number.</param>
internal sealed class PortNumbers(
    Dictionary<uint, string> names, Dictionary<uint, long> basePorts, Dictionary<uint, string> ids, Dictionary<uint, string> descriptions)
{
    private readonly HashSet<string> _names = [.. names.Values];

    public string? OfBasePort(uint basePort) => basePorts.TryGetValue(basePort, out var index) ? names.GetValueOrDefault((uint)index) : null;

    /// <summary>By its name where the agent gives one, else by what its id or its number mean: an ifIndex, a base port.</summary>
    public string? OfLldp(uint localPort)
    {
        var id = ids.GetValueOrDefault(localPort);
        return new[] { id, descriptions.GetValueOrDefault(localPort) }.FirstOrDefault(n => n is not null && _names.Contains(n))
            ?? (uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? names.GetValueOrDefault(index) : null)
            ?? OfBasePort(localPort)
            ?? names.GetValueOrDefault(localPort);
    }
}

/// <summary>LldpSystemCapabilitiesMap: bit 0 is the highest of the first octet.</summary>
internal static class LldpCapabilities
{
    public static NeighbourKinds Of(SnmpValue bits)
    {
        var first = bits.Type == SnmpType.OctetString && bits.Octets.Length > 0 ? bits.Octets.Span[0] : 0;
        return Kind(first, 1, NeighbourKinds.Repeater) | Kind(first, 2, NeighbourKinds.Bridge) | Kind(first, 3, NeighbourKinds.WlanAccessPoint)
            | Kind(first, 4, NeighbourKinds.Router) | Kind(first, 5, NeighbourKinds.Telephone);
    }

    private static NeighbourKinds Kind(int octet, int bit, NeighbourKinds kind) => (octet & (0x80 >> bit)) != 0 ? kind : NeighbourKinds.None;
}
