using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch mode</c>.</summary>
internal static class SetSwitchMode
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var mode = new System.CommandLine.Argument<string>("MODE")
        {
            Description = "observe (polled, never written), manage (orders run) or maintenance (orders wait)",
        };
        System.CommandLine.ArgumentValidation.AcceptOnlyFromAmong(mode, "observe", "manage", "maintenance");
        var until = Values.Moment("--until", "End of the maintenance, such as 2030-01-31T06:00+08:00");
        var why = Values.Text("--why", "TEXT", "Why, for the audit log");
        var adminStatusBy = Values.OneOf("--admin-status-by", "By which channel ports are opened and closed; the other one proves it. Default: as it is", "terminal", "snmp");
        return new UseCase(
            "mode", "Say whether a switch is observed, managed or in maintenance",
            ["switch mode sw-3 maintenance --until 2030-01-31T06:00+08:00 --why \"new power supply\"", "switch mode sw-3 manage --admin-status-by snmp"], [name, mode, until, why, adminStatusBy],
            async (parse, session, ct) =>
            {
                var changed = await session.Api.SetSwitchModeAsync(
                    parse.GetRequiredValue(name), new(parse.GetRequiredValue(mode), parse.GetValue(until), parse.GetValue(why), parse.GetValue(adminStatusBy)), ct);
                session.Show(changed, session.Screen.Switch);
                return ExitCode.Done;
            });
    }
}
