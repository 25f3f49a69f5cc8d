using System.Text;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

/// <summary>
/// What each family is told for the orders of a line's life, as approved text; a new family needs a port's name here and its approved file. Write the files
/// anew with PROVISION_APPROVE=1, and read what changed.
/// </summary>
public class FamilyPlanTests
{
    public static readonly IReadOnlyDictionary<string, string> Ports = new Dictionary<string, string>
    {
        ["cisco-ios"] = "Gi1/0/7",
        ["dlink-des"] = "1/7",
        ["eltex-mes"] = "gi1/0/7",
        ["frr"] = "p7",
        ["h3c-comware"] = "GigabitEthernet1/0/7",
        ["huawei-vrp5"] = "GigabitEthernet0/0/7",
        ["huawei-vrp8"] = "10GE1/0/7",
        ["juniper-junos"] = "ge-0/0/7",
        ["mikrotik-routeros"] = "ether7",
        ["open-vswitch"] = "p7",
        ["ruijie-rgos"] = "Gi0/7",
        ["snmp-only"] = "Port7",
        ["zte-zxr10"] = "gei-0/1/1/7",
    };

    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    public static TheoryData<string> Families => [.. Ports.Keys];

    [Fact]
    public void Every_family_is_here() => Assert.Equal(Catalog.Templates.Select(t => t.Name).Order(StringComparer.Ordinal), Ports.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Families))]
    public void Activate_suspend_resume_and_disconnect_type_the_approved_lines(string family)
    {
        var template = Catalog.Find(family)!.Template;
        var lit = Lit(template);
        var dark = lit with { AdminStatus = AdminStatus.Down };
        var text = new StringBuilder();
        var reading = new PortReading(Project.Expected(template, PortIntent.Empty));
        (string Order, PortIntent Intent)[] orders = [("activate", lit), ("suspend", dark), ("resume", lit), ("disconnect", PortIntent.Empty)];
        foreach (var (order, intent) in template.CanTrunk ? [.. orders, .. Trunks(lit)] : orders)
        {
            var plan = Plan(template, family, intent, reading);
            text.Append($"{order}\n{plan.Text}\nback from {order}\n{MakePlan.Reverse(plan).Text}\n");
            reading = new(Project.Expected(template, intent));
        }

        var file = Path.Combine(Folders.Repository, "tests", "ProvisionSvc.Tests", "Templates", "Approved", $"{family}.txt");
        if (Environment.GetEnvironmentVariable("PROVISION_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text.ToString());
        }

        Assert.Equal(File.ReadAllText(file), text.ToString());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_way_back_from_any_order_returns_to_the_reading(string family)
    {
        var template = Catalog.Find(family)!.Template;
        var lit = Lit(template);
        PortIntent[] intents = [PortIntent.Empty, lit, lit with { AdminStatus = AdminStatus.Down }, lit with { Alias = CircuitId.Parse("C-2") }];
        foreach (var (from, to) in intents.SelectMany(a => intents.Select(b => (a, b))))
        {
            var reading = new PortReading(Project.Expected(template, from));
            var plan = Plan(template, family, to, reading);
            var reverse = MakePlan.Reverse(plan);

            Assert.Equal(from == to, plan.IsEmpty);
            Assert.Empty(Compare.Unproven(reverse.Expected, reading));
            Assert.Equal(plan.Steps.Count, reverse.Steps.Count);
            Assert.All(plan.Steps.Concat(reverse.Steps), s => Assert.True(s.Lines.Count > 0 || s.Snmp is not null));
            Assert.Equal(plan.Text, MakePlan.Reverse(reverse).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_rate_that_a_family_cannot_set_is_refused_and_sold_elsewhere(string family)
    {
        var template = Catalog.Find(family)!.Template;
        var rated = Lit(template) with { RateDown = Bandwidth.FromMbps(100), RateUp = Bandwidth.FromMbps(50), RatesElsewhere = false };
        var outcome = MakePlan.For(template, Port(family), PortRole.Customer, rated, PortReading.Nothing);

        Assert.Equal(template.Fields.ContainsKey(IntentField.RateDown), outcome is PlanOutcome.Planned);
        if (outcome is PlanOutcome.Refused(var reasons))
        {
            Assert.All(reasons, r => Assert.Contains("enforced elsewhere", r));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_tagged_line_is_refused_where_the_family_makes_no_trunks(string family)
    {
        var template = Catalog.Find(family)!.Template;
        var outcome = MakePlan.For(template, Port(family), PortRole.Customer, Trunks(Lit(template)).First().Intent, PortReading.Nothing);

        Assert.Equal(template.CanTrunk, outcome is PlanOutcome.Planned);
        if (outcome is PlanOutcome.Refused(var reasons))
        {
            Assert.Contains("makes no trunks", Assert.Single(reasons));
        }
    }

    [Fact]
    public void A_family_without_a_terminal_is_SET_whatever_its_switch_is_written_by()
    {
        var template = Catalog.Find("snmp-only")!;
        var steps = Plan(template.Template, "snmp-only", Lit(template.Template), new(Project.Expected(template.Template, PortIntent.Empty))).Steps;

        Assert.Null(template.Dialect);
        Assert.Empty(template.NeededReads);
        Assert.Equal([new("dot1qPvid", "1007"), new("ifAlias", "BJ-0007-01"), new PlanSet("ifAdminStatus", "1")], steps.Select(s => s.Snmp));
        Assert.Equal([new("dot1qPvid", "1"), new("ifAlias", ""), new PlanSet("ifAdminStatus", "2")], steps.Select(s => s.UndoSnmp));
        Assert.All(steps, s => Assert.Equal(Channel.Snmp, s.VerifyBy));
    }

    /// <summary>A tagged line, one without a tag beside it, a third in the place of the first, and all of them gone.</summary>
    private static IEnumerable<(string Order, PortIntent Intent)> Trunks(PortIntent lit)
    {
        var ours = VlanSet.Of(1007, 1008, 1009);
        PortIntent Carrying(int? native, params int[] vlans) => lit with
        {
            AccessVlan = null, Trunk = new(VlanSet.Of(vlans), native is { } id ? new VlanId(id) : null), Ours = ours,
        };
        yield return ("activate tagged", Carrying(null, 1007));
        yield return ("add an untagged line", Carrying(1008, 1007, 1008));
        yield return ("another in the tagged one's place", Carrying(1008, 1008, 1009));
        yield return ("disconnect all", PortIntent.Empty with { Ours = ours });
    }

    private static PortName Port(string family) => new("b01-sw1", Ports[family]);

    /// <summary>All that the family can show of a line; rates elsewhere where it cannot limit them.</summary>
    private static PortIntent Lit(DeviceTemplate template)
    {
        var rates = template.Fields.ContainsKey(IntentField.RateDown);
        return new(
            AdminStatus.Up,
            template.Fields.ContainsKey(IntentField.AccessVlan) ? new VlanId(1007) : null,
            rates ? Bandwidth.FromKbps(100_001) : null,
            rates ? Bandwidth.FromMbps(50) : null,
            CircuitId.Parse("BJ-0007-01"),
            !rates);
    }

    private static DevicePlan Plan(DeviceTemplate template, string family, PortIntent intent, PortReading reading) =>
        MakePlan.For(template, Port(family), PortRole.Customer, intent, reading) is PlanOutcome.Planned(var plan)
            ? plan
            : throw new InvalidOperationException($"{family} cannot plan it.");
}
