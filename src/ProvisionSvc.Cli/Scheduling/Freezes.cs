using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>freeze add</c>.</summary>
internal static class AddFreeze
{
    public static UseCase Create()
    {
        var scope = new ScopeOptions(all: true, district: true);
        var from = Values.Moment("--from", "Begin, such as 2030-01-31T00:00+08:00").Needed();
        var until = Values.Moment("--until", "End").Needed();
        var why = Values.Text("--why", "TEXT", "Why; shown with every order that waits").Needed();
        var except = Values.Text("--except", "ROLES", "Orders of these roles are not kept, such as engineering,business");
        return new UseCase(
            "add", "Let no change begin from one time to another; restorations are never kept waiting",
            ["freeze add --all --from 2030-10-01T00:00+08:00 --until 2030-10-08T00:00+08:00 --why \"National Day\" --except engineering"],
            [.. scope.Symbols, from, until, why, except],
            async (parse, session, ct) =>
            {
                var (kind, name) = scope.Read(parse);
                var added = await session.Api.AddFreezeAsync(
                    new()
                    {
                        Scope = kind, Name = name, From = parse.GetValue(from)!.Value, Until = parse.GetValue(until)!.Value, Why = parse.GetValue(why)!,
                        ExceptRoles = AddWindow.List(parse.GetValue(except)),
                    },
                    ct);
                session.Show(added, f => session.Screen.Table([f], ListFreezes.Columns(session.Screen)));
                return ExitCode.Done;
            });
    }
}

/// <summary><c>freeze list</c>.</summary>
internal static class ListFreezes
{
    public static UseCase Create()
    {
        var all = Values.Flag("--all", "Those that are over too");
        return new UseCase(
            "list", "Freezes that stand or come", ["freeze list", "freeze list --all"], [all],
            async (parse, session, ct) =>
            {
                session.ShowTable(await session.Api.ListFreezesAsync(parse.GetValue(all), ct), Columns(session.Screen));
                return ExitCode.Done;
            });
    }

    public static Column<FreezeView>[] Columns(Screen screen) =>
    [
        new(("FREEZE", "冻结"), f => $"{f.Id}") { IsNumber = true, IsKept = true },
        new(("SCOPE", "范围"), f => f.Scope == "all" ? "all" : $"{f.Scope} {f.Name}") { IsKept = true },
        new(("FROM", "开始"), f => screen.Time(f.From)) { IsKept = true },
        new(("UNTIL", "截止"), f => screen.Time(f.EndedAt ?? f.Until)) { IsKept = true },
        new(("EXCEPT", "例外角色"), f => string.Join(',', f.ExceptRoles)),
        new(("WHO", "操作人"), f => f.Who),
        new(("WHY", "原因"), f => f.Why),
    ];
}

/// <summary><c>freeze end</c>.</summary>
internal static class EndFreeze
{
    public static UseCase Create()
    {
        var id = Values.Number("FREEZE", "Number of the freeze");
        return new UseCase(
            "end", "End a freeze now, or take back one that has not begun", ["freeze end 3"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.EndFreezeAsync(parse.GetRequiredValue(id), ct), f => session.Screen.Table([f], ListFreezes.Columns(session.Screen)));
                return ExitCode.Done;
            });
    }
}
