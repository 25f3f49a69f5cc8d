using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Ports;

/// <summary><c>port list</c>.</summary>
internal static class ListPorts
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var live = Values.Flag("--live", "Read the switch now instead of showing the last sweep");
        return new UseCase(
            "list", "The ports of a switch", ["port list sw-3", "port list sw-3 --live --output json"], [switchName, live],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListPortsAsync(parse.GetRequiredValue(switchName), ifName: null, parse.GetValue(live), ct),
                    new(("PORT", "端口"), p => p.IfName) { IsKept = true, KeepsEnd = true },
                    new(("ROLE", "用途"), p => p.Role),
                    new(("ADMIN", "管理"), p => p.AdminStatus ?? "?") { Tone = p => Light(p.AdminStatus) },
                    new(("OPER", "运行"), p => p.OperStatus ?? "?") { Tone = p => Light(p.OperStatus) },
                    new(("SERVICE", "业务"), p => p.Service) { IsKept = true },
                    new(("STATE", "状态"), p => p.ServiceState),
                    new(("HOLDS", "停机原因"), p => string.Join(',', p.Holds)) { Tone = _ => Tone.Waiting },
                    new(("VLAN", "VLAN"), p => p.Intent?.AccessVlan?.ToString()) { IsNumber = true },
                    new(("DRIFT", "偏差"), p => string.Join(',', p.Drift.Select(d => d.Class))) { Tone = _ => Tone.Bad });
                return ExitCode.Done;
            });
    }

    private static Tone Light(string? status) => status switch { "up" => Tone.Good, null => Tone.Faint, _ => Tone.Plain };
}
