using System.Globalization;
using System.Text;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Templates;

/// <summary>
/// What a switch's agent answered, as <c>snmpwalk -On</c> prints it: one variable per line, texts in quotes (which may hold line ends).
/// </summary>
public sealed class SampleWalk
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private SampleWalk()
    {
    }

    public string? SysObjectId => _values.GetValueOrDefault(SystemMib.SysObjectId.ToString());

    public string? SysDescr => _values.GetValueOrDefault(SystemMib.SysDescr.ToString());

    /// <summary>Reads a walk; lines that are none are passed over, as a terminal's own words between them.</summary>
    public static SampleWalk Parse(string text)
    {
        var walk = new SampleWalk();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Split(" = ", 2) is not [['.', .. var oid], var value] || !Oid.TryParse(oid, out _))
            {
                continue;
            }

            var (type, rest) = value.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0 ? (value[..colon], value[(colon + 2)..]) : ("", value);
            if (type == "STRING" && rest.StartsWith('"'))
            {
                while (!Closed(rest) && i + 1 < lines.Length)
                {
                    rest += $"\n{lines[++i]}";
                }

                rest = Unquoted(rest);
            }

            walk._values[oid] = type == "OID" ? rest.TrimStart('.') : rest;
        }

        return walk;
    }

    public static string Write(IEnumerable<VarBind> variables)
    {
        var text = new StringBuilder();
        foreach (var (oid, value) in variables.Where(v => v.Value.HasValue))
        {
            text.Append('.').Append(oid.ToString()).Append(" = ").Append(Value(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The port as the agent showed it: fields that SNMP has a standard column for. Null where no row has this ifName.</summary>
    public PortReading? Port(string ifName, DeviceTemplate template)
    {
        var prefix = $"{IfMib.IfName}.";
        if (_values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal) && v.Value == ifName).Select(v => v.Key[prefix.Length..]).FirstOrDefault() is not { } index)
        {
            return null;
        }

        var values = new Dictionary<IntentField, string?>();
        if (_values.TryGetValue($"{IfMib.IfAdminStatus}.{index}", out var admin) && long.TryParse(admin, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            values[IntentField.AdminStatus] = AgentPorts.AdminText(status);
        }

        if (_values.TryGetValue($"{IfMib.IfAlias}.{index}", out var alias))
        {
            values[IntentField.Alias] = alias.Length > 0 ? alias : null;
        }

        var basePorts = $"{BridgeMib.Dot1dBasePortIfIndex}.";
        if (template.Fields.GetValueOrDefault(IntentField.AccessVlan)?.SnmpNone is { } none
            && _values.Where(v => v.Key.StartsWith(basePorts, StringComparison.Ordinal) && v.Value == index).Select(v => v.Key[basePorts.Length..]).FirstOrDefault() is { } basePort
            && _values.TryGetValue($"{BridgeMib.Dot1qPvid}.{basePort}", out var pvid))
        {
            values[IntentField.AccessVlan] = pvid == none ? null : pvid;
        }

        return new(values);
    }

    private static bool Closed(string quoted)
    {
        for (var i = 1; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\')
            {
                i++;
            }
            else if (quoted[i] == '"')
            {
                return true;
            }
        }

        return false;
    }

    private static string Unquoted(string quoted)
    {
        var text = new StringBuilder();
        for (var i = 1; i < quoted.Length && quoted[i] != '"'; i++)
        {
            i += quoted[i] == '\\' && i + 1 < quoted.Length ? 1 : 0;
            text.Append(quoted[i]);
        }

        return text.ToString();
    }

    private static string Value(SnmpValue value) => value.Type switch
    {
        SnmpType.OctetString => $"STRING: \"{AgentPorts.Text(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        SnmpType.ObjectIdentifier => $"OID: .{value.Oid}",
        SnmpType.Integer32 when value.TryGetInt64(out var number) => $"INTEGER: {number}",
        SnmpType.Gauge32 when value.TryGetInt64(out var number) => $"Gauge32: {number}",
        SnmpType.Counter32 when value.TryGetInt64(out var number) => $"Counter32: {number}",
        SnmpType.Counter64 when value.TryGetUInt64(out var number) => $"Counter64: {number}",
        SnmpType.TimeTicks when value.TryGetInt64(out var number) => $"Timeticks: ({number})",
        _ => value.ToString(),
    };
}
