using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>
/// Every capability that a template claims, on the simulated switch of its family: plans are made, typed, read back and saved by the product's own code, and the
/// lab's log holds the planned lines and nothing else.
/// </summary>
public sealed class FamilyLifeTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    public static TheoryData<string> Families => [.. Catalog.Templates.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task A_line_lives_on_every_family_by_its_planned_lines_alone(string family)
    {
        var loaded = Catalog.Find(family)!;
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family], OperLag = TimeSpan.Zero });
        await using var hands = new LabTerminal(lab, loaded);
        var port = new PortName(lab.First.Name, lab.Dark);
        var template = loaded.Template;
        var lit = Lit(template);
        var lives = new List<PortIntent> { lit, lit with { AdminStatus = AdminStatus.Down }, lit, lit with { Alias = CircuitId.Parse("BJ-900002") } };
        if (template.Fields.ContainsKey(IntentField.RateDown))
        {
            lives.Add(lit with { RateDown = Bandwidth.FromKbps(200_001), RateUp = Bandwidth.FromKbps(20_003) });
        }

        lives.Add(PortIntent.Empty with { RatesElsewhere = lit.RatesElsewhere });
        foreach (var intent in lives)
        {
            await ObeyAsync(lab, hands, loaded, port, intent);
        }
    }

    /// <summary>Reads, plans, types, saves; then reads again in a new session.</summary>
    private static async Task ObeyAsync(TestLab lab, LabTerminal hands, LoadedTemplate loaded, PortName port, PortIntent intent)
    {
        var template = loaded.Template;
        var plan = Assert.IsType<PlanOutcome.Planned>(MakePlan.For(template, port, Core.Inventory.PortRole.Customer, intent, await ReadAsync(hands, loaded, port))).Plan;
        Assert.False(plan.IsEmpty);
        var before = lab.Host.WriteLog.Entries.Count;
        await using (var session = await hands.OpenAsync())
        {
            foreach (var step in plan.Steps.Where(s => s.Snmp is not null))
            {
                await hands.Access.Agents.SetAsync(hands.Endpoint, hands.Credential, port, null, step.Snmp!, Ct);
            }

            foreach (var line in plan.Steps.SelectMany(s => s.Lines).Concat(plan.Commit))
            {
                Assert.Null(await session.MoveToAsync(line.Scope, port, Ct));
                Assert.IsType<LineResult.Confirmed>(await session.TypeAsync(line.Text, Ct));
            }

            Assert.Null(await session.SaveAsync(port, Ct));
        }

        AssertLog([.. lab.Host.WriteLog.Entries.Skip(before)], loaded, plan, port);
        var seen = await ReadAsync(hands, loaded, port);
        Assert.True(Compare.Unproven(plan.Expected, seen) is [], $"{plan.Text}\nwas read back as {string.Join(", ", seen.Values.Select(v => $"{v.Key}={v.Value}"))}");
        Assert.False(lab.Host.Control.State(lab.First.Name).Unsaved);
        await AssertSavedAsync(hands, loaded, plan, port);
    }

    private static void AssertLog(IReadOnlyList<LogEntry> log, LoadedTemplate loaded, DevicePlan plan, PortName port)
    {
        Assert.Equal(plan.Steps.Count(s => s.Snmp is not null), log.Count(e => e.Channel == "snmp"));
        var typed = log.Where(e => e is { Channel: "stream", LineNumber: not null }).ToList();
        Assert.All(typed, e => Assert.True(e.Result == "accepted" || MayFail(loaded, e.Line), $"\"{e.Line}\" was {e.Result}"));

        // One line may write several fields, and a candidate's line is logged when it is typed and when it takes effect.
        var lines = typed.DistinctBy(e => (e.Session, e.LineNumber)).OrderBy(e => e.LineNumber).Select(e => e.Line!).ToList();
        var planned = Typed(loaded.Template, plan, port).ToList();
        var login = loaded.Dialect is { } dialect ? dialect.Login.Sum(s => s.Dialogues is { Count: > 0 } ? 2 : 1) : 0;
        Assert.Equal(planned, lines.Skip(login).Take(planned.Count));
        Assert.Equal(loaded.Template.Save.Lines, lines.Skip(login + planned.Count).Take(loaded.Template.Save.Lines.Count));

        string[] may = [.. plan.Steps.SelectMany(s => s.Lines).Concat(plan.Commit).Select(l => l.Text), .. loaded.Template.Save.Lines, "y", ""];
        Assert.All(typed.Where(e => e.Kind == LogKind.Write), e => Assert.Contains(e.Line, may));
        Assert.All(log.Where(e => e is { Kind: LogKind.Write, Port: not null }), e => Assert.Equal(port.IfName, e.Port));
    }

    /// <summary>A login line that may fail, or the logout's way out of a mode in which the session does not stand.</summary>
    private static bool MayFail(LoadedTemplate loaded, string? line) => loaded.Dialect!.Logout.Contains(line) || loaded.Dialect.Login.Any(s => s.MayFail && s.Send == line);

    /// <summary>What must be typed for a plan: its lines, and the ways between their levels.</summary>
    private static IEnumerable<string> Typed(DeviceTemplate template, DevicePlan plan, PortName port)
    {
        var level = LineScope.Exec;
        foreach (var line in plan.Steps.SelectMany(s => s.Lines).Concat(plan.Commit).Append(new PlanLine(LineScope.Exec, "")))
        {
            for (; level != line.Scope; level += level < line.Scope ? 1 : -1)
            {
                var way = (level, line.Scope > level) switch
                {
                    (LineScope.Exec, _) => template.Configure.Enter,
                    (LineScope.Configure, true) => template.Port.Enter,
                    (LineScope.Configure, false) => template.Configure.Leave,
                    _ => template.Port.Leave,
                };
                foreach (var step in way)
                {
                    yield return template.Typed(step, port);
                }
            }

            if (line.Text.Length > 0)
            {
                yield return line.Text;
            }
        }
    }

    private static async Task AssertSavedAsync(LabTerminal hands, LoadedTemplate loaded, DevicePlan plan, PortName port)
    {
        await using var session = await hands.OpenAsync();
        if (await session.ShowSavedAsync(port, Ct) is { } saved)
        {
            var reading = ParseReading.FromSection(loaded.Template, saved, port);
            Assert.Empty(Compare.Differences(plan.Expected, reading));
            Assert.NotEmpty(reading.Values);
        }
    }

    private static async Task<PortReading> ReadAsync(LabTerminal hands, LoadedTemplate loaded, PortName port)
    {
        await using var session = await hands.OpenAsync();

        // The agent of a ZXR10 has no names, so its ports cannot be found there.
        return loaded.Template.Name == "zte-zxr10"
            ? await session.ReadAsync(port, Ct)
            : (await hands.Access.ReadAsync(session, hands.Endpoint, hands.Credential, loaded, port, null, Ct)).Reading;
    }

    private static PortIntent Lit(DeviceTemplate template)
    {
        var rates = template.Fields.ContainsKey(IntentField.RateDown);
        return new PortIntent(
            AdminStatus.Up,
            template.Fields.ContainsKey(IntentField.AccessVlan) ? new VlanId(3007) : null,
            rates ? Bandwidth.FromKbps(100_001) : null, rates ? Bandwidth.FromKbps(50_000) : null, CircuitId.Parse("BJ-900001"), RatesElsewhere: !rates);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
}
