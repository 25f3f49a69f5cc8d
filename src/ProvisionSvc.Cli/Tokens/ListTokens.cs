using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Tokens;

/// <summary><c>token list</c>.</summary>
internal static class ListTokens
{
    public static UseCase Create() => new(
        "list", "API tokens by name; their texts are stored nowhere", ["token list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListTokensAsync(ct),
                new(("NAME", "名称"), t => t.Name) { IsKept = true },
                new(("ROLE", "角色"), t => t.Role),
                new(("DISTRICTS", "区域"), t => CreateToken.Districts(session.Screen, t.Districts)),
                new(("CREATED", "创建时间"), t => session.Screen.Time(t.CreatedAt)),
                new(("REVOKED", "吊销时间"), t => session.Screen.Time(t.RevokedAt)) { Tone = _ => Tone.Bad });
            return ExitCode.Done;
        });
}
