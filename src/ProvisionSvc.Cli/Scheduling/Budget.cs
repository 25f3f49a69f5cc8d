using System.CommandLine;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>budget raise</c>.</summary>
internal static class RaiseBudget
{
    public static UseCase Create()
    {
        var hour = new Option<int>("--per-hour") { HelpName = "N", Description = "So many more lit ports an hour may go dark" };
        var building = new Option<int>("--per-building") { HelpName = "N", Description = "So many more in one building" };
        var until = Values.Moment("--until", "End of the raise, within 7 days").Needed();
        var why = Values.Text("--why", "TEXT", "Why, for the audit log").Needed();
        return new UseCase(
            "raise", "Let more lit ports go dark for a while, by the orders of others",
            ["budget raise --per-hour 200 --per-building 40 --until 2030-01-31T12:00+08:00 --why \"disconnections after the merger\""], [hour, building, until, why],
            async (parse, session, ct) =>
            {
                var raised = await session.Api.RaiseBudgetAsync(
                    new() { PerHour = parse.GetValue(hour), PerBuilding = parse.GetValue(building), Until = parse.GetValue(until)!.Value, Why = parse.GetValue(why)! }, ct);
                session.Show(raised, r => session.Screen.Table([r], ListRaises.Columns(session.Screen)));
                return ExitCode.Done;
            });
    }
}

/// <summary><c>budget list</c>.</summary>
internal static class ListRaises
{
    public static UseCase Create()
    {
        var all = Values.Flag("--all", "Those that are over too");
        return new UseCase(
            "list", "Raises that stand", ["budget list", "budget list --all"], [all],
            async (parse, session, ct) =>
            {
                session.ShowTable(await session.Api.ListBudgetRaisesAsync(parse.GetValue(all), ct), Columns(session.Screen));
                return ExitCode.Done;
            });
    }

    public static Column<BudgetRaiseView>[] Columns(Screen screen) =>
    [
        new(("RAISE", "提额"), r => $"{r.Id}") { IsNumber = true, IsKept = true },
        new(("PER HOUR", "每小时"), r => $"+{r.PerHour}") { IsNumber = true, IsKept = true },
        new(("PER BUILDING", "每楼宇"), r => $"+{r.PerBuilding}") { IsNumber = true, IsKept = true },
        new(("UNTIL", "截止"), r => screen.Time(r.EndedAt ?? r.Until)) { IsKept = true },
        new(("WHO", "操作人"), r => r.Who),
        new(("WHY", "原因"), r => r.Why),
    ];
}

/// <summary><c>budget end</c>.</summary>
internal static class EndRaise
{
    public static UseCase Create()
    {
        var id = Values.Number("RAISE", "Number of the raise");
        return new UseCase(
            "end", "End a raise now", ["budget end 3"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.EndBudgetRaiseAsync(parse.GetRequiredValue(id), ct), r => session.Screen.Table([r], ListRaises.Columns(session.Screen)));
                return ExitCode.Done;
            });
    }
}
