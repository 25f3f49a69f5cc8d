using CsCheck;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Snmp;
using ProvisionSvc.Tests.Inventory;

namespace ProvisionSvc.Tests.Templates;

/// <summary>A recording keeps what a template reads and loses what is nobody's business.</summary>
public sealed class WriteSampleTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();
    private static readonly LoadedTemplate Huawei = Catalog.Find("huawei-vrp5")!;

    [Fact]
    public void A_recording_passes_the_check_and_holds_nothing_private()
    {
        var (files, notes) = WriteSample.From(Huawei, Recorded("Harmony Trading, Mr. Wang", "interface GigabitEthernet0/0/7\n description Harmony Trading, Mr. Wang\n port default vlan 1007\n#\nreturn\n"), ["hunter-22"], "recorded");

        Assert.Empty(notes);
        Assert.Equal("", string.Join('\n', TemplateSample.Check(Huawei, "recorded", files)));
        var all = string.Join('\n', files.Values);
        Assert.All(["Harmony", "Wang", "b07-sw1", "noc@", "Building 7", "hunter-22", "10.20.30.40", "4c1f-cc12-3456"], secret => Assert.DoesNotContain(secret, all));
        Assert.Contains("agent: { adminStatus: up, alias: TEXT-", files["expected.yaml"]);
        Assert.Contains("good: ['<switch>']", files["expected.yaml"]);
        Assert.Contains("VRP (R) software, Version 5.170", files["walk.txt"]);
    }

    [Fact]
    public void Whatever_a_customer_is_called_the_recording_passes_the_check() => Choose.OneOf(
        "up", "7", "1007", "interface", "GigabitEthernet0/0/7", "shutdown", "a'b", "a \"b\"", "客户 7", "none", "- x", "{x}", "#", "x: y", "***", "10.20.30.40", "switch", "b07-sw1", "password x").Sample(alias =>
    {
        var (files, notes) = WriteSample.From(Huawei, Recorded(alias, $"interface GigabitEthernet0/0/7\n description {alias}\n shutdown\n port default vlan 1007\n#\n"), [], "recorded");
        Assert.Empty(notes);
        Assert.Equal("", string.Join('\n', TemplateSample.Check(Huawei, "recorded", files)));
        Assert.Contains("accessVlan: 1007", files["expected.yaml"]);
        Assert.Contains("adminStatus: down", files["expected.yaml"]);
    }, iter: 200);

    [Fact]
    public void The_same_address_becomes_the_same_stand_in()
    {
        var hide = new PrivateText([], []);
        Assert.Equal(
            "192.0.2.1 192.0.2.2 192.0.2.1 255.255.255.0 00:00:5e:00:53:00 0000-5e00-5301 2001:db8::1 12:34:56 1.3.6.1.4.1.2011",
            hide.Clean("10.1.2.3 10.1.2.4 10.1.2.3 255.255.255.0 4c:1f:cc:12:34:56 4c1f-cc12-3457 fe80::1 12:34:56 1.3.6.1.4.1.2011"));
        Assert.Equal("192.0.2.1", hide.Clean("10.1.2.3"));
        Assert.Equal("192.0.2.2", hide.Clean("192.0.2.2"));
    }

    [Fact]
    public void A_walk_is_read_as_it_was_written() => Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 30], Gen.Int[1, 3]).Sample((name, status) =>
    {
        var walk = SampleWalk.Parse(SampleWalk.Write(
        [
            new(IfMib.IfName.Append(7), SnmpValue.OctetString("GigabitEthernet0/0/7")), new(IfMib.IfAlias.Append(7), SnmpValue.OctetString($"{name}\nsecond line")),
            new(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(status)), new(SystemMib.SysObjectId, SnmpValue.ObjectIdentifier(Oid.Parse("1.3.6.1.4.1.2011.2.23"))),
        ]));
        var port = walk.Port("GigabitEthernet0/0/7", Huawei.Template)!;
        Assert.Equal($"{name}\nsecond line", port.Values[Core.Plans.IntentField.Alias]);
        Assert.Equal(status switch { 1 => "up", 2 => "down", _ => "testing" }, port.Values[Core.Plans.IntentField.AdminStatus]);
        Assert.Equal("1.3.6.1.4.1.2011.2.23", walk.SysObjectId);
        Assert.Null(walk.Port("GigabitEthernet0/0/70", Huawei.Template));
    }, iter: 1000);

    [Fact]
    public void A_walk_of_another_family_or_without_the_port_is_a_fault()
    {
        var (files, _) = WriteSample.From(Huawei, Recorded("x", "interface GigabitEthernet0/0/7\n#\n"), [], "recorded");
        var other = files.ToDictionary();
        other["walk.txt"] = other["walk.txt"].Replace("1.3.6.1.4.1.2011.2.23", "1.3.6.1.4.1.9.1.5").Replace("GigabitEthernet0/0/7", "Gi0/7");
        var faults = TemplateSample.Check(Huawei, "recorded", other);
        Assert.Contains(faults, f => f.Message.Contains("match does not fit", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Message.Contains("no ifName GigabitEthernet0/0/7", StringComparison.Ordinal));
    }

    private static RecordedSwitch Recorded(string alias, string config) => new(
        [
            new(SystemMib.SysDescr, SnmpValue.OctetString("S5720\r\nVRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)")),
            new(SystemMib.SysObjectId, SnmpValue.ObjectIdentifier(Oid.Parse("1.3.6.1.4.1.2011.2.23"))),
            new(Oid.Parse("1.3.6.1.2.1.1.4.0"), SnmpValue.OctetString("noc@example.org")),
            new(SystemMib.SysName, SnmpValue.OctetString("b07-sw1")),
            new(Oid.Parse("1.3.6.1.2.1.1.6.0"), SnmpValue.OctetString("Building 7")),
            new(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(1)),
            new(IfMib.IfName.Append(7), SnmpValue.OctetString("GigabitEthernet0/0/7")),
            new(IfMib.IfAlias.Append(7), SnmpValue.OctetString(alias)),
        ],
        "b07-sw1", "Info: last login from 10.20.30.40\n<b07-sw1>screen-length 0 temporary\n<b07-sw1>display arp 4c1f-cc12-3456 hunter-22\n<b07-sw1>",
        [("GigabitEthernet0/0/7", new Dictionary<string, string> { ["config"] = config })]);
}
