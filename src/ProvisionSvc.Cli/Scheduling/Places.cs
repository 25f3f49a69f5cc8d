using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>node pace</c>.</summary>
internal static class SetPace
{
    public static UseCase Create()
    {
        var name = Values.Name("NODE", "Name of the node");
        var perMinute = new Option<int?>("--per-minute") { HelpName = "N", Description = "Changes a minute. Default: what the setting says" };
        return new UseCase(
            "pace", "How many changes may begin at a node in a minute", ["node pace north-1 --per-minute 10", "node pace north-1"], [name, perMinute],
            async (parse, session, ct) =>
            {
                var node = parse.GetRequiredValue(name);
                session.Show(await session.Api.SetPaceAsync(node, parse.GetValue(perMinute), ct), p => session.Screen.Line(p.PerMinute is { } n
                    ? ($"{node}: {n} changes a minute", $"{node}：每分钟 {n} 项变更")
                    : ($"{node}: as the setting says", $"{node}：按系统设置")));
                return ExitCode.Done;
            });
    }
}

/// <summary><c>node maintenance</c> and <c>building maintenance</c>.</summary>
internal static class SetMaintenance
{
    public static UseCase OfNode() => Create("node", "nodes", "NODE", "north-1");

    public static UseCase OfBuilding() => Create("building", "buildings", "BUILDING", "B-12");

    private static UseCase Create(string noun, string places, string placeholder, string example)
    {
        var name = Values.Name(placeholder, $"Name of the {noun}");
        var until = Values.Moment("--until", "End of the maintenance");
        var end = Values.Flag("--end", "End it now");
        var why = Values.Text("--why", "TEXT", "Why, for the audit log");
        return new UseCase(
            "maintenance", $"Put every switch of a {noun} into maintenance until a time, or end it; each goes back to the mode it had",
            [$"{noun} maintenance {example} --until 2030-01-31T06:00+08:00 --why \"new power supply\"", $"{noun} maintenance {example} --end"], [name, until, end, why],
            async (parse, session, ct) =>
            {
                if (parse.GetValue(until) is null != parse.GetValue(end))
                {
                    throw new UsageException("Give either --until or --end.");
                }

                var changed = await session.Api.SetMaintenanceAsync(places, parse.GetRequiredValue(name), new(parse.GetValue(until), parse.GetValue(why)), ct);
                session.Show(changed, m => session.Screen.Line(m.Until is { } at
                    ? ($"{m.Switches.Count} switches of {m.Name} are in maintenance until {session.Screen.Time(at)}", $"{m.Name} 的 {m.Switches.Count} 台交换机维护至 {session.Screen.Time(at)}")
                    : ($"{m.Switches.Count} switches of {m.Name} are out of maintenance", $"{m.Name} 的 {m.Switches.Count} 台交换机已结束维护")));
                return ExitCode.Done;
            });
    }
}
