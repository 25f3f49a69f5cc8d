using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential list</c>.</summary>
internal static class ListCredentials
{
    public static UseCase Create() => new(
        "list", "Credentials by name; what is secret in them is never shown", ["credential list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListCredentialsAsync(ct),
                new(("NAME", "名称"), c => c.Name) { IsKept = true },
                new(("USER", "用户"), c => c.User),
                new(("GENERATION", "版本"), CredentialText.Generations) { IsNumber = true },
                new(("SWITCHES", "交换机"), c => $"{c.Switches}") { IsNumber = true },
                new(("UPDATED", "更新时间"), c => session.Screen.Time(c.UpdatedAt)));
            return ExitCode.Done;
        });
}
