using System.Text;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>A port as the switch shows it, with the ifIndex under which its agent found it.</summary>
/// <param name="UpTime">sysUpTime of that moment, or null where it is not answered: a later one that is smaller tells of a restart in between (F7).</param>
public sealed record AgentReading(long IfIndex, PortReading Reading, TimeSpan? UpTime);

/// <summary>
/// Ports by SNMP. Name, status, alias and sysUpTime are asked in one PDU, so that a renumbered ifIndex cannot pass for another port (RFC 2863 §3.1.5).
/// </summary>
public sealed class AgentPorts(ISnmpClient client)
{
    /// <summary>
    /// Reads one port with the fields that <paramref name="template"/> has no other way for: where it takes the PVID for the access VLAN, that too.
    /// </summary>
    /// <exception cref="DeviceException">The agent does not answer, or has no such port.</exception>
    public async Task<AgentReading> ReadAsync(
        SwitchEndpoint endpoint, SwitchCredential credential, DeviceTemplate template, PortName port, long? ifIndex, CancellationToken ct)
    {
        var there = await ReadAsync(endpoint, credential, port, ifIndex, ct);
        if (template.Fields.GetValueOrDefault(IntentField.AccessVlan) is not { SnmpNone: { } none })
        {
            return there;
        }

        var pvid = await AgentPvids.ReadAsync(client, endpoint, credential, port, there.IfIndex, ct);
        return there with { Reading = there.Reading.With(new(new Dictionary<IntentField, string?> { [IntentField.AccessVlan] = pvid == none ? null : pvid })) };
    }

    /// <summary>Reads one port; <paramref name="ifIndex"/> is where it was last seen and only saves a walk.</summary>
    /// <exception cref="DeviceException">The agent does not answer, or has no such port.</exception>
    public async Task<AgentReading> ReadAsync(SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long? ifIndex, CancellationToken ct)
    {
        try
        {
            if (ifIndex is { } hint && await TryReadAsync(endpoint, credential, port, hint, ct) is { } there)
            {
                return there;
            }

            var names = await credential.AskAsync(endpoint, target => client.WalkAsync(target, IfMib.IfName, SnmpReadLimits.Default, ct), ct);
            var found = names.VarBinds.Where(v => Text(v.Value) == port.IfName).Select(v => (long?)v.Oid[^1]).FirstOrDefault();
            return found is { } index && await TryReadAsync(endpoint, credential, port, index, ct) is { } reading
                ? reading
                : throw new DeviceException(names.Complete ? DeviceFault.Protocol : DeviceFault.Timeout, $"{port}: the agent shows no such ifName ({names.End}).");
        }
        catch (SnmpException silent)
        {
            throw Fault(endpoint, silent);
        }
    }

    /// <summary>Every port that the agent shows, by its ifName.</summary>
    /// <exception cref="DeviceException">The agent does not answer, or stopped on the way.</exception>
    public async Task<IReadOnlyDictionary<string, AgentReading>> ReadAllAsync(SwitchEndpoint endpoint, SwitchCredential credential, CancellationToken ct)
    {
        try
        {
            var table = await credential.AskAsync(
                endpoint, target => client.ReadTableAsync(target, [IfMib.IfName, IfMib.IfAdminStatus, IfMib.IfOperStatus, IfMib.IfAlias], SnmpReadLimits.Default, ct), ct);
            return table.Complete
                ? table.Rows.Where(r => r[0].HasValue).DistinctBy(r => Text(r[0])).ToDictionary(r => Text(r[0]), r => Reading(credential, r.Index[^1], r[1], r[2], r[3], default))
                : throw new DeviceException(DeviceFault.Timeout, $"{endpoint.Name}: the table of its ports broke off ({table.End}).");
        }
        catch (SnmpException silent)
        {
            throw Fault(endpoint, silent);
        }
    }

    /// <summary>Sets ifAdminStatus, ifAlias or dot1qPvid of the port that has this name now. Sent once; the caller reads back.</summary>
    /// <exception cref="DeviceException">Rejected: the agent refused. Timeout: nobody knows whether it took effect.</exception>
    public async Task SetAsync(SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long? ifIndex, PlanSet set, CancellationToken ct)
    {
        var index = (await ReadAsync(endpoint, credential, port, ifIndex, ct)).IfIndex;
        var bind = set.Column switch
        {
            PlanSet.IfAdminStatus => new VarBind(IfMib.IfAdminStatus.Append((uint)index), SnmpValue.Integer32(int.Parse(set.Value))),
            PlanSet.IfAlias => new VarBind(IfMib.IfAlias.Append((uint)index), SnmpValue.OctetString(set.Value)),
            PlanSet.Dot1qPvid => await AgentPvids.BindAsync(client, endpoint, credential, port, index, set.Value, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(set), set.Column, "No such column is ever set."),
        };
        try
        {
            await client.SetAsync(credential.Writing(endpoint), [bind], ct);
        }
        catch (SnmpException refused)
        {
            throw refused.Fault == SnmpFault.EngineIdChanged ? Fault(endpoint, refused)
                : refused.OutcomeUnknown || refused.IsTransient ? new DeviceException(DeviceFault.Timeout, refused.Message, refused)
                : new DeviceException(DeviceFault.Rejected, refused.Message, refused);
        }
    }

