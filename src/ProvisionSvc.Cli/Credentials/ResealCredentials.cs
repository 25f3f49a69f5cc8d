using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential reseal</c>: the last step of changing the key that credentials are sealed with.</summary>
internal static class ResealCredentials
{
    public static UseCase Create() => new(
        "reseal", "Seal all credentials with the present key, after the service was given a new one beside the old; exit code 2 when some cannot be opened",
        ["credential reseal"], [],
        async (_, session, ct) =>
        {
            var done = await session.Api.ResealCredentialsAsync(ct);
            session.Show(done, view => session.Screen.Fields(
                new(("resealed", "已重新加密"), $"{view.Resealed}"),
                new(("already", "此前已是新密钥"), $"{view.Already}"),
                new(("unreadable", "无法解密"), view.Unreadable.Count > 0 ? string.Join(", ", view.Unreadable) : null, Tone.Bad)));
            return done.Value.Unreadable.Count == 0 ? ExitCode.Done : ExitCode.ChangesPending;
        });
}
