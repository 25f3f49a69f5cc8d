using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Credentials;

/// <summary>A credential as a person reads it: who is on which generation, who refuses it.</summary>
internal static class CredentialText
{
    public static void Show(Screen screen, CredentialView view)
    {
        screen.Fields(
            new(("credential", "凭据"), view.Name, Tone.Strong),
            new(("user", "用户"), view.User),
            new(("generation", "版本"), Generations(view)),
            new(("switches", "交换机"), $"{view.Switches}"),
            new(("not reached yet", "尚未连通"), view.NotReached > 0 ? $"{view.NotReached}" : null));
        foreach (var generation in view.Generations)
        {
            screen.Line((Sentence(generation), Chinese(generation)), generation.BlockedAt is null && generation.RefusedBy.Count == 0 ? Tone.Plain : Tone.Bad);
        }
    }

    /// <summary>What remains to be done while two generations stand.</summary>
    public static void Advise(Session session, CredentialView view)
    {
        if (view.Generations.Count > 1)
        {
            session.Notes.Line(
                ($"switches that take the new one are used with it; when they have been changed: provision credential prove {view.Name}",
                 $"已接受新版本的交换机将使用新版本；交换机修改完成后：provision credential prove {view.Name}"));
        }
    }

    /// <summary>The one in use, and the one that is being proven.</summary>
    public static string Generations(CredentialView view) => view.Generations is [.., { State: "next" } next] ? $"{view.Generation} → {next.Generation}" : $"{view.Generation}";

    private static string Sentence(CredentialGenerationView g) =>
        $"generation {g.Generation} ({g.State}, {g.User}, {g.Snmp}): {g.Switches} switches"
        + (g.RefusedBy.Count > 0 ? $"; refused by {string.Join(", ", g.RefusedBy)}" : "")
        + (g.BlockedAt is not null ? "; tried on no further switch" : "");

    private static string Chinese(CredentialGenerationView g) =>
        $"版本 {g.Generation}（{(g.State == "next" ? "待验证" : "在用")}，{g.User}，{g.Snmp}）：{g.Switches} 台交换机"
        + (g.RefusedBy.Count > 0 ? $"；拒绝：{string.Join("、", g.RefusedBy)}" : "")
        + (g.BlockedAt is not null ? "；不再尝试其他交换机" : "");
}
