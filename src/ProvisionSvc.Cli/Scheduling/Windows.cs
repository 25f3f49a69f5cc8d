using System.CommandLine;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>window add</c>.</summary>
internal static class AddWindow
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the window");
        var scope = new ScopeOptions(all: true, district: true);
        var weekdays = Values.Text("--weekdays", "DAYS", "weekly: mon,tue,wed,thu,fri,sat,sun");
        var from = Values.Text("--from", "HH:MM", "weekly: begin");
        var until = Values.Text("--until", "HH:MM", "weekly: end; not after the begin means on the next day");
        var cron = Values.Text("--cron", "CRON", "When it opens, as Quartz reads it (seconds first)");
        var lasts = new Option<int?>("--lasts") { HelpName = "MINUTES", Description = "cron: how long it stays open" };
        var days = Values.OneOf("--days", "On which days of the calendar. Default: any", "any", "working", "nonWorking");
        var zone = Values.Text("--zone", "ZONE", "Time zone of its times. Default: the service's own");
        var actions = Values.Text("--for", "ORDERS", "For these orders only, such as suspend,disconnect. Default: all but restorations");
        return new UseCase(
            "add", "Let changes begin in these times only; restorations are never kept waiting",
            [
                "window add night --node north-1 --weekdays tue,wed,thu --from 01:00 --until 05:00 --days working",
                "window add sunday --building B-12 --cron \"0 0 1 ? * SUN#1\" --lasts 240",
                "window add suspensions --all --weekdays tue,wed,thu --from 10:00 --until 15:00 --days working --for suspend",
            ],
            [name, .. scope.Symbols, weekdays, from, until, cron, lasts, days, zone, actions],
            async (parse, session, ct) =>
            {
                var (kind, target) = scope.Read(parse);
                var added = await session.Api.AddWindowAsync(
                    new()
                    {
                        Name = parse.GetRequiredValue(name), Scope = kind, Target = target, Weekdays = List(parse.GetValue(weekdays)), From = parse.GetValue(from),
                        Until = parse.GetValue(until), Cron = parse.GetValue(cron), LastsMinutes = parse.GetValue(lasts), Days = parse.GetValue(days),
                        TimeZone = parse.GetValue(zone), Actions = List(parse.GetValue(actions)),
                    },
                    ct);
                session.Show(added, w => session.Screen.Table([w], ListWindows.Columns(session.Screen)));
                return ExitCode.Done;
            });
    }

    public static IReadOnlyList<string>? List(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary><c>window list</c>.</summary>
internal static class ListWindows
{
    public static UseCase Create() => new(
        "list", "Change windows with their next openings", ["window list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(await session.Api.ListWindowsAsync(ct), Columns(session.Screen));
            return ExitCode.Done;
        });

    public static Column<WindowView>[] Columns(Screen screen) =>
    [
        new(("WINDOW", "窗口"), w => $"{w.Id}") { IsNumber = true, IsKept = true },
        new(("NAME", "名称"), w => w.Name) { IsKept = true },
        new(("SCOPE", "范围"), w => w.Scope == "all" ? "all" : $"{w.Scope} {w.Target}") { IsKept = true },
        new(("WHEN", "时间"), w => w.Cron is { } cron ? $"{cron} +{w.LastsMinutes}m" : $"{string.Join(',', w.Weekdays)} {w.From}-{w.Until}"),
        new(("DAYS", "日期类型"), w => w.Days),
        new(("ZONE", "时区"), w => w.TimeZone),
        new(("FOR", "订单"), w => w.Actions.Count == 0 ? "*" : string.Join(',', w.Actions)),
        new(("OPENS", "下次开放"), w => screen.Time(w.OpensAt)) { IsKept = true },
        new(("CLOSES", "关闭"), w => screen.Time(w.ClosesAt)),
    ];
}

/// <summary><c>window remove</c>.</summary>
internal static class RemoveWindow
{
    public static UseCase Create()
    {
        var id = Values.Number("WINDOW", "Number of the window");
        return new UseCase(
            "remove", "Remove a change window; what waited for it is looked at again", ["window remove 3"], [id],
            async (parse, session, ct) =>
            {
                await session.Api.RemoveWindowAsync(parse.GetRequiredValue(id), ct);
                session.Notes.Line(($"window {parse.GetRequiredValue(id)} is removed", $"窗口 {parse.GetRequiredValue(id)} 已删除"));
                return ExitCode.Done;
            });
    }
}
