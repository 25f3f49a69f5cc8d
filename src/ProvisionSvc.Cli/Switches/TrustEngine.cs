using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch trust-engine</c>: which SNMPv3 engine a switch's agent is.</summary>
internal static class TrustEngine
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var engine = Values.Text("--engine-id", "HEX", "Pin this engine, if it is the one that has answered (compare it with the switch's own: show snmp engineID)");
        return new UseCase(
            "trust-engine", "Show the SNMPv3 engine that is pinned for a switch, or pin another that answers in its place; exit code 2 when another one does",
            ["switch trust-engine sw-3", "switch trust-engine sw-3 --engine-id 80001F88057F010001"], [name, engine],
            async (parse, session, ct) =>
            {
                var found = await session.Api.TrustEngineAsync(parse.GetRequiredValue(name), parse.GetValue(engine), ct);
                session.Show(found, view => session.Screen.Fields(
                    new(("switch", "交换机"), view.Switch, Tone.Strong),
                    new(("pinned", "登记引擎"), view.Pinned ?? session.Screen.Say(("none", "无"))),
                    new(("boots", "启动次数"), view.Boots is { } boots ? $"{boots}" : null),
                    new(("another answers", "另有引擎应答"), view.Claimed, Tone.Bad),
                    new(("since", "自"), view.ClaimedAt is { } at ? session.Screen.Time(at) : null)));
                return found.Value.Claimed is null ? ExitCode.Done : ExitCode.ChangesPending;
            });
    }
}
