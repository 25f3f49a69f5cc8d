using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch list</c>.</summary>
internal static class ListSwitches
{
    public static UseCase Create()
    {
        var building = Values.Text("--building", "B", "Only in this building");
        return new UseCase(
            "list", "Switches with their mode, reachability and room", ["switch list", "switch list --building B-12"], [building],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListSwitchesAsync(parse.GetValue(building), ct),
                    new(("SWITCH", "交换机"), s => s.Name) { IsKept = true },
                    new(("BUILDING", "楼宇"), s => s.Building),
                    new(("NODE", "节点"), s => s.Node),
                    new(("TEMPLATE", "模板"), s => s.Template),
                    new(("MODE", "模式"), s => s.Mode) { IsKept = true, Tone = s => Tones.OfSwitchMode(s.Mode) },
                    new(("REACH", "可达性"), s => s.Reachability) { Tone = s => Tones.OfReachability(s.Reachability) },
                    new(("LIT", "已开通"), s => $"{s.PortsLit}") { IsNumber = true, IsKept = true },
                    new(("FREE", "空闲"), s => $"{s.PortsFree}") { IsNumber = true, IsKept = true });
                return ExitCode.Done;
            });
    }
}
