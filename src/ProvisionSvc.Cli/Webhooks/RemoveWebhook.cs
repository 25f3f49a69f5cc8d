using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Webhooks;

/// <summary><c>webhook remove</c>.</summary>
internal static class RemoveWebhook
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the receiver");
        return new UseCase(
            "remove", "Tell this receiver nothing more; what it has not been told is forgotten", ["webhook remove crm"], [name],
            async (parse, session, ct) =>
            {
                var webhook = parse.GetRequiredValue(name);
                await session.Api.RemoveWebhookAsync(webhook, ct);
                session.Notes.Line(($"webhook {webhook} is removed", $"回调 {webhook} 已删除"));
                return ExitCode.Done;
            });
    }
}
