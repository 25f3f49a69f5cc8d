using ProvisionSvc.Core;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Switches;

/// <summary>An agent with one port at ifIndex 107 and base port 7, whose variables are what was last SET.</summary>
internal sealed class ScriptedAgent : ISnmpClient
{
    /// <summary>A new one for each piece of work.</summary>
    public static SwitchCredential Credential => new(
        [new(1, new TerminalLogin("nobody", null), new AgentLogin.Communities(new Secret("read"), new Secret("write")))],
        new Dictionary<Channel, int>(), null, new OpenBook());

    public Dictionary<Oid, SnmpValue> Variables { get; } = new()
    {
        [IfMib.IfName.Append(107)] = SnmpValue.OctetString("Port7"),
        [IfMib.IfAdminStatus.Append(107)] = SnmpValue.Integer32(2),
        [IfMib.IfOperStatus.Append(107)] = SnmpValue.Integer32(2),
        [IfMib.IfAlias.Append(107)] = SnmpValue.OctetString(""),
        [BridgeMib.Dot1dBasePortIfIndex.Append(6)] = SnmpValue.Integer32(106),
        [BridgeMib.Dot1dBasePortIfIndex.Append(7)] = SnmpValue.Integer32(107),
        [BridgeMib.Dot1qPvid.Append(6)] = SnmpValue.Gauge32(55),
        [BridgeMib.Dot1qPvid.Append(7)] = SnmpValue.Gauge32(1),
    };

    public List<VarBind> Sets { get; } = [];

    public Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<VarBind>>([.. oids.Select(o => new VarBind(o, Variables.GetValueOrDefault(o, SnmpValue.NoSuchInstance)))]);

    public Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct)
    {
        foreach (var bind in varBinds)
        {
            Sets.Add(bind);
            Variables[bind.Oid] = bind.Value;
        }

        return Task.FromResult(varBinds);
    }

    public Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct) => throw new NotSupportedException("No table is read here.");

    public Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct) => Task.FromResult(new SnmpWalk(
        root, [.. Variables.Where(v => v.Key.ToString().StartsWith($"{root}.", StringComparison.Ordinal)).Select(v => new VarBind(v.Key, v.Value))], new ReadingEnd(null)));
}
