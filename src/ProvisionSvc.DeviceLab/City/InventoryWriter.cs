using System.Globalization;
using System.Text;
using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.City;

/// <summary>Writes the city as the CSV files that the service imports (RFC 4180 quoting, LF, UTF-8 without a byte order mark).</summary>
public static class InventoryWriter
{
    public static async Task WriteAsync(CityPlan city, string directory, int snmpPort, int sshPort, string hostKeySha256, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, header, rows) in Files(city, snmpPort, sshPort, hostKeySha256))
        {
            var text = new StringBuilder();
            AppendRow(text, header.Split(','));
            foreach (var row in rows) AppendRow(text, row);
            await File.WriteAllTextAsync(Path.Combine(directory, name), text.ToString(), ct);
        }
    }

    private static IEnumerable<(string Name, string Header, IEnumerable<object[]> Rows)> Files(CityPlan city, int snmpPort, int sshPort, string hostKey)
    {
        yield return ("districts.csv", "number,name", city.Districts.Select(d => (object[])[d.Number, d.Name]));
        yield return ("nodes.csv", "name,district,uplink_mbps,oversubscription,vlan_first,vlan_last",
            city.Nodes.Select(n => (object[])[n.Name, n.District, n.UplinkMbps, n.Oversubscription, n.VlanFirst, n.VlanLast]));
        yield return ("buildings.csv", "name,address,district,node",
            city.Buildings.Select(b => (object[])[b.Name, b.Address, b.District, b.Node]));
        yield return ("switches.csv", "name,building,template,address,snmp_port,ssh_port,credential,serial,host_key_sha256",
            city.Switches.Select(s => (object[])[s.Name, s.Building, KnownFamilies.Of(s.Model).Name, s.Address, snmpPort, sshPort, "lab", s.Serial, KnownFamilies.Of(s.Model).CommandLine is null ? "" : hostKey]));
        yield return ("ports.csv", "switch,if_name,role,speed_mbps",
            city.Switches.SelectMany(s => s.Model.Interfaces.Where(i => i.Role != PortRole.Logical)
                .Select(i => (object[])[s.Name, i.Name, i.Role.ToString().ToLowerInvariant(), i.SpeedMbps])));
        yield return ("links.csv", "name,switch,if_names,node,speed_mbps",
            city.Switches.Select(s => (object[])[$"{s.Name}--{s.Node}", s.Name, string.Join(';', s.Model.TrunkMembers.Select(i => i.Name)), s.Node,
                s.Model.TrunkMembers.Sum(i => i.SpeedMbps)]));
        yield return ("customers.csv", "code,name,segment", city.Customers.Select(c => (object[])[c.Code, c.Name, c.Segment]));
        yield return ("accounts.csv", "number,customer,district,monthly_value",
            city.Accounts.Select(a => (object[])[a.Number, a.Customer, a.District, a.MonthlyValue]));
        yield return ("groups.csv", "name,customer", city.Groups.Select(g => (object[])[g.Name, g.Customer]));
        yield return ("services.csv", "circuit_id,account,building,group,rate_down_mbps,rate_up_mbps,state",
            city.Services.Select(s => (object[])[s.CircuitId, s.Account, s.Building, s.Group, s.DownMbps, s.UpMbps, "active"]));
        yield return ("attachments.csv", "circuit_id,switch,if_name,vlan,tagged",
            city.Services.Select(s => (object[])[s.CircuitId, s.Switch, s.IfName, s.Vlan, "false"]));
    }

    private static void AppendRow(StringBuilder text, IEnumerable<object> cells) =>
        text.AppendJoin(',', cells.Select(c => Quote(Convert.ToString(c, CultureInfo.InvariantCulture) ?? ""))).Append('\n');

    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
