using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential unlock</c>: a person has corrected the switches.</summary>
internal static class UnlockCredential
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the credential");
        var why = Values.Text("--why", "TEXT", "What was corrected, for the audit log").Needed();
        return new UseCase(
            "unlock", "Try a credential again where it was refused, and on all other switches; orders that waited for it go on",
            ["credential unlock access --why \"the RADIUS server has its users back\""], [name, why],
            async (parse, session, ct) =>
            {
                var view = await session.Api.UnlockCredentialAsync(parse.GetRequiredValue(name), parse.GetRequiredValue(why)!, ct);
                session.Show(view, v => CredentialText.Show(session.Screen, v));
                return ExitCode.Done;
            });
    }
}
