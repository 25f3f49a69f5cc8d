using System.CommandLine;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Tokens;

/// <summary><c>token create</c>.</summary>
internal static class CreateToken
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Person or system the token is for");
        var role = Values.OneOf("--role", "What it may do", "sales", "building", "business", "engineering", "auditor", "administrator").Needed();
        var districts = new Option<int[]>("--district") { HelpName = "N", Description = "Sales district it may touch; repeat for more. Default: all" };
        return new UseCase(
            "create", "Make an API token; its text is shown this once",
            ["token create crm --role business", "token create front-office-3 --role sales --district 3 --district 4"], [name, role, districts],
            async (parse, session, ct) =>
            {
                var created = await session.Api.CreateTokenAsync(
                    new() { Name = parse.GetRequiredValue(name), Role = parse.GetRequiredValue(role)!, Districts = parse.GetValue(districts) ?? [] }, ct);
                session.Show(created, view => session.Screen.Fields(
                    new(("token of", "令牌所属"), view.Name, Tone.Strong),
                    new(("role", "角色"), view.Role),
                    new(("districts", "区域"), Districts(session.Screen, view.Districts)),
                    new(("token", "令牌"), view.Token)));
                session.Notes.Line(("It is not shown again: keep it in a file that only its owner can read.", "令牌仅显示一次：请保存到仅本人可读的文件。"), Tone.Waiting);
                return ExitCode.Done;
            });
    }

    public static string Districts(Screen screen, IReadOnlyList<int> districts) =>
        districts.Count == 0 ? screen.Say(("all", "全部")) : string.Join(", ", districts);
}
