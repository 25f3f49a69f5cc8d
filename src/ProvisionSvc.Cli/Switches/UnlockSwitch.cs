using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch unlock</c>: a person has looked.</summary>
internal static class UnlockSwitch
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var why = Values.Text("--why", "TEXT", "What was found, for the audit log").Needed();
        return new UseCase(
            "unlock", "Let orders run again on a switch that was locked until a person had looked at it",
            ["switch unlock sw-3 --why \"looked at the console: port 7 is as ordered\""], [name, why],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.UnlockSwitchAsync(parse.GetRequiredValue(name), parse.GetRequiredValue(why)!, ct), session.Screen.Switch);
                return ExitCode.Done;
            });
    }
}
