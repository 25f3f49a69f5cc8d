using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential retire</c>: the older generation goes.</summary>
internal static class RetireCredential
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the credential");
        var even = Values.Flag("--even-unproven", "Also when switches have not taken the newer one yet: they may be locked out");
        return new UseCase(
            "retire", "End the use of the older generation; it happens by itself when every switch has taken the newer one",
            ["credential retire access", "credential retire access --even-unproven"], [name, even],
            async (parse, session, ct) =>
            {
                var view = await session.Api.RetireCredentialAsync(parse.GetRequiredValue(name), parse.GetValue(even), ct);
                session.Show(view, v => CredentialText.Show(session.Screen, v));
                return ExitCode.Done;
            });
    }
}
