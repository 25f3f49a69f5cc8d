using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential show</c>.</summary>
internal static class ShowCredential
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the credential");
        return new UseCase(
            "show", "One credential: how many switches take which generation, and which refuse it", ["credential show access"], [name],
            async (parse, session, ct) =>
            {
                var found = await session.Api.ReadCredentialAsync(parse.GetRequiredValue(name), ct);
                session.Show(found, view => CredentialText.Show(session.Screen, view));
                CredentialText.Advise(session, found.Value);
                return ExitCode.Done;
            });
    }
}
