using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Ports;

/// <summary>Columns that several commands show.</summary>
internal static class PortColumns
{
    public static Column<DriftView>[] Drift(Screen screen) =>
    [
        new(("SWITCH", "交换机"), d => d.Switch) { IsKept = true },
        new(("PORT", "端口"), d => d.IfName) { IsKept = true, KeepsEnd = true },
        new(("DRIFT", "偏差"), d => d.Class) { Tone = _ => Tone.Bad },
        new(("EXPECTED", "应为"), d => d.Expected ?? "-"),
        new(("SEEN", "实际"), d => d.Seen ?? "-"),
        new(("SINCE", "起始"), d => screen.ShortTime(d.Since)) { IsKept = true },
    ];

    /// <summary>A rate each way, once where both are the same.</summary>
    public static string Rates(decimal down, decimal up) => down == up ? $"{down:0.###} Mbit/s" : $"{down:0.###}/{up:0.###} Mbit/s";
}
