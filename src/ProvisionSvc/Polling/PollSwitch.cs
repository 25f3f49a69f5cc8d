using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Polling;

/// <summary>One port as a sweep saw it.</summary>
/// <param name="SpeedKbps">ifHighSpeed, or ifSpeed where that is missing; null for 0.</param>
internal sealed record SweptPort(
    string IfName, long IfIndex, string? Admin, OperStatus Oper, string? Alias, long? SpeedKbps, decimal? InOctets, decimal? OutOctets);

/// <summary>What a sweep learnt of one switch.</summary>
internal abstract record SweptSwitch(SwitchRow Switch)
{
    /// <summary>Complete is false when the table broke off: ports that are not in it are then not missing.</summary>
    public sealed record Answered(SwitchRow Switch, IReadOnlyList<SweptPort> Ports, bool Complete) : SweptSwitch(Switch);

    public sealed record Silent(SwitchRow Switch, string Why) : SweptSwitch(Switch);
}

/// <summary>Reads the standard columns of one switch. Writes to no device.</summary>
internal sealed class PollSwitch(ISnmpClient client, SwitchAccess access, IReadOnlyList<StandardColumn> columns)
{
    private readonly Oid[] _oids = [.. IfIndexed(columns).Select(c => Oid.Parse(c.Oid))];
    private readonly Dictionary<string, int> _at = IfIndexed(columns).Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i);

    public async Task<SweptSwitch> RunAsync(SwitchRow row, SwitchCredential credential, CancellationToken ct)
    {
        if (!access.IsManaged(row.Endpoint.Address))
        {
            return new SweptSwitch.Silent(row, $"{row.Endpoint.Address} is outside the management prefixes.");
        }

        try
        {
            var table = await credential.AskAsync(row.Endpoint, target => client.ReadTableAsync(target, _oids, SnmpReadLimits.Default, ct), ct);
            return new SweptSwitch.Answered(row, [.. table.Rows.Select(r => Port(r, credential)).OfType<SweptPort>().DistinctBy(p => p.IfName)], table.Complete);
        }
        catch (Exception silent) when (silent is SnmpException or DeviceException)
        {
            return new SweptSwitch.Silent(row, silent.Message);
        }
    }

    private SweptPort? Port(SnmpRow row, SwitchCredential credential)
    {
        SnmpValue At(string column) => _at.TryGetValue(column, out var index) ? row[index] : default;
        long? Number(string column) => At(column).TryGetInt64(out var value) ? value : null;
        decimal? Counter(string column) => At(column).TryGetUInt64(out var value) ? value : null;

        var name = AgentPorts.Text(At("ifName"));
        if (name.Length == 0)
        {
            return null;
        }

        var speed = Number("ifHighSpeed") is > 0 and var mbps ? mbps * 1000 : Number("ifSpeed") is > 0 and var bits ? bits / 1000 : default(long?);
        var oper = Number("ifOperStatus") is { } status && Enum.IsDefined((OperStatus)status) ? (OperStatus)status : OperStatus.NotAnswered;
        return new(
            name, row.Index[^1],
            Number("ifAdminStatus") is { } admin ? AgentPorts.AdminText(admin) : null, oper,
            At("ifAlias").HasValue ? credential.Scrub(AgentPorts.Text(At("ifAlias"))) : null,
            speed, Counter("ifHCInOctets"), Counter("ifHCOutOctets"));
    }

    private static IEnumerable<StandardColumn> IfIndexed(IReadOnlyList<StandardColumn> columns) => columns.Where(c => c.Index == ColumnIndex.IfIndex);
}
