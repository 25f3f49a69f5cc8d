using System.Net;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>Asks each agent from the address of ours that its prefix names: one engine per address. A jump host carries no UDP, so agents are always asked directly.</summary>
public sealed class AgentsBySource(AccessRules rules, Func<IPAddress?, ISnmpClient> make) : ISnmpClient, IAsyncDisposable
{
    private readonly ISnmpClient _otherwise = make(null);
    private readonly Dictionary<IPAddress, ISnmpClient> _bySource = rules.Sources.ToDictionary(s => s, s => make(s));

    public Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct) => Of(target).GetAsync(target, oids, ct);

    public Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct) => Of(target).SetAsync(target, varBinds, ct);

    public Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct) =>
        Of(target).ReadTableAsync(target, columns, limits, ct);

    public Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct) => Of(target).WalkAsync(target, root, limits, ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _bySource.Values.Append(_otherwise).OfType<IAsyncDisposable>())
        {
            await client.DisposeAsync();
        }
    }

    private ISnmpClient Of(SnmpTarget target) => rules.For(target.EndPoint.Address) is { Source: { } source, Jump: null } ? _bySource[source] : _otherwise;
}
