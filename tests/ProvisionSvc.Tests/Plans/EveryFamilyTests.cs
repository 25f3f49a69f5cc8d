using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Tests.Templates;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

/// <summary>Properties of every template's plans, with random intents and readings, on a port that understands nothing but lines.</summary>
public class EveryFamilyTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    public static TheoryData<string> Families => FamilyPlanTests.Families;

    [Theory]
    [MemberData(nameof(Families))]
    public void The_lines_make_what_is_expected_and_the_way_back_returns_to_the_reading(string family) => Gen.Select(Intent, OurFullReading).Sample((wanted, shown) =>
    {
        var (template, port, intent, start) = Of(family, wanted, shown);
        var plan = Planned(MakePlanTests.For(template, port, intent, start));
        var model = new LineModel(template, port, start);

        model.Type(plan);
        Assert.Empty(Compare.Unproven(plan.Expected, model.Reading));
        Assert.True(Planned(MakePlanTests.For(template, port, intent, model.Reading)).IsEmpty);

        Assert.Empty(MakePlan.Stays(plan));
        model.Type(MakePlan.Reverse(plan));
        Assert.Equal(Shown(start), Shown(model.Reading));
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void A_port_is_open_only_while_it_carries_what_it_carried_or_what_it_should(string family) => Gen.Select(Intent, OurFullReading).Sample((wanted, shown) =>
    {
        var (template, port, intent, start) = Of(family, wanted, shown);
        var plan = Planned(MakePlanTests.For(template, port, intent, start));
        var model = new LineModel(template, port, start);
        model.Type(plan);

        var (before, after) = (Carried(start.Values), Carried(model.Reading.Values));
        foreach (var moment in model.History)
        {
            Assert.True(Carried(moment).Except(before).Except(after).IsEmpty);

            // Opened last, with all of it in place; closed first, with all of it still there.
            var closed = moment[IntentField.AdminStatus] == "down";
            Assert.True(closed || start.Values[IntentField.AdminStatus] == "up" || moment.All(f => f.Value == model.Reading.Values[f.Key]));
            Assert.True(!closed || intent.AdminStatus == AdminStatus.Up || start.Values[IntentField.AdminStatus] == "down" || model.History[0][IntentField.AdminStatus] == "down");
        }
    });

    /// <summary>Intent and reading without what the family does not have.</summary>
    private static (DeviceTemplate Template, PortName Port, PortIntent Intent, PortReading Reading) Of(string family, PortIntent wanted, PortReading shown)
    {
        var template = Catalog.Find(family)!.Template;
        var mode = template.CanTrunk ? shown.Mode : PortIntent.Access;
        var unset = template.Fields.TryGetValue(IntentField.Mode, out var how) && how.Unset.Count == 0 && mode is null ? PortIntent.Access : mode;
        var values = shown.Values.Where(v => template.Fields.ContainsKey(v.Key) && (template.CanTrunk || v.Key is not (IntentField.AllowedVlans or IntentField.NativeVlan))).ToDictionary();
        if (template.Fields.ContainsKey(IntentField.Mode))
        {
            values[IntentField.Mode] = unset;
        }
        else if (template.Fields.ContainsKey(IntentField.AccessVlan))
        {
            values.TryAdd(IntentField.AccessVlan, null);
        }

        // A PVID that stands for none is read as none.
        if (template.Fields.TryGetValue(IntentField.AccessVlan, out var vlan) && vlan.SnmpNone is { } none && values.GetValueOrDefault(IntentField.AccessVlan) == none)
        {
            values[IntentField.AccessVlan] = null;
        }

        // A device shows rates as it rounds them.
        foreach (var rate in new[] { IntentField.RateDown, IntentField.RateUp }.Where(r => values.GetValueOrDefault(r) is not null))
        {
            values[rate] = (long.Parse(values[rate]!) / template.Fields[rate].Step * template.Fields[rate].Step) is var rounded and > 0 ? rounded.ToString() : null;
        }

        return (template, new("b01-sw1", FamilyPlanTests.Ports[family]), HostileTextTests.Possible(template, wanted), new(values));
    }

    private static VlanSet Carried(IReadOnlyDictionary<IntentField, string?> values)
    {
        var list = VlanSet.TryParse(values.GetValueOrDefault(IntentField.AllowedVlans), out var vlans) ? vlans : VlanSet.None;
        return values.GetValueOrDefault(IntentField.AccessVlan) is { } access ? list.Union(VlanSet.Of(int.Parse(access))) : list;
    }
}
