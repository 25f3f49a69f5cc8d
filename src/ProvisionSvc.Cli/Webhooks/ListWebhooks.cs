using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Webhooks;

/// <summary><c>webhook list</c>.</summary>
internal static class ListWebhooks
{
    public static UseCase Create() => new(
        "list", "Who is told of events, how many wait, how many were given up, and what went wrong last", ["webhook list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListWebhooksAsync(ct),
                new(("NAME", "名称"), w => w.Name) { IsKept = true },
                new(("EVENTS", "事件"), w => string.Join(", ", w.Types)),
                new(("TOLD", "已送达"), w => $"{w.Delivered}") { IsNumber = true },
                new(("WAIT", "待送"), w => $"{w.Waiting}") { IsNumber = true },
                new(("DEAD", "死信"), w => $"{w.Dead}") { IsNumber = true, Tone = w => w.Dead > 0 ? Tone.Bad : Tone.Plain },
                new(("LAST", "最近送达"), w => session.Screen.Time(w.LastDeliveryAt)),
                new(("ERROR", "错误"), w => w.LastError) { Tone = _ => Tone.Bad },
                new(("URL", "地址"), w => w.Url));
            return ExitCode.Done;
        });
}
