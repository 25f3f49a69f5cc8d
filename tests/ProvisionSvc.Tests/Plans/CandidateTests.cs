using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Tests.Templates;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

/// <summary>Families whose lines only fill a candidate until it is committed.</summary>
public class CandidateTests
{
    private static readonly PortName Port = new("b01-ce1", "10GE1/0/7");
    private static readonly DeviceTemplate Vrp8 = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("huawei-vrp8")!.Template;
    private static readonly PortIntent Lit = new(AdminStatus.Up, new VlanId(1007), Alias: CircuitId.Parse("C-1"), RatesElsewhere: true);

    [Fact]
    public void A_commit_is_the_plan_s_last_line_and_part_of_its_hash()
    {
        var plan = For(Lit, PortReading.Nothing) with { Trial = null };

        Assert.Equal([new PlanLine(LineScope.Configure, "commit")], plan.Commit);
        Assert.EndsWith("\n  commit\n", plan.Text);
        Assert.NotEqual(plan.Hash, (plan with { Commit = [] }).Hash);
    }

    [Fact]
    public void The_way_back_is_committed_too() =>
        Assert.Equal(["commit"], MakePlan.Reverse(For(Lit, Shown(PortIntent.Empty))).Commit.Select(l => l.Text));

    [Fact]
    public void Nothing_is_committed_where_nothing_is_typed()
    {
        Assert.Empty(For(Lit, Shown(Lit)).Commit);
        Assert.Empty(For(Lit, Shown(Lit with { AdminStatus = AdminStatus.Down }), Channel.Snmp).Commit);
        Assert.Empty(MakePlan.Reverse(For(Lit, PortReading.Nothing)).Commit);
    }

    [Fact]
    public void No_SET_opens_a_port_before_the_commit_gives_it_its_VLAN()
    {
        var plan = For(Lit, Shown(PortIntent.Empty), Channel.Snmp);

        Assert.All(plan.Steps, s => Assert.Null(s.Snmp));
        Assert.Equal(["commit"], plan.Commit.Select(l => l.Text));
    }

    [Fact]
    public void A_change_is_tried_out_by_its_commit_and_kept_by_another()
    {
        var plan = For(Lit, PortReading.Nothing);

        Assert.Empty(plan.Opening);
        Assert.Equal([new PlanLine(LineScope.Configure, "commit trial 120")], plan.Closing);
        Assert.Equal([new PlanLine(LineScope.Configure, "commit")], plan.Keep);
        Assert.EndsWith("\n  commit trial 120\n  commit\n", plan.Text);
        Assert.NotEqual(plan.Hash, (plan with { Trial = null }).Hash);
    }

    [Fact]
    public void Where_lines_run_at_once_the_trial_begins_before_the_first_of_them()
    {
        var comware = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("h3c-comware")!.Template;
        var plan = Planned(MakePlan.For(comware, new("b01", "GigabitEthernet1/0/7"), PortRole.Customer, Lit, PortReading.Nothing));

        Assert.Equal(["configuration commit delay 3"], plan.Opening.Select(l => l.Text));
        Assert.Empty(plan.Closing);
        Assert.Equal(["configuration commit"], plan.Keep.Select(l => l.Text));
        Assert.StartsWith("b01 GigabitEthernet1/0/7 (h3c-comware)\n  configuration commit delay 3\n", plan.Text);
    }

    [Fact]
    public void The_way_back_is_tried_out_too() =>
        Assert.Equal(["commit trial 120"], MakePlan.Reverse(For(Lit, Shown(PortIntent.Empty))).Closing.Select(l => l.Text));

    [Fact]
    public void Nothing_is_tried_out_where_nothing_is_typed() =>
        Assert.Null(For(Lit, Shown(Lit with { AdminStatus = AdminStatus.Down }), Channel.Snmp).Trial);

    private static PortReading Shown(PortIntent intent) => new(Project.Expected(Vrp8, intent));

    private static DevicePlan For(PortIntent intent, PortReading reading, Channel writeBy = Channel.Terminal) =>
        Planned(MakePlan.For(Vrp8, Port, PortRole.Customer, intent, reading, writeBy));
}
