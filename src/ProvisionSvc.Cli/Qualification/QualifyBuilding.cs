using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Qualification;

/// <summary><c>qualify</c>: can this building carry a line of this rate?</summary>
internal static class QualifyBuilding
{
    public static UseCase Create()
    {
        var building = Values.Text("--building", "B", "Building").Needed();
        var rate = Values.Rate("--mbps", "Mbit/s, the larger direction").Needed();
        return new UseCase(
            "qualify", "Ask whether a building can carry a line: the port and VLAN, or every shortfall with its remedy; exit code 1 when it cannot",
            ["qualify --building B-12 --mbps 100"], [building, rate],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.QualifyAsync(
                    new() { Building = parse.GetRequiredValue(building)!, Mbps = parse.GetRequiredValue(rate)!.Value }, ct);
                session.Show(answer, view => Show(session.Screen, view));
                return answer.Value.Qualified ? ExitCode.Done : ExitCode.Error;
            });
    }

    private static void Show(Screen screen, QualificationView view)
    {
        if (view.Qualified)
        {
            screen.Line(
                ($"{view.Building} can carry {view.Mbps:0.###} Mbit/s", $"{view.Building} 可承载 {view.Mbps:0.###} Mbit/s"), Tone.Good);
            screen.Fields(
                new(("port", "端口"), $"{view.Switch} {view.IfName}".Trim()),
                new(("VLAN", "VLAN"), view.Vlan?.ToString()),
                new(("free ports", "空闲端口"), $"{view.FreePorts}"));
            return;
        }

        screen.Line(
            ($"{view.Building} cannot carry {view.Mbps:0.###} Mbit/s:", $"{view.Building} 无法承载 {view.Mbps:0.###} Mbit/s："), Tone.Bad);
        foreach (var shortfall in view.Shortfalls)
        {
            screen.Line($"  {shortfall.Message} ({shortfall.Code})");
            screen.Line($"    {screen.Say(("remedy", "办法"))}: {shortfall.Remedy}");
        }
    }
}
