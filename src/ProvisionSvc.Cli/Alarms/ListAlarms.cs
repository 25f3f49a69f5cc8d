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
        return new UseCase(
            "list", "Open alarms, each with what to do", ["alarm list", "alarm list --all --output json"], [all],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ListAlarmsAsync(openOnly: !parse.GetValue(all), ct), alarms => Show(session.Screen, alarms));
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
        screen.Line($"{alarm.Id}  {alarm.Severity}  {screen.Time(alarm.RaisedAt)}  {alarm.What}", Tones.OfSeverity(alarm.Severity));
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
}
