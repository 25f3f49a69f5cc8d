using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Tokens;

/// <summary><c>token revoke</c>.</summary>
internal static class RevokeToken
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the token");
        return new UseCase(
            "revoke", "Make a token useless at once", ["token revoke crm"], [name],
            async (parse, session, ct) =>
            {
                var token = parse.GetRequiredValue(name);
                await session.Api.RevokeTokenAsync(token, ct);
                session.Notes.Line(($"token {token} is revoked", $"令牌 {token} 已吊销"));
                return ExitCode.Done;
            });
    }
}
