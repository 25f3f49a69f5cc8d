using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Alarms;

/// <summary><c>alarm list</c>: each alarm with its remedy, since a shortened remedy helps nobody.</summary>
internal static class ListAlarms
{
    public static UseCase Create()
    {
        var all = Values.Flag("--all", "Cleared ones too");
        var severity = Values.OneOf("--severity", "Only of this severity", "indeterminate", "warning", "minor", "major", "critical");
        return new UseCase(
            "list", "Open alarms, each with what to do", ["alarm list", "alarm list --severity critical", "alarm list --all --output json"], [all, severity],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ListAlarmsAsync(openOnly: !parse.GetValue(all), parse.GetValue(severity), ct), alarms => Show(session.Screen, alarms));
                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, AlarmView[] alarms)
    {
        if (alarms.Length == 0)
        {
            screen.Line(("no alarms", "无告警"), Tone.Good);
        }

        foreach (var alarm in alarms)
        {
            screen.Alarm(alarm);
        }
    }

    public static void Alarm(this Screen screen, AlarmView alarm)
    {
        screen.Line($"{alarm.Id}  {alarm.Severity}  {screen.Time(alarm.RaisedAt)}  {alarm.What}{Times(screen, alarm)}", Tones.OfSeverity(alarm.Severity));
        screen.Line($"    {screen.Say(("remedy", "办法"))}: {alarm.Remedy}");
        if (alarm.AcknowledgedBy is { } person)
        {
            screen.Line($"    {screen.Say(("acknowledged by", "确认人"))}: {person}", Tone.Faint);
        }

        if (alarm.ClearedAt is { } cleared)
        {
            screen.Line($"    {screen.Say(("cleared", "已恢复"))}: {screen.Time(cleared)}", Tone.Faint);
        }
    }

    private static string Times(Screen screen, AlarmView alarm) =>
        alarm.Times > 1 ? $" ({alarm.Times} {screen.Say(("times, last", "次，最近"))} {screen.Time(alarm.LastRaisedAt)})" : "";
}
