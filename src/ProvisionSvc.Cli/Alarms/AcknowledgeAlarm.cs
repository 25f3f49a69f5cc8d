using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Alarms;

/// <summary><c>alarm ack</c>.</summary>
internal static class AcknowledgeAlarm
{
    public static UseCase Create()
    {
        var id = Values.Number("ALARM", "Number of the alarm");
        return new UseCase(
            "ack", "Say that you have seen an alarm", ["alarm ack 3"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.AcknowledgeAlarmAsync(parse.GetRequiredValue(id), ct), session.Screen.Alarm);
                return ExitCode.Done;
            });
    }
}