    /// <summary>How the switch names itself: sysObjectID (dotted) and sysDescr.</summary>
    /// <exception cref="DeviceException">The agent does not answer.</exception>
    public async Task<(string SysObjectId, string SysDescr)> IdentifyAsync(SwitchEndpoint endpoint, SwitchCredential credential, CancellationToken ct)
    {
        try
        {
            var binds = await credential.AskAsync(endpoint, target => client.GetAsync(target, [SystemMib.SysObjectId, SystemMib.SysDescr], ct), ct);
            return (binds[0].Value.Oid.ToString(), credential.Scrub(Text(binds[1].Value)));
        }
        catch (SnmpException silent)
        {
            throw Fault(endpoint, silent);
        }
    }

    /// <summary>Asks how long the agent is up, as the one who reads and as the one who writes; sets nothing.</summary>
    /// <exception cref="DeviceException">It is refused, or not answered.</exception>
    public async Task ProveAsync(SwitchEndpoint endpoint, SwitchCredential credential, CancellationToken ct)
    {
        try
        {
            await credential.AskTwiceAsync(endpoint, target => client.GetAsync(target, [SystemMib.SysUpTime], ct), ct);
        }
        catch (SnmpException silent)
        {
            throw Fault(endpoint, silent);
        }
    }

    private async Task<AgentReading?> TryReadAsync(SwitchEndpoint endpoint, SwitchCredential credential, PortName port, long ifIndex, CancellationToken ct)
    {
        var i = (uint)ifIndex;
        Oid[] asked =
            [IfMib.IfName.Append(i), IfMib.IfAdminStatus.Append(i), IfMib.IfOperStatus.Append(i), IfMib.IfAlias.Append(i), SystemMib.SysUpTime];
        var binds = await credential.AskAsync(endpoint, target => client.GetAsync(target, asked, ct), ct);
        if (Text(binds[0].Value) != port.IfName)
        {
            return null;
        }

        return Reading(credential, ifIndex, binds[1].Value, binds[2].Value, binds[3].Value, binds[4].Value);
    }

    private static AgentReading Reading(SwitchCredential credential, long ifIndex, SnmpValue adminStatus, SnmpValue operStatus, SnmpValue ifAlias, SnmpValue upTime)
    {
        var values = new Dictionary<IntentField, string?>();
        if (adminStatus.TryGetInt64(out var admin))
        {
            values[IntentField.AdminStatus] = AdminText(admin);
        }

        if (ifAlias.HasValue)
        {
            values[IntentField.Alias] = Text(ifAlias) is { Length: > 0 } alias ? credential.Scrub(alias) : null;
        }

        var oper = operStatus.TryGetInt64(out var status) && Enum.IsDefined((OperStatus)status) ? (OperStatus)status : OperStatus.NotAnswered;
        return new(ifIndex, new(values, oper), upTime.TryGetInt64(out var hundredths) ? TimeSpan.FromMilliseconds(hundredths * 10) : null);
    }

    /// <summary>ifAdminStatus as intents write it; a value outside RFC 2863 is shown as it came.</summary>
    public static string AdminText(long value) => value switch
    {
        1 => "up",
        2 => "down",
        3 => "testing",
        _ => $"({value})",
    };

    /// <summary>A display string as text; octets that are no UTF-8 become U+FFFD.</summary>
    public static string Text(SnmpValue value) => Encoding.UTF8.GetString(value.Octets.Span).TrimEnd('\0');

    internal static DeviceException Fault(SwitchEndpoint endpoint, SnmpException silent) => new(
        silent.Fault switch
        {
            SnmpFault.Timeout => DeviceFault.Timeout,
            SnmpFault.AuthenticationFailed => DeviceFault.AuthenticationFailed,
            SnmpFault.EngineIdChanged => DeviceFault.EngineChanged,
            _ => silent.IsTransient ? DeviceFault.Unreachable : DeviceFault.Protocol,
        },
        $"{endpoint.Name}: {silent.Message}", silent);
}
