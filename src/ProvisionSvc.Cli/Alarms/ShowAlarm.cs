using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Alarms;

/// <summary><c>alarm show</c>: an alarm with its history.</summary>
internal static class ShowAlarm
{
    public static UseCase Create()
    {
        var id = Values.Number("ALARM", "Number of the alarm");
        return new UseCase(
            "show", "An alarm, when it was raised, got worse, was acknowledged and cleared, and the earlier ones about the same thing",
            ["alarm show 3", "--lang zh alarm show 3"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadAlarmAsync(parse.GetRequiredValue(id), ct), detail =>
                {
                    session.Screen.Alarm(detail.Alarm);
                    foreach (var h in detail.History)
                    {
                        session.Screen.Line($"    {session.Screen.Time(h.At)}  {session.Say(What(h.What))}  {h.Severity}  {(h.Who is { } who ? who : h.Text)}", Tone.Faint);
                    }

                    foreach (var earlier in detail.Earlier)
                    {
                        session.Screen.Line($"  {session.Say(("earlier", "此前"))}: {earlier.Id}  {session.Screen.Time(earlier.RaisedAt)} - {session.Screen.Time(earlier.ClearedAt)}  {earlier.What}", Tone.Faint);
                    }
                });
                return ExitCode.Done;
            });
    }

    private static Words What(string word) => word switch
    {
        "raised" => ("raised", "产生"),
        "changed" => ("changed", "变化"),
        "acknowledged" => ("acknowledged", "确认"),
        "cleared" => ("cleared", "恢复"),
        _ => (word, word),
    };
}
