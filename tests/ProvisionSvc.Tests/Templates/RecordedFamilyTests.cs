using System.Text;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

/// <summary>The families on devices that nobody here recorded: public SNMP walks, prompts and command outputs.</summary>
public class RecordedFamilyTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    [Theory]
    [InlineData("vrp_5720", "huawei-vrp5", "MEth0/0/1")]
    [InlineData("comware_a5500", "h3c-comware", "")]
    [InlineData("ios_2960x", "cisco-ios", "Fa0")]
    [InlineData("ruijie", "ruijie-rgos", "Mg 0")]
    [InlineData("junos_qfx5100", "juniper-junos", "em0 em1 em2 bme0 bme1")]
    [InlineData("dlink_des-3526", "dlink-des", "")]
    [InlineData("routeros_crs317", "mikrotik-routeros", "")]
    public void A_recorded_switch_is_known_and_its_physical_ports_are_its_ports(string recording, string family, string management)
    {
        var walk = Walk(recording);

        Assert.Equal(family, Catalog.Match(walk["1.3.6.1.2.1.1.2.0"], walk["1.3.6.1.2.1.1.1.0"])?.Name);
        AssertPorts(walk, Catalog.Find(family)!.Template, management == "Mg 0" ? ["Mg 0"] : management.Split(' '));
    }

    [Theory]
    [InlineData("arista_eos_vrf", "Management1")]
    [InlineData("edgecos_ecs4100-28t", "")]
    [InlineData("eltex-mes24xx_mes2424bac", "")]
    [InlineData("jetstream_sg2218p", "Vlan-interface1,Vlan-interface255")]
    [InlineData("cumulus_edgecore-as4610-54p", "eth0,upstream1,bridge,vlan1")]
    [InlineData("dlink_des-3526", "")]
    public void A_switch_without_a_family_keeps_only_its_physical_ports_open_to_SNMP(string recording, string others) =>
        AssertPorts(Walk(recording), Catalog.Find("snmp-only")!.Template, others.Split(','));

    [Theory]
    [InlineData("arista_eos_vrf")]
    [InlineData("edgecos_ecs4100-28t")]
    [InlineData("eltex-mes24xx_mes2424bac")]
    [InlineData("jetstream_sg2218p")]
    [InlineData("cumulus_edgecore-as4610-54p")]
    public void A_switch_of_no_family_is_matched_to_none(string recording)
    {
        var walk = Walk(recording);

        Assert.Null(Catalog.Match(walk["1.3.6.1.2.1.1.2.0"], walk["1.3.6.1.2.1.1.1.0"]));
    }

    [Fact]
    public void A_recorded_5950_is_known_although_its_agent_has_no_names()
    {
        var walk = Walk("zxr10_5950");
        var pattern = Catalog.Find("zte-zxr10")!.Template.PortPattern;
        var described = walk.Where(v => v.Key.StartsWith("1.3.6.1.2.1.2.2.1.2.", StringComparison.Ordinal)).Select(v => v.Value).ToList();

        Assert.Equal("zte-zxr10", Catalog.Match(walk["1.3.6.1.2.1.1.2.0"], walk["1.3.6.1.2.1.1.1.0"])?.Name);
        Assert.All(described, d => Assert.Equal(d.Contains("gei-", StringComparison.Ordinal), pattern.IsMatch(d.Split(' ')[0])));
    }

    [Theory]
    [InlineData("cisco_ios_show_interfaces_switchport.raw")]
    [InlineData("cisco_ios_show_interfaces_switchport3.raw")]
    [InlineData("cisco_ios_show_interfaces_switchport_app_interfaces.raw")]
    [InlineData("cisco_ios_show_interfaces_switchport_vepa_enabled.raw")]
    public void A_recorded_port_of_IOS_that_negotiated_a_trunk_or_is_routed_is_refused_and_no_other_is(string file)
    {
        var template = Catalog.Find("cisco-ios")!.Template;
        var recorded = Parsed(Ntc("cisco_ios", "show_interfaces_switchport", file)).ToList();
        var blocks = Blocks(Ntc("cisco_ios", "show_interfaces_switchport", file), "Name: ");

        Assert.Equal(recorded.Count, blocks.Count);
        foreach (var (expected, block) in recorded.Zip(blocks))
        {
            var reading = Read(template, "switchport", block, "Gi1/0/1");

            // A trunk by configuration is read from that, and refused where access is expected.
            var trunk = expected["admin_mode"].StartsWith("dynamic", StringComparison.Ordinal) && expected["mode"].StartsWith("trunk", StringComparison.Ordinal);
            Assert.Equal(trunk || expected["switchport"] == "Disabled", reading.Refusals.Count > 0);
        }
    }

    [Theory]
    [InlineData("huawei_vrp_display_port_vlan_example2.raw")]
    [InlineData("huawei_vrp_display_port_vlan_example4.raw")]
    public void A_recorded_list_of_VLANs_is_read_however_it_is_broken_over_lines(string file)
    {
        var path = Ntc("huawei_vrp", "display_port_vlan", file);
        var lists = new List<string>();
        foreach (var line in File.ReadLines(path).Skip(2).Where(l => l.Trim().Length > 0))
        {
            var cells = line[..Math.Min(47, line.Length)].Trim();
            lists.Add(line[Math.Min(47, line.Length)..]);
            if (cells.Length == 0)
            {
                lists[^2] += "\n" + lists[^1];
                lists.RemoveAt(lists.Count - 1);
            }
        }

        var expected = YamlLists(Path.ChangeExtension(path, ".yml"), "trunk_vlan_list");
        Assert.Equal(expected.Count, lists.Count);
        foreach (var (text, vlans) in lists.Zip(expected).Where(l => l.First.Trim() != "-"))
        {
            Assert.True(VlanSet.TryParse(text, out var read));
            Assert.Equal(VlanSet.TryParse(string.Join(',', vlans), out var known) ? known : null, read);
        }
    }

    [Fact]
    public void A_recorded_interface_of_Junos_is_read()
    {
        var file = Ntc("juniper_junos", "show_interfaces", "juniper_junos_show_interfaces.raw");
        var physical = Parsed(file).Where(p => p["admin_state"].Length > 0).ToList();
        var blocks = Blocks(file, "Physical interface: ");

        Assert.Equal(physical.Count, blocks.Count);
        foreach (var (expected, block) in physical.Zip(blocks))
        {
            var reading = Read(Catalog.Find("juniper-junos")!.Template, "state", block, "ge-0/0/0");
            Assert.Equal(expected["admin_state"] == "Enabled" ? "up" : "down", reading.Values[IntentField.AdminStatus]);
            Assert.Equal(expected["description"].Length == 0 ? null : expected["description"], reading.Values[IntentField.Alias]);
        }
    }

    [Fact]
    public void A_recorded_interface_of_RouterOS_is_read()
    {
        var file = Ntc("mikrotik_routeros", "interface_print_detail", "mikrotik_routeros_interface_print_detail_01.raw");
        var expected = Parsed(file).ToList();
        var blocks = File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n\n").Select(b => b.TrimEnd()).Where(b => b.Contains("name=", StringComparison.Ordinal)).ToList();

        // One interface of the recording is missing in what is expected of it.
        Assert.NotEmpty(expected);
        foreach (var row in expected)
        {
            var block = Assert.Single(blocks, b => b.Contains($" name=\"{row["name"]}\" ", StringComparison.Ordinal));
            var reading = Read(Catalog.Find("mikrotik-routeros")!.Template, "state", block, "ether1");
            Assert.Equal(row["status"].Contains('X') ? "down" : "up", reading.Values[IntentField.AdminStatus]);
            Assert.Equal(row["description"].Length == 0 ? null : row["description"], reading.Values[IntentField.Alias]);
        }
    }

    /// <summary>An interface without an administrative state of its own: nothing is read of it, rather than guessed.</summary>
    [Fact]
    public void A_recorded_logical_interface_of_Junos_is_no_port()
    {
        var text = File.ReadAllText(Ntc("juniper_junos", "show_interfaces", "juniper_junos_show_interfaces_irb.raw"));
        var template = Catalog.Find("juniper-junos")!.Template;
        foreach (var block in text.ReplaceLineEndings("\n").Split("\nPhysical interface: ").Where(b => !b.Contains("Physical interface: ", StringComparison.Ordinal) && !b.Contains(", Enabled", StringComparison.Ordinal)))
        {
            Assert.False(Read(template, "state", block, "ge-0/0/0").Values.ContainsKey(IntentField.AdminStatus));
        }

        Assert.DoesNotMatch(template.PortPattern, "irb");
    }

    [Theory]
    [InlineData("show_interfaces_description_1.raw")]
    [InlineData("show_interfaces_description_3.raw")]
    public void A_recorded_table_of_Eltex_MES_is_read_row_by_row(string file)
    {
        var template = Catalog.Find("eltex-mes")!.Template;
        var raw = Ntc("eltex", "show_interfaces_description", file);
        var rows = File.ReadLines(raw).Where(l => template.PortPattern.IsMatch(l.Split(' ')[0])).ToList();
        var expected = Parsed(raw).Where(r => template.PortPattern.IsMatch(r.GetValueOrDefault("port", r.GetValueOrDefault("interface", "")))).ToList();

        Assert.NotEmpty(rows);
        Assert.Equal(rows.Count, expected.Count);
        foreach (var (row, wanted) in rows.Zip(expected))
        {
            var reading = Read(template, "description", row, row.Split(' ')[0]);
            Assert.Equal(wanted["admin_state"].Length == 0 ? null : wanted["admin_state"].ToLowerInvariant(), reading.Values.GetValueOrDefault(IntentField.AdminStatus));
            Assert.Equal(wanted["description"] is "" or "None" ? null : wanted["description"], reading.Values[IntentField.Alias]);
        }
    }

    [Fact]
    public void A_recorded_trunk_of_Eltex_MES_is_refused()
    {
        var text = File.ReadAllText(Ntc("eltex", "show_interfaces_switchport", "show_interfaces_switchport_2.raw"));
        var reading = Read(Catalog.Find("eltex-mes")!.Template, "switchport", text.ReplaceLineEndings("\n").Split("\nPort : ")[1], "gi1/0/1");
        Assert.Equal(["it is a trunk"], reading.Refusals);
        Assert.Equal("4094", reading.Values[IntentField.AccessVlan]);
    }

    [Theory]
    [InlineData("show_system_2.raw")]
    [InlineData("show_system_4.raw")]
    public void A_recorded_Eltex_MES_is_known_by_what_its_system_says(string file)
    {
        var text = File.ReadAllLines(Ntc("eltex", "show_system", file));
        string Of(string name) => text.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
        Assert.Equal("eltex-mes", Catalog.Match(Of("System Object ID:"), Of("System Description:"))?.Name);
    }

    [Fact]
    public void A_recorded_table_of_ZXR10_is_read()
    {
        var file = Ntc("zte_zxros", "show_interface_brief", "zte_zxros_show_interface_brief.raw");
        var rows = File.ReadLines(file).Where(l => l.Contains("gei-", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(cells[4], Read(Catalog.Find("zte-zxr10")!.Template, "status", row, cells[0]).Values[IntentField.AdminStatus]);
        }
    }

    /// <summary>The lists under this key of a flat .yml, one per row.</summary>
    private static List<List<string>> YamlLists(string file, string key)
    {
        var lists = new List<List<string>>();
        var open = false;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()))
        {
            if (line.StartsWith($"{key}:", StringComparison.Ordinal))
            {
                lists.Add([]);
                open = true;
            }
            else if (open && line.StartsWith("- \"", StringComparison.Ordinal))
            {
                lists[^1].Add(line[3..].Trim('"'));
            }
            else
            {
                open = false;
            }
        }

        return lists;
    }

    private static string Ntc(params string[] path) => Folders.Recorded(["cli", "ntc-templates", .. path]);

    private static PortReading Read(DeviceTemplate template, string read, string text, string port) =>
        ParseReading.From(template, new Dictionary<string, string> { [read] = text }, new PortName("sw", port));

    private static void AssertPorts(Dictionary<string, string> walk, DeviceTemplate template, IReadOnlyList<string> others)
    {
        const string IfName = "1.3.6.1.2.1.31.1.1.1.1.";
        var names = walk.Where(v => v.Key.StartsWith(IfName, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(names);
        foreach (var (oid, name) in names)
        {
            // ethernetCsmacd(6), and gigabitEthernet(117) of older agents.
            var physical = walk[$"1.3.6.1.2.1.2.2.1.3.{oid[IfName.Length..]}"] is "6" or "117" && !others.Contains(name);
            Assert.True(physical == template.PortPattern.IsMatch(name), $"{name} {(physical ? "is" : "is no")} port.");
        }
    }

    private static Dictionary<string, string> Walk(string recording)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in File.ReadLines(Folders.Recorded("snmprec", $"{recording}.snmprec")).Select(l => l.TrimStart('.').Split('|', 3)).Where(p => p.Length == 3))
        {
            found[parts[0]] = parts[1].EndsWith('x') && parts[2].Length % 2 == 0 ? Encoding.UTF8.GetString(Convert.FromHexString(parts[2])) : parts[2];
        }

        return found;
    }

    /// <summary>The parts of an output that begin with <paramref name="start"/>.</summary>
    private static List<string> Blocks(string file, string start) =>
        [.. File.ReadAllText(file).ReplaceLineEndings("\n").Split($"\n{start}").Select((b, i) => i == 0 ? b : start + b).Where(b => b.StartsWith(start, StringComparison.Ordinal))];

    /// <summary>The flat texts of the rows beside a recorded output; of a list its first item.</summary>
    private static IEnumerable<Dictionary<string, string>> Parsed(string raw)
    {
        var row = default(Dictionary<string, string>);
        var key = "";
        foreach (var line in File.ReadLines(Path.ChangeExtension(raw, ".yml")).Where(l => l.StartsWith("  ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("  - ", StringComparison.Ordinal) && row is not null)
            {
                yield return row;
                row = null;
            }

            row ??= new(StringComparer.Ordinal);
            var text = line[4..];
            if (text.TrimStart().StartsWith("- ", StringComparison.Ordinal))
            {
                row[key] = row[key].Length == 0 ? text.Trim()[2..].Trim('"') : row[key];
            }
            else
            {
                key = text[..text.IndexOf(':')];
                row[key] = text[(key.Length + 1)..].Trim().Trim('"').Replace("[]", "", StringComparison.Ordinal);
            }
        }

        if (row is not null)
        {
            yield return row;
        }
    }
}
