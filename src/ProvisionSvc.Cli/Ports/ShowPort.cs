using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Ports;

/// <summary><c>port show</c>: what a port should be beside what it was seen to be.</summary>
internal static class ShowPort
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var ifName = Values.Name("IFNAME", "The port's ifName");
        var live = Values.Flag("--live", "Read the switch now instead of showing the last sweep");
        return new UseCase(
            "show", "One port: service, holds, intent, last reading, drift",
            ["port show sw-3 GigabitEthernet0/0/7", "port show sw-3 GigabitEthernet0/0/7 --live"], [switchName, ifName, live],
            async (parse, session, ct) =>
            {
                var (name, port) = (parse.GetRequiredValue(switchName), parse.GetRequiredValue(ifName));
                var found = await session.Api.ListPortsAsync(name, port, parse.GetValue(live), ct);
                if (found.Value is not [var first, ..])
                {
                    throw new UsageException(session.Say(
                        ($"switch {name} has no port {port}: see provision port list {name}", $"交换机 {name} 没有端口 {port}：请参阅 provision port list {name}")));
                }

                if (session.IsJson)
                {
                    session.Screen.Out.WriteLine(JsonText.OfFirst(found.Json));
                }
                else
                {
                    Show(session.Screen, first);
                }

                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, PortView port)
    {
        screen.Fields(
            new(("port", "端口"), $"{port.Switch} {port.IfName}", Tone.Strong),
            new(("role", "用途"), port.Role),
            new(("service", "业务"), port.Service is { } service ? $"{service}  {port.ServiceState}" : screen.Say(("none: free", "无：空闲"))),
            new(("holds", "停机原因"), string.Join(", ", port.Holds), Tone.Waiting),
            new(("read", "读取时间"), port.ReadAt is null ? screen.Say(("never", "从未")) : screen.Time(port.ReadAt)),
            new(("missing since", "缺失自"), screen.Time(port.MissingSince), Tone.Bad));
        screen.Line();
        var intent = port.Intent;
        screen.Table<(string Field, string? Intent, string? Seen)>(
            [
                ("adminStatus", intent?.AdminStatus, port.AdminStatus),
                ("operStatus", null, port.OperStatus),
                .. Vlans(intent),
                ("rateDown", Rate(intent?.RateDownMbps, intent), null),
                ("rateUp", Rate(intent?.RateUpMbps, intent), null),
                ("alias", intent?.Alias, port.Alias),
                ("speed", null, port.SpeedMbps is { } speed ? $"{speed:0.##} Mbit/s" : null),
            ],
            new(("FIELD", "字段"), f => f.Field) { IsKept = true },
            new((intent is null ? "INTENT (none)" : $"INTENT v{intent.Version}", intent is null ? "应为（无）" : $"应为 v{intent.Version}"), f => f.Intent ?? "-"),
            new(("SEEN", "实际"), f => f.Seen ?? "-"));
        if (port.Drift.Count > 0)
        {
            screen.Line();
            screen.Line(("drift:", "偏差："), Tone.Bad);
            screen.Table(port.Drift, PortColumns.Drift(screen));
        }
    }

    /// <summary>A trunk has a list, any other port one VLAN.</summary>
    private static IEnumerable<(string Field, string? Intent, string? Seen)> Vlans(IntentView? intent) => intent?.AllowedVlans is { } allowed
        ? [("allowedVlans", allowed, null), ("nativeVlan", intent.NativeVlan?.ToString(), null)]
        : [("accessVlan", intent?.AccessVlan?.ToString(), null)];

    private static string? Rate(decimal? mbps, IntentView? intent) =>
        mbps is { } rate ? $"{rate:0.###} Mbit/s{(intent is { RatesElsewhere: true } ? " (elsewhere)" : "")}" : null;
}
