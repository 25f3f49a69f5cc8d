using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads <c>save</c>: how the running configuration is made to survive a restart, and how that is proven; or why there is nothing to save.</summary>
internal static class SaveSection
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static (SaveTemplate Save, IReadOnlyList<Dialogue> Questions) Read(
        MapReader top, IReadOnlyDictionary<string, string> reads, LinePolicy lines, FaultList faults)
    {
        if (top.Map("save", TemplateKeys.Save) is not { } map)
        {
            faults.Add(top.At("save"), "save is missing.", "Write how the device saves, or save: { none: why it need not }.");
            return (new([], null, null, null, Deadline, null), []);
        }

        if (map.Text("none") is { } none)
        {
            foreach (var key in TemplateKeys.Save.Where(k => k != "none" && map.Has(k)))
            {
                faults.Add(map.At(key), $"{map.Name(key)} stands beside none.", "Keep one of them.");
            }

            return (new([], null, null, null, Deadline, none.Text), []);
        }

        var typed = map.Texts("lines");
        if (typed.Count == 0)
        {
            faults.Add(map.At("lines"), "save.lines is missing.", "Write what is typed to save, or none with the reason.");
        }

        var success = map.RequiredPattern("success", "what the device says when it has saved");
        var verify = map.Map("verify", TemplateKeys.SaveVerify);
        if (verify is null)
        {
            faults.Add(map.At("verify"), "save.verify is missing.", "Add the command that shows what is saved: a save is proven, not believed.");
        }

        var unproven = verify?.Text("none");
        if (unproven is not null && verify!.Has("command"))
        {
            faults.Add(unproven, "save.verify.none stands beside command.", "Keep one of them.");
        }

        if (verify?.Text("readAs") is { } readAs && !reads.ContainsKey(readAs.Text))
        {
            faults.Add(readAs, $"There is no read \"{Printable.Of(readAs.Text)}\".", "Name one of reads.");
        }

        return (new(
            [.. typed.Select(l => lines.Check(l, map.Name("lines")))],
            success,
            verify is null || unproven is not null ? null : lines.Check(verify.Required("command", "what shows the saved configuration"), verify.Name("command")),
            verify?.Text("section")?.Text,
            map.Duration("deadline", Deadline),
            null,
            verify?.Text("readAs")?.Text) { WhyUnproven = unproven?.Text }, TerminalSection.Questions(map, "questions", faults));
    }
}
