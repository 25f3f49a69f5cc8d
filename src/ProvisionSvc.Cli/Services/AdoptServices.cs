using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Services;

/// <summary><c>service adopt</c>: imported services get intents and their switches come under management; first it is only shown.</summary>
internal static class AdoptServices
{
    public static UseCase Create()
    {
        var switchName = Values.Text("--switch", "S", "Only this switch");
        var building = Values.Text("--building", "B", "Only this building");
        var apply = Values.Flag("--apply", "Adopt; without it the differences are only shown");
        var accept = Values.Flag("--accept-differences", "Also adopt switches with differences; they become drift that an order repairs");
        return new UseCase(
            "adopt", "Take over imported services: show what would change, then put their switches to manage; exit code 2 while something is left to adopt",
            ["service adopt", "service adopt --building B-12 --apply", "service adopt --switch sw-3 --apply --accept-differences"],
            [switchName, building, apply, accept],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.AdoptServicesAsync(
                    new()
                    {
                        Switch = parse.GetValue(switchName),
                        Building = parse.GetValue(building),
                        Apply = parse.GetValue(apply),
                        AcceptDifferences = parse.GetValue(accept),
                    },
                    ct);
                session.Show(answer, view => Show(session.Screen, view));
                return ExitOf(answer.Value);
            });
    }

    /// <summary>A switch that could not be read is an error; one that waits for a decision about its differences is a pending change.</summary>
    private static int ExitOf(AdoptServicesView view) =>
        view.Switches.Any(s => s.Problem is not null && s.Differences.Count == 0) ? ExitCode.Error
        : view.Switches.Any(s => !s.Adopted) ? ExitCode.ChangesPending
        : ExitCode.Done;

    private static void Show(Screen screen, AdoptServicesView view)
    {
        screen.Table(
            view.Switches,
            new(("SWITCH", "交换机"), s => s.Switch) { IsKept = true },
            new(("SERVICES", "业务数"), s => $"{s.Services}") { IsNumber = true },
            new(("AGREE", "一致"), s => $"{s.PortsAgreeing}") { IsNumber = true },
            new(("DIFFER", "差异"), s => $"{s.Differences.Count}") { IsNumber = true, Tone = s => s.Differences.Count == 0 ? Tone.Plain : Tone.Waiting },
            new(("ADOPTED", "已接管"), s => screen.Say(s.Adopted ? ("yes", "是") : ("no", "否"))) { Tone = s => s.Adopted ? Tone.Good : Tone.Waiting });
        foreach (var found in view.Switches)
        {
            if (found.Problem is { } problem)
            {
                screen.Line($"{found.Switch}: {problem}", Tone.Bad);
            }

            foreach (var difference in found.Differences)
            {
                screen.Line($"{found.Switch} {difference.IfName}  {difference.Field}:");
                screen.Line($"  - {difference.Seen ?? "-"}", Tone.Bad);
                screen.Line($"  + {difference.Expected ?? "-"}", Tone.Good);
            }
        }

        if (!view.Applied && view.Switches.Count > 0)
        {
            screen.Line(("nothing was written: add --apply to adopt", "未写入任何内容：加 --apply 以接管"), Tone.Waiting);
        }
    }
}
