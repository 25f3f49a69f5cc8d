using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>configure</c> and <c>port</c>: how the levels are entered and left, and what makes a candidate run.</summary>
internal static class LevelSection
{
    private static readonly TimeSpan LeastTrial = TimeSpan.FromSeconds(5);

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
            Trial = Trial(map, lines, faults),
        };
    }

    private static TrialTemplate? Trial(MapReader configure, LinePolicy lines, FaultList faults)
    {
        if (configure.Map("confirm", TemplateKeys.Confirm) is not { } map)
        {
            return null;
        }

        foreach (var key in new[] { "begin", "keep", "within" }.Where(k => !map.Has(k)))
        {
            faults.Add(map.At(key), $"{map.Name(key)} is missing.", "Write begin and keep (lines) and within (the time after which the device goes back by itself).");
        }

        if (map.Has("mayFail") && configure.Has("commit"))
        {
            faults.Add(map.At("mayFail"), $"{map.Name("mayFail")} stands beside a commit.", "A commit that is refused has failed; leave it out.");
        }

        var within = map.Duration("within", TimeSpan.FromMinutes(2));
        if (within < LeastTrial)
        {
            faults.Add(map.At("within"), $"{map.Name("within")} is {within.TotalSeconds:0} s.", $"A change is read back over two channels first; {LeastTrial.TotalSeconds:0}s is the least.");
        }

        return new(
            [.. map.Texts("begin").Select(l => lines.Check(l, map.Name("begin")))], [.. map.Texts("keep").Select(l => lines.Check(l, map.Name("keep")))], within)
        {
            SameSession = map.Flag("sameSession", false), MayFail = map.Flag("mayFail", false),
        };
    }

    public static LevelTemplate Port(MapReader top, LinePolicy lines, FaultList faults)
    {
        var map = top.Map("port", TemplateKeys.Port);
        return Level(map, "port", lines, "{port}") with { Prompt = map is null ? null : Prompt(map, faults) };
    }

    private static string? Prompt(MapReader map, FaultList faults)
    {
        if (map.Text("prompt") is { } prompt)
        {
            map.Compile(prompt with { Text = prompt.Text.Replace("{port}", "x", StringComparison.Ordinal) }, map.Name("prompt"));
            if (!prompt.Text.Contains("{port}", StringComparison.Ordinal))
            {
                faults.Add(prompt, $"{map.Name("prompt")} has no {{port}}.", "It is there to tell one port from another.");
            }
        }

        return map.Text("prompt")?.Text;
    }

    private static LevelTemplate Level(MapReader? level, string key, LinePolicy lines, params IReadOnlyList<string> placeholders) => level is null ? LevelTemplate.None : new(
        [.. level.Texts("enter").Select(l => lines.Check(l, $"{key}.enter", placeholders))],
        [.. level.Texts("leave").Select(l => lines.Check(l, $"{key}.leave", placeholders))]);
}
