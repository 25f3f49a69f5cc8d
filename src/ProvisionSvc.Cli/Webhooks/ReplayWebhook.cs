using System.CommandLine;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Webhooks;

/// <summary><c>webhook replay</c>.</summary>
internal static class ReplayWebhook
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the receiver");
        var from = new Option<long?>("--from") { HelpName = "SEQUENCE", Description = "Also everything it wants since this sequence number, as far as it is kept" };
        return new UseCase(
            "replay", "Tell again what was given up", ["webhook replay crm", "webhook replay crm --from 4711"], [name, from],
            async (parse, session, ct) =>
            {
                var replayed = await session.Api.ReplayWebhookAsync(parse.GetRequiredValue(name), parse.GetValue(from), ct);
                session.Show(replayed, view => session.Screen.Line(($"webhook {view.Name} will be told {view.Events} events", $"回调 {view.Name} 将重新收到 {view.Events} 个事件")));
                return ExitCode.Done;
            });
    }
}
