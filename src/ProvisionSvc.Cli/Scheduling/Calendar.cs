using System.CommandLine;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>calendar import</c>.</summary>
internal static class ImportCalendar
{
    public static UseCase Create()
    {
        var file = Values.Name("FILE", "CSV with the header day,kind,name; kind is working or nonWorking");
        return new UseCase(
            "import", "Load a year's holidays and make-up working days; the years in the file are replaced whole", ["calendar import 2026.csv"], [file],
            async (parse, session, ct) =>
            {
                var path = parse.GetRequiredValue(file);
                var imported = await session.Api.ImportCalendarAsync(InputFile.ReadText(path, "calendar"), ct);
                session.Show(imported, c => session.Screen.Line(($"{c.Days.Count} days of {path}", $"{path}：{c.Days.Count} 天"), Tone.Good));
                return ExitCode.Done;
            });
    }
}

/// <summary><c>calendar show</c>.</summary>
internal static class ShowCalendar
{
    public static UseCase Create()
    {
        var year = new Option<int?>("--year") { HelpName = "YEAR", Description = "Only this year" };
        return new UseCase(
            "show", "Days that are worked, or not, other than Monday to Friday says", ["calendar show --year 2026"], [year],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadCalendarAsync(parse.GetValue(year), ct), c => session.Screen.Table(
                    c.Days, new Column<CalendarDayView>(("DAY", "日期"), d => $"{d.Day:yyyy-MM-dd}") { IsKept = true }, new(("KIND", "类型"), d => d.Kind) { IsKept = true }, new(("NAME", "名称"), d => d.Name)));
                return ExitCode.Done;
            });
    }
}
