using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential prove</c>: a new login by the newest generation on every switch, before the older one goes.</summary>
internal static class ProveCredential
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the credential");
        return new UseCase(
            "prove",
            "Log in and ask by the newest generation, once on every switch that it has not reached; when all take it the older one is retired. "
            + "Exit code 2 when some do not. Nothing is written to a switch",
            ["credential prove access"], [name],
            async (parse, session, ct) =>
            {
                var proof = await session.Api.ProveCredentialAsync(parse.GetRequiredValue(name), ct);
                session.Show(proof, view =>
                {
                    foreach (var left in view.Unproven)
                    {
                        session.Screen.Line(($"{left.Switch}: {left.Problem}", $"{left.Switch}：{left.Problem}"), Tone.Bad);
                    }

                    session.Screen.Line(
                        ($"generation {view.Generation} is taken by {view.Proven} switches, not by {view.Unproven.Count}",
                         $"版本 {view.Generation}：{view.Proven} 台交换机已接受，{view.Unproven.Count} 台未接受"));
                    CredentialText.Show(session.Screen, view.Credential);
                });
                return proof.Value.Unproven.Count == 0 ? ExitCode.Done : ExitCode.ChangesPending;
            });
    }
}
