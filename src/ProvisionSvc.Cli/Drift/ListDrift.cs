using ProvisionSvc.Cli.Ports;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Drift;

/// <summary><c>drift list</c>.</summary>
internal static class ListDrift
{
    public static UseCase Create()
    {
        var building = Values.Text("--building", "B", "Only in this building");
        var switchName = Values.Text("--switch", "S", "Only on this switch");
        return new UseCase(
            "list", "Ports that were seen to be other than they should be", ["drift list", "drift list --building B-12"], [building, switchName],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListDriftAsync(parse.GetValue(building), parse.GetValue(switchName), ct), PortColumns.Drift(session.Screen));
                return ExitCode.Done;
            });
    }
}
