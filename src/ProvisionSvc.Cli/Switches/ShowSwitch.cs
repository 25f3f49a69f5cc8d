using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch show</c>.</summary>
internal static class ShowSwitch
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        return new UseCase(
            "show", "One switch: place, addresses, trust, mode, room", ["switch show sw-3"], [name],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadSwitchAsync(parse.GetRequiredValue(name), ct), session.Screen.Switch);
                return ExitCode.Done;
            });
    }
}
