using CsCheck;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

/// <summary>Ports that carry VLANs with their tags: what they should be, and what of them is never touched.</summary>
public class TrunkTests
{
    private static readonly PortIntent Tagged = MakePlanTests.Lit("C-1") with { AccessVlan = null, Trunk = new(VlanSet.Of(10, 20), new VlanId(20)), Ours = VlanSet.Of(10, 20) };

    [Fact]
    public void Tagged_lines_make_a_trunk_and_the_one_without_a_tag_is_native()
    {
        var intent = DeriveIntent.For(Port, [Line("C-1", 10, tagged: true), Line("C-2", 20, tagged: false), Line("C-3", 30, tagged: true)]);

        Assert.Equal(new Trunk(VlanSet.Of(10, 20, 30), new VlanId(20)), intent.Trunk);
        Assert.Null(intent.AccessVlan);
        Assert.Equal((AdminStatus.Up, "C-1", Bandwidth.FromMbps(300)), (intent.AdminStatus, intent.Alias!.Value, intent.RateDown));
        Assert.Equal(("trunk", "10,20,30", "20"), (intent.Values[IntentField.Mode], intent.Values[IntentField.AllowedVlans], intent.Values[IntentField.NativeVlan]));
        Assert.DoesNotContain(IntentField.AccessVlan, intent.Values.Keys);
    }

    [Fact]
    public void Beside_a_lit_line_a_dark_one_s_VLAN_comes_off_and_with_all_of_them_dark_they_stay_behind_a_closed_port()
    {
        var (lit, dark) = (Line("C-1", 10, tagged: true), Line("C-2", 20, tagged: true, HoldKind.Unpaid));

        Assert.Equal((AdminStatus.Up, VlanSet.Of(10)), Shown(DeriveIntent.For(Port, [dark, lit])));
        Assert.Equal((AdminStatus.Down, VlanSet.Of(10, 20)), Shown(DeriveIntent.For(Port, [dark, Line("C-1", 10, tagged: true, HoldKind.Unpaid)])));

        static (AdminStatus, VlanSet) Shown(PortIntent intent) => (intent.AdminStatus, intent.Trunk!.Carried);
    }

    [Fact]
    public void One_line_whose_rate_is_kept_elsewhere_takes_the_limit_off_the_port_of_all() => Assert.True(
        DeriveIntent.For(Port, [Line("C-1", 10, true), Line("C-2", 20, true) with { Attachments = [Attached(20, true) with { RateEnforcedElsewhere = true }] }]).RatesElsewhere);

    [Fact]
    public void Only_the_VLANs_that_change_are_typed() => Assert.Equal(
        ["vlan batch 30", "port trunk allow-pass vlan 30", "undo port trunk allow-pass vlan 10"],
        Lines(Tagged with { Trunk = new(VlanSet.Of(20, 30), new VlanId(20)) }, Seen("10,20", "20")));

    [Fact]
    public void A_mode_is_left_bare_before_it_is_changed()
    {
        Assert.Equal(
            ["undo port default vlan", "port link-type trunk", "undo port trunk allow-pass vlan 1", "vlan batch 10", "vlan batch 20",
             "port trunk allow-pass vlan 10", "port trunk allow-pass vlan 20", "port trunk pvid vlan 20"],
            Lines(Tagged, new(Project.Expected(Vrp5.Template, MakePlanTests.Lit("C-1")))));
        Assert.Equal(
            ["undo port trunk pvid vlan", "undo port trunk allow-pass vlan 10", "undo port trunk allow-pass vlan 20", "port link-type access", "vlan batch 1007", "port default vlan 1007"],
            Lines(MakePlanTests.Lit("C-1") with { Ours = Tagged.Ours }, Seen("10,20", "20")));
    }

    [Theory]
    [InlineData("30", "none of our lines", "carries VLAN 30")]
    [InlineData("1-4094", "none of our lines", "carries VLAN 1-9,11-19,21-4094")]
    [InlineData("all of it", "cannot be read", "")]
    public void A_trunk_with_somebody_else_s_VLAN_is_not_written(string list, string why, string which)
    {
        foreach (var intent in new[] { Tagged, PortIntent.Empty with { Ours = Tagged.Ours } })
        {
            var reason = Assert.Single(Refused(MakePlanTests.For(Vrp5.Template, Port, intent, Seen(list, null))));
            Assert.Contains(why, reason);
            Assert.Contains(which, reason);
        }
    }

    [Fact]
    public void A_trunk_is_refused_where_access_is_expected_and_none_of_it_is_ours() => Assert.Contains(
        "it is a trunk where access is expected", Assert.Single(Refused(MakePlanTests.For(Vrp5.Template, Port, MakePlanTests.Lit("C-1"), Seen("10", null)))));

    [Fact]
    public void A_port_whose_mode_or_list_was_not_read_does_not_become_a_trunk()
    {
        var unread = new PortReading(new Dictionary<IntentField, string?> { [IntentField.AdminStatus] = "down" });

        Assert.Contains("its mode cannot be read", Assert.Single(Refused(MakePlanTests.For(Vrp5.Template, Port, Tagged, unread))));
        Assert.Contains("list of VLANs cannot be read", Assert.Single(Refused(MakePlanTests.For(
            Vrp5.Template, Port, Tagged, new(new Dictionary<IntentField, string?> { [IntentField.Mode] = "trunk" })))));
        Planned(MakePlanTests.For(Vrp5.Template, Port, Tagged, PortReading.Nothing));
    }

