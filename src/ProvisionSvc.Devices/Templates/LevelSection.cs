using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>configure</c> and <c>port</c>: how the levels are entered and left, and what makes a candidate run.</summary>
internal static class LevelSection
{
    public static LevelTemplate Configure(MapReader top, LinePolicy lines, FaultList faults)
    {
        var map = top.Map("configure", TemplateKeys.Configure);
        var level = Level(map, "configure", lines);
        if (map is null)
        {
            return level;
        }

        if (map.Has("commit") != map.Has("abort"))
        {
            faults.Add(map.At(map.Has("commit") ? "commit" : "abort"), "configure has commit or abort without the other.", "A candidate that can be committed must be emptied when a line is refused; write both.");
        }

        return level with
        {
            Commit = [.. map.Texts("commit").Select(l => lines.Check(l, "configure.commit"))],
            Abort = [.. map.Texts("abort").Select(l => lines.Check(l, "configure.abort"))],
            CommitDeadline = map.Has("deadline") ? map.Duration("deadline", TimeSpan.FromSeconds(60)) : null,
        };
    }

    public static LevelTemplate Port(MapReader top, LinePolicy lines) => Level(top.Map("port", TemplateKeys.Level), "port", lines, "{port}");

    private static LevelTemplate Level(MapReader? level, string key, LinePolicy lines, params IReadOnlyList<string> placeholders) => level is null ? LevelTemplate.None : new(
        [.. level.Texts("enter").Select(l => lines.Check(l, $"{key}.enter", placeholders))],
        [.. level.Texts("leave").Select(l => lines.Check(l, $"{key}.leave", placeholders))]);
}
