using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

public class MakePlanTests
{
    private static readonly PortName P1 = new("sw1", "p1");

    public static TheoryData<string> Templates => [Vrp5.Name, OpenVswitch.Name];

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_port_that_already_is_what_it_should_be_needs_no_line(string name) => Intent.Sample(intent =>
    {
        var (template, port) = Of(name);
        var reading = new PortReading(Project.Expected(template, intent));

        Assert.True(Planned(For(template, port, intent, reading)).IsEmpty);
    });

    [Theory]
    [MemberData(nameof(Templates))]
    public void What_a_plan_changes_added_to_what_was_read_is_what_is_expected(string name) => Gen.Select(Intent, OurReading).Sample((intent, reading) =>
    {
        var (template, port) = Of(name);
        var plan = Planned(For(template, port, intent, reading));

        Assert.Empty(Compare.Unproven(plan.Expected, After(reading, plan)));
        Assert.All(plan.Steps, s => Assert.True(s.Lines.Count > 0));
        Assert.All(plan.Steps, s => Assert.False(reading.Values.TryGetValue(s.Field, out var seen) && seen == s.After));
    });

    [Theory]
    [MemberData(nameof(Templates))]
    public void The_reverse_plan_returns_to_what_was_read(string name) => Gen.Select(Intent, OurFullReading).Sample((intent, reading) =>
    {
        var (template, port) = Of(name);
        var plan = Planned(For(template, port, intent, reading));
        var reverse = MakePlan.Reverse(plan);

        Assert.Equal(Shown(reading), Shown(After(After(reading, plan), reverse)));
        Assert.Empty(MakePlan.Stays(plan));
        Assert.Empty(Compare.Unproven(reverse.Expected, reading));
        Assert.Equal(plan.Steps.Reverse().Select(s => s.Field), reverse.Steps.Select(s => s.Field));
        Assert.Equal(plan.Text, MakePlan.Reverse(reverse).Text);
    });

    [Fact]
    public void Reversing_leaves_alone_what_was_never_read()
    {
        var plan = Planned(For(Vrp5.Template, Port, PortIntent.Empty, new PortReading(new Dictionary<IntentField, string?> { [IntentField.AdminStatus] = "up" })));

        var reverse = MakePlan.Reverse(plan);

        Assert.Equal([IntentField.AdminStatus], reverse.Steps.Select(s => s.Field));
        Assert.Equal(plan.Steps.Skip(1).Select(s => s.Field), MakePlan.Stays(plan));
        Assert.Equal("up", reverse.Expected[IntentField.AdminStatus]);
        Assert.Null(reverse.Expected[IntentField.Alias]);
    }

    [Fact]
    public void Opening_raises_the_port_last_and_closing_takes_it_down_first()
    {
        var lit = Lit("C-1");

        var opening = Planned(For(Vrp5.Template, Port, lit, PortReading.Nothing));
        var closing = Planned(For(Vrp5.Template, Port, PortIntent.Empty, new PortReading(Project.Expected(Vrp5.Template, lit))));

        Assert.Equal([IntentField.Mode, IntentField.AccessVlan, IntentField.RateDown, IntentField.RateUp, IntentField.Alias, IntentField.AdminStatus], opening.Steps.Select(s => s.Field));
        Assert.Equal([IntentField.AdminStatus, IntentField.Alias, IntentField.RateUp, IntentField.RateDown, IntentField.AccessVlan], closing.Steps.Select(s => s.Field));
        Assert.False(opening.Darkens);
        Assert.True(closing.Darkens);
    }

    [Fact]
    public void A_suspension_types_one_line() => Assert.Equal(
        ["shutdown"],
        Planned(For(Vrp5.Template, Port, Lit("C-1") with { AdminStatus = AdminStatus.Down }, new PortReading(Project.Expected(Vrp5.Template, Lit("C-1")))))
            .Steps.SelectMany(s => s.Lines).Select(l => l.Text));

    [Fact]
    public void An_activation_types_the_family_s_own_lines() => Assert.Equal(
        [
            "Port port link-type access", "Configure vlan batch 1007", "Port port default vlan 1007", "Port qos lr outbound cir 100000",
            "Port qos lr inbound cir 50000", "Port description C-1", "Port undo shutdown",
        ],
        Planned(For(Vrp5.Template, Port, Lit("C-1"), PortReading.Nothing)).Steps.SelectMany(s => s.Lines).Select(l => $"{l.Scope} {l.Text}"));

    [Fact]
    public void A_circuit_id_of_digits_keeps_its_zeros() => Assert.Contains(
        Planned(For(Vrp5.Template, Port, Lit("000123"), PortReading.Nothing)).Steps.SelectMany(s => s.Lines), l => l.Text == "description 000123");

    [Fact]
    public void A_rate_is_typed_in_the_device_s_own_unit() => Assert.Contains(
        Planned(For(OpenVswitch.Template, P1, Lit("C-1"), PortReading.Nothing)).Steps.SelectMany(s => s.Lines),
        l => l.Text.Contains("max-rate=100000000 ", StringComparison.Ordinal));

    [Fact]
    public void By_snmp_only_the_fields_that_have_it_are_set_and_the_terminal_proves_them()
    {
        var dark = new PortReading(Project.Expected(Vrp5.Template, Lit("C-1") with { AdminStatus = AdminStatus.Down, AccessVlan = new VlanId(5) }));

        var plan = Planned(MakePlan.For(Vrp5.Template, Port, PortRole.Customer, Lit("C-1"), dark, Channel.Snmp));

        Assert.Equal([null, new PlanSet("ifAdminStatus", "1")], plan.Steps.Select(s => s.Snmp));
        Assert.Equal(new PlanSet("ifAdminStatus", "2"), plan.Steps[1].UndoSnmp);
        Assert.Equal(Channel.Terminal, plan.Steps[1].VerifyBy);
        Assert.Empty(plan.Steps[1].Lines);
    }

    [Fact]
    public void The_hash_is_the_plan_s_and_nothing_else_s()
    {
        var plan = Planned(For(Vrp5.Template, Port, Lit("C-1"), PortReading.Nothing));

        Assert.Equal(plan.Hash, Planned(For(Vrp5.Template, Port, Lit("C-1"), PortReading.Nothing)).Hash);
        Assert.NotEqual(plan.Hash, Planned(For(Vrp5.Template, Port, Lit("C-2"), PortReading.Nothing)).Hash);
        Assert.NotEqual(plan.Hash, Planned(For(Vrp5.Template, Port with { IfName = "GigabitEthernet0/0/8" }, Lit("C-1"), PortReading.Nothing)).Hash);
    }

    internal static PlanOutcome For(DeviceTemplate template, PortName port, PortIntent intent, PortReading reading) =>
        MakePlan.For(template, port, PortRole.Customer, intent, reading);

    internal static PortIntent Lit(string circuit) =>
        new(AdminStatus.Up, new VlanId(1007), Bandwidth.FromMbps(100), Bandwidth.FromMbps(50), CircuitId.Parse(circuit));

    /// <summary>A field of the other mode is bare, and stays so when the mode changes.</summary>
    private static PortReading After(PortReading reading, DevicePlan plan) => new PortReading(Shown(reading).Where(f => f.Value != "?").ToDictionary())
        .With(new PortReading(plan.Steps.ToDictionary(s => s.Field, s => s.After)));

    private static (DeviceTemplate Template, PortName Port) Of(string name) => name == Vrp5.Name ? (Vrp5.Template, Port) : (OpenVswitch.Template, P1);
}