    [Fact]
    public void What_a_port_keeps_of_another_mode_counts_for_nothing()
    {
        var access = new PortReading(new Dictionary<IntentField, string?> { [IntentField.Mode] = "access", [IntentField.AllowedVlans] = "30" });

        Assert.True(access.TryGet(IntentField.AllowedVlans, out var list) && list is null);
        Assert.True(Seen("10", null).TryGet(IntentField.AccessVlan, out var vlan) && vlan is null);
        Assert.False(access.TryGet(IntentField.AccessVlan, out _));
    }

    [Fact]
    public void A_value_that_would_bring_a_command_of_its_own_is_not_planned_T8()
    {
        // No value of ours can; a template whose own line says something else than its list can.
        var template = OpenVswitch.Template with
        {
            Fields = OpenVswitch.Template.Fields.ToDictionary(f => f.Key, f => f.Key == IntentField.Alias
                ? f.Value with { Set = [new(LineScope.Exec, "ovs-vsctl show; reboot {value}")] }
                : f.Value),
        };

        Assert.Contains("begin a command with \"reboot\"", Assert.Single(Refused(MakePlanTests.For(
            template, new("sw1", "p1"), MakePlanTests.Lit("C-1"), PortReading.Nothing))));
    }

    [Fact]
    public void Every_word_of_every_family_s_plans_is_one_of_its_fields_words() => Assert.All(
        Devices.Templates.TemplateCatalog.Load(Templates.Folders.Templates).OrThrow().Templates, t => Assert.DoesNotContain(
            t.Template.Fields.Values.SelectMany(f => f.AllLines).SelectMany(l => CommandWords.First(l.Text)), w => w is "save" or "write" or "display" or "show" or "system-view"));

    [Fact]
    public void A_list_of_VLANs_survives_being_written_and_read() => Gen.Int[1, 4094].Array[0, 40].Sample(ids =>
    {
        var vlans = VlanSet.Of(ids);

        Assert.True(VlanSet.TryParse(vlans.IsEmpty ? "none" : vlans.ToString(), out var again));
        Assert.Equal(vlans, again);
        Assert.Equal(ids.Distinct().Order(), again.Ids);
        Assert.True(VlanSet.TryParse(vlans.ToString().Replace("-", " to ", StringComparison.Ordinal).Replace(",", "\r\n  ", StringComparison.Ordinal), out var wrapped));
        Assert.Equal(vlans, wrapped);
    });

    [Theory]
    [InlineData("10 20 to 25", "10,20-25")]
    [InlineData("10-20,30", "10-20,30")]
    [InlineData("101, 102, 103", "101-103")]
    [InlineData(" all ", "1-4094")]
    [InlineData("NONE", "")]
    [InlineData("0", null)]
    [InlineData("4095", null)]
    [InlineData("20-10", null)]
    [InlineData("1-2-3", null)]
    [InlineData("10 to", null)]
    [InlineData("to 10", null)]
    [InlineData("10;reload", null)]
    [InlineData("7\0", null)]
    [InlineData("٧", null)]
    public void Lists_are_read_as_devices_print_them_and_nothing_else_is_one(string text, string? canonical) =>
        Assert.Equal(canonical, VlanSet.TryParse(text, out var vlans) ? vlans.ToString() : null);

    [Theory]
    [InlineData(NeighbourKinds.Bridge, true)]
    [InlineData(NeighbourKinds.Bridge | NeighbourKinds.Router, true)]
    [InlineData(NeighbourKinds.Bridge | NeighbourKinds.Telephone, false)]
    [InlineData(NeighbourKinds.Bridge | NeighbourKinds.WlanAccessPoint | NeighbourKinds.Router, false)]
    [InlineData(NeighbourKinds.Router, false)]
    [InlineData(NeighbourKinds.None, false)]
    public void A_switch_behind_a_port_makes_it_an_uplink_and_a_customer_s_equipment_does_not(NeighbourKinds kinds, bool uplink)
    {
        var seen = new PortNeighbours([new("x\ny", kinds)], 64);

        Assert.Equal(uplink ? ["its neighbour \"x\\u000ay\" is a switch (LLDP)"] : [], new UplinkSigns(64, true).Of(seen));
        Assert.Empty(new UplinkSigns(64, false).Of(seen));
        Assert.Single(new UplinkSigns(63, false).Of(seen));
        Assert.Empty(new UplinkSigns(0, false).Of(seen));
    }

    private static PortReading Seen(string list, string? native) => new(
        Project.Expected(Vrp5.Template, Tagged).ToDictionary(e => e.Key, e => e.Key switch { IntentField.AllowedVlans => list, IntentField.NativeVlan => native, _ => e.Value }));

    private static IEnumerable<string> Lines(PortIntent intent, PortReading reading) =>
        Planned(MakePlanTests.For(Vrp5.Template, Port, intent, reading)).Steps.SelectMany(s => s.Lines).Select(l => l.Text);

    private static Attachment Attached(int vlan, bool tagged) => new(Port, new VlanId(vlan), tagged, Bandwidth.FromMbps(100), Bandwidth.FromMbps(50));

    private static Service Line(string circuit, int vlan, bool tagged, params HoldKind[] holds) => new(
        CircuitId.Parse(circuit), ServiceState.Active, [Attached(vlan, tagged)], [.. holds.Select(h => new Hold(h, "business", "a reason", default, null))]);
}
