using CsCheck;
using ProvisionSvc.Core.Plans;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

public class CompareTests
{
    private static readonly DeviceTemplate Coarse = Vrp5.Template with
    {
        Fields = Vrp5.Template.Fields.ToDictionary(f => f.Key, f => f.Key switch
        {
            IntentField.RateDown => f.Value with { Step = 64 },
            IntentField.Alias => f.Value with { MaxLength = 10 },
            _ => f.Value,
        }),
    };

    [Fact]
    public void A_rate_is_expected_as_the_device_rounds_it_never_below_what_was_sold() => Intent.Sample(intent =>
    {
        var expected = Project.Expected(Coarse, intent);
        if (intent.RateDown is { } sold)
        {
            var shown = long.Parse(expected[IntentField.RateDown]!);
            Assert.True(shown % 64 == 0 && shown >= sold.Kbps && shown < sold.Kbps + 64);
        }
    });

    [Fact]
    public void A_plan_types_the_rounded_rate_and_the_cut_text()
    {
        var plan = Planned(MakePlanTests.For(Coarse, Port, MakePlanTests.Lit("C-123456789012"), PortReading.Nothing));

        Assert.Contains(plan.Steps.SelectMany(s => s.Lines), l => l.Text == "qos lr outbound cir 100032");
        Assert.Contains(plan.Steps.SelectMany(s => s.Lines), l => l.Text == "description C-12345678");
    }

    [Fact]
    public void A_field_that_was_not_read_is_no_difference_but_proves_nothing()
    {
        var expected = Project.Expected(Vrp5.Template, MakePlanTests.Lit("C-1"));

        Assert.Empty(Compare.Differences(expected, PortReading.Nothing));
        Assert.Equal(6, Compare.Unproven(expected, PortReading.Nothing).Count);
        Assert.All(Compare.Unproven(expected, PortReading.Nothing), d => Assert.Equal("(not read)", d.Seen));
    }

    [Fact]
    public void Differences_are_what_a_plan_would_change() => Gen.Select(Intent, OurFullReading).Sample((intent, reading) =>
    {
        var plan = Planned(MakePlanTests.For(Vrp5.Template, Port, intent, reading));

        Assert.Equal(plan.Steps.Select(s => s.Field).Order(), Compare.Differences(plan.Expected, reading).Select(d => d.Field));
    });

    [Theory]
    [InlineData(true, "adminStatus", "up", "down", DriftClass.ServiceButDark)]
    [InlineData(true, "adminStatus", "down", "up", DriftClass.SuspendedButLit)]
    [InlineData(false, "adminStatus", "down", "up", DriftClass.LitWithoutService)]
    [InlineData(true, "mode", "access", "trunk", DriftClass.WrongMode)]
    [InlineData(true, "accessVlan", "7", null, DriftClass.WrongVlan)]
    [InlineData(true, "allowedVlans", "7,9", "7", DriftClass.WrongVlan)]
    [InlineData(true, "nativeVlan", "7", "9", DriftClass.WrongVlan)]
    [InlineData(true, "rateDown", "7", "8", DriftClass.WrongRate)]
    [InlineData(true, "rateUp", null, "8", DriftClass.WrongRate)]
    [InlineData(true, "alias", "C-1", "C-2", DriftClass.WrongAlias)]
    public void Drift_is_named_by_what_it_means(bool carriesService, string field, string? expected, string? seen, DriftClass drift)
    {
        var name = FieldNames.Parse(field)!.Value;

        var found = ClassifyDrift.For(
            new Dictionary<IntentField, string?> { [name] = expected }, new PortReading(new Dictionary<IntentField, string?> { [name] = seen }), carriesService);

        Assert.Equal(new Drift(drift, expected, seen), Assert.Single(found));
    }

    [Fact]
    public void Agreement_is_no_drift() => Intent.Sample(intent =>
        Assert.Empty(ClassifyDrift.For(Project.Expected(Vrp5.Template, intent), new PortReading(Project.Expected(Vrp5.Template, intent)), true)));

    [Fact]
    public void A_later_reading_overrides_field_by_field()
    {
        var before = new PortReading(new Dictionary<IntentField, string?> { [IntentField.Alias] = "C-1", [IntentField.AdminStatus] = "up" }) { Refusals = ["it is a trunk"] };

        var both = before.With(new PortReading(new Dictionary<IntentField, string?> { [IntentField.Alias] = null }));

        Assert.Equal("adminStatus up, alias -", both.ToString());
        Assert.Equal(["it is a trunk"], both.Refusals);
    }
}
