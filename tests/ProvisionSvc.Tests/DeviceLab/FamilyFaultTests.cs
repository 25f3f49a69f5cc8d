using System.Text.RegularExpressions;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>Every family misbehaves when told to, and the product's session is never sure of what it cannot know.</summary>
public sealed class FamilyFaultTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    public static TheoryData<string> Typed => [.. Catalog.Templates.Where(t => t.Dialect is not null).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_line_before_which_the_switch_dies_is_unknown_and_undone(string family)
    {
        await using var lab = await StartAsync(family);
        var before = lab.Port(lab.Lit).AdminUp;
        Assert.IsType<LineResult.Unknown>(await SuspendAsync(lab, family, "drop-before"));
        Assert.Equal(before, lab.Port(lab.Lit).AdminUp);
        Assert.Empty(lab.Host.WriteLog.WritesOf(lab.First.Name));
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_line_after_which_the_switch_dies_is_unknown_and_done(string family)
    {
        await using var lab = await StartAsync(family);
        Assert.IsType<LineResult.Unknown>(await SuspendAsync(lab, family, "drop-after"));
        AssertTaken(lab, family);
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_flood_behind_a_line_is_cut_off(string family)
    {
        await using var lab = await StartAsync(family);
        Assert.IsType<LineResult.Unknown>(await SuspendAsync(lab, family, "flood", new string('x', 4000)));
        AssertTaken(lab, family);
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_refusal_in_the_familys_words_is_a_rejection(string family)
    {
        await using var lab = await StartAsync(family);
        Assert.IsType<LineResult.Rejected>(await SuspendAsync(lab, family, "reject"));
        Assert.Empty(lab.Host.WriteLog.WritesOf(lab.First.Name));
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task A_line_without_effect_is_confirmed_and_only_the_read_back_finds_out(string family)
    {
        await using var lab = await StartAsync(family);
        Assert.IsType<LineResult.Confirmed>(await SuspendAsync(lab, family, "ignore"));
        Assert.True(lab.Port(lab.Lit).AdminUp);
        Assert.Contains(lab.Host.WriteLog.Entries, e => e.Result == "ignored");
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Lines_that_come_in_drops_are_read_as_ever(string family)
    {
        await using var lab = await StartAsync(family, TimeProvider.System);
        lab.Host.Control.Tell("*", new Fault.Drip(TimeSpan.FromTicks(1)));
        Assert.IsType<LineResult.Confirmed>(await SuspendAsync(lab, family, "clear"));
        AssertTaken(lab, family);
    }

    private static Task<TestLab> StartAsync(string family, TimeProvider? clock = null) => TestLab.StartAsync(o => o with { Families = [family], Switches = 1, Buildings = 1, Clock = clock ?? o.Clock });

    /// <summary>Types what closes the sold port, with a fault on the line that does it.</summary>
    private static async Task<LineResult> SuspendAsync(TestLab lab, string family, params string[] fault)
    {
        var loaded = Catalog.Find(family)!;
        var port = new PortName(lab.First.Name, lab.Lit);
        var dark = new PortIntent(AdminStatus.Down, RatesElsewhere: true);
        var reading = new PortReading(Project.Expected(loaded.Template, dark with { AdminStatus = AdminStatus.Up }));
        var line = Assert.Single(Assert.Single(Assert.IsType<PlanOutcome.Planned>(MakePlan.For(loaded.Template, port, PortRole.Customer, dark, reading)).Plan.Steps).Lines);
        await using var hands = new LabTerminal(lab, loaded);
        await using var session = await hands.OpenAsync();
        Assert.Null(await session.MoveToAsync(line.Scope, port, TestContext.Current.CancellationToken));
        if (fault is not ["clear"]) lab.Host.Control.Tell("*", ControlWords.Parse([fault[0], $"^{Regex.Escape(line.Text)}$", .. fault[1..]]));
        return await session.TypeAsync(line.Text, TestContext.Current.CancellationToken);
    }

    /// <summary>The line took effect; where lines fill a candidate, it fell with the session.</summary>
    private static void AssertTaken(TestLab lab, string family) => Assert.Equal(Catalog.Find(family)!.Template.Configure.Commit.Count > 0, lab.Port(lab.Lit).AdminUp);
}
