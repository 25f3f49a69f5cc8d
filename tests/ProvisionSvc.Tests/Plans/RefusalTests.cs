using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

public class RefusalTests
{
    private static readonly DeviceTemplate NoRates = Vrp5.Template with
    {
        Name = "no-rates",
        Fields = Vrp5.Template.Fields.Where(f => f.Key is not (IntentField.RateDown or IntentField.RateUp)).ToDictionary(),
    };

    [Theory]
    [InlineData(PortRole.Uplink, "an uplink")]
    [InlineData(PortRole.Reserved, "a reserved port")]
    public void Only_customer_ports_are_written(PortRole role, string word) => Assert.Contains(
        word, Assert.Single(Refused(MakePlan.For(Vrp5.Template, Port, role, MakePlanTests.Lit("C-1"), PortReading.Nothing))));

    [Fact]
    public void An_uplink_is_refused_even_where_nothing_would_change() => Refused(MakePlan.For(
        Vrp5.Template, Port, PortRole.Uplink, MakePlanTests.Lit("C-1"), new PortReading(Project.Expected(Vrp5.Template, MakePlanTests.Lit("C-1")))));

    [Fact]
    public void A_port_that_the_switch_shows_as_a_trunk_is_refused_whatever_the_inventory_says() => Assert.Contains(
        "it is a trunk",
        Assert.Single(Refused(MakePlanTests.For(Vrp5.Template, Port, PortIntent.Empty, PortReading.Nothing with { Refusals = ["it is a trunk"] }))));

    [Fact]
    public void A_rate_that_the_template_cannot_set_is_refused_with_the_way_out()
    {
        var reasons = Refused(MakePlanTests.For(NoRates, Port, MakePlanTests.Lit("C-1"), PortReading.Nothing));

        Assert.Equal(2, reasons.Count);
        Assert.All(reasons, r => Assert.Contains("enforced elsewhere", r));
        Assert.Contains("no-rates", reasons[0]);
    }

    [Fact]
    public void Rates_enforced_elsewhere_ask_nothing_of_the_template()
    {
        var plan = Planned(MakePlanTests.For(
            NoRates, Port, MakePlanTests.Lit("C-1") with { RateDown = null, RateUp = null, RatesElsewhere = true }, PortReading.Nothing));

        Assert.DoesNotContain(plan.Steps, s => s.Field is IntentField.RateDown or IntentField.RateUp);
    }

    [Fact]
    public void A_missing_field_is_no_obstacle_to_closing() => Planned(MakePlanTests.For(NoRates, Port, PortIntent.Empty, PortReading.Nothing));

    [Fact]
    public void A_field_that_cannot_be_taken_off_is_refused_rather_than_left()
    {
        var template = Vrp5.Template with
        {
            Fields = Vrp5.Template.Fields.ToDictionary(f => f.Key, f => f.Key == IntentField.Alias ? f.Value with { Unset = [] } : f.Value),
        };

        Assert.Contains("cannot take off alias", Assert.Single(Refused(MakePlanTests.For(template, Port, PortIntent.Empty, PortReading.Nothing))));
    }

    [Fact]
    public void All_reasons_are_given_at_once() => Assert.Equal(5, Refused(MakePlan.For(
        NoRates,
        new PortName("b01-sw1", "GigabitEthernet0/0/7\nreload"),
        PortRole.Uplink,
        MakePlanTests.Lit("C-1"),
        PortReading.Nothing with { Refusals = ["it is a trunk"] })).Count);

    [Theory]
    [InlineData("GigabitEthernet0/0/7\n")]
    [InlineData("GigabitEthernet0/0/7\nshutdown")]
    [InlineData("GigabitEthernet0/0/7 ")]
    [InlineData("xGigabitEthernet0/0/7")]
    [InlineData("GigabitEthernet0/0/7;reload")]
    [InlineData("Vlanif1")]
    [InlineData("NULL0")]
    [InlineData("Eth-Trunk1")]
    [InlineData("{value}")]
    [InlineData("")]
    public void Only_a_port_s_whole_name_is_a_port_s_name(string ifName) => Assert.Contains(
        Refused(MakePlanTests.For(Vrp5.Template, Port with { IfName = ifName }, MakePlanTests.Lit("C-1"), PortReading.Nothing)),
        r => r.Contains("is not a port name", StringComparison.Ordinal) && Printable.Is(r));
}
