using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch config</c>: the archive of a switch's running configuration.</summary>
internal static class ShowConfiguration
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var at = Values.Day("--at", "As it was at that moment; a date is the beginning of that day");
        var diff = Values.Day("--diff", "What changed since then (up to --at, where that is given); exit code 2 when something did");
        var list = Values.Flag("--list", "The kept versions, newest first");
        return new UseCase(
            "config", "A switch's running configuration as it was last fetched, without its secrets",
            ["switch config sw-3", "switch config sw-3 --diff 2030-01-31", "switch config sw-3 --at 2030-01-31T09:00+08:00 > sw-3.txt", "switch config sw-3 --list"],
            [name, at, diff, list],
            async (parse, session, ct) =>
            {
                var (switchName, moment) = (parse.GetRequiredValue(name), parse.GetValue(at));
                if (parse.GetValue(list))
                {
                    if (moment is not null || parse.GetValue(diff) is not null)
                    {
                        throw new UsageException("--list shows all versions: leave --at and --diff out.");
                    }

                    session.Show(await session.Api.ListConfigurationsAsync(switchName, ct), view => List(session.Screen, view));
                    return ExitCode.Done;
                }

                if (parse.GetValue(diff) is { } since)
                {
                    var changes = await session.Api.DiffConfigurationAsync(switchName, since, moment, ct);
                    session.Show(changes, view => Diff(session.Screen, view));
                    return changes.Value.Hunks.Count > 0 ? ExitCode.ChangesPending : ExitCode.Done;
                }

                // Its bare lines: they may be kept in a file, or compared by other tools.
                session.Show(await session.Api.ReadConfigurationAsync(switchName, moment, ct), view => view.Text.Split('\n').ToList().ForEach(l => session.Screen.Line(l)));
                return ExitCode.Done;
            });
    }

    private static void List(Screen screen, ConfigurationListView view)
    {
        screen.Table(
            [.. view.Versions],
            new(("SINCE", "起始"), v => screen.Time(v.Since)) { IsKept = true },
            new(("UNTIL", "最近"), v => screen.Time(v.Until)) { IsKept = true },
            new(("AFTER", "来源"), v => v.Source),
            new(("LINES", "行数"), v => $"{v.Lines}") { IsNumber = true },
            new Column<ConfigurationVersionView>(("OCTETS", "字节"), v => $"{v.Octets}") { IsNumber = true });
        if (view.Problem is { } problem)
        {
            screen.Line(($"not fetched: {problem}", $"未能获取：{problem}"), Tone.Bad);
        }

        if (view.DueAt is { } due)
        {
            screen.Line(($"fetched next at {screen.Time(due)}", $"下次获取：{screen.Time(due)}"), Tone.Faint);
        }
    }

    private static void Diff(Screen screen, ConfigurationDiffView view)
    {
        screen.Line($"--- {view.Switch} {screen.Time(view.Before.Since)}", Tone.Strong);
        screen.Line($"+++ {view.Switch} {screen.Time(view.After.Since)}", Tone.Strong);
        if (view.Hunks.Count == 0)
        {
            screen.Line(("nothing changed", "没有变更"), Tone.Good);
        }

        foreach (var hunk in view.Hunks)
        {
            screen.Line($"@@ -{hunk.BeforeLine} +{hunk.AfterLine} @@", Tone.Faint);
            foreach (var line in hunk.Lines)
            {
                screen.Line(line, line[0] switch { '-' => Tone.Bad, '+' => Tone.Good, _ => Tone.Plain });
            }
        }
    }
}
