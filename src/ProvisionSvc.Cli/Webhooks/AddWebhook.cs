using System.CommandLine;
using ProvisionSvc.Cli.Credentials;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Webhooks;

/// <summary><c>webhook add</c>: the secret comes from a file, a variable or a prompt.</summary>
internal static class AddWebhook
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the receiver");
        var url = Values.Text("--url", "URL", "Where events are posted; it begins with one of Events:WebhookPrefixes").Needed();
        var types = new Option<string[]>("--type") { HelpName = "KIND", Description = "Only these kinds, such as order.* or alarm.raised; repeat for more. Default: orders, items and alarms" };
        var subject = Values.Text("--subject", "PATTERN", "Only of these subjects, such as alarm/*. Default: all");
        var districts = new Option<int[]>("--district") { HelpName = "N", Description = "Only orders of this district; repeat for more. Default: all" };
        var secret = new SecretSource("--secret-file", "webhook secret", "PROVISION_WEBHOOK_SECRET");
        return new UseCase(
            "add", "Tell another system of events: CloudEvents by POST, signed with HMAC-SHA256 (Standard Webhooks), in order for each subject, at least once",
            [
                "webhook add crm --url https://crm.example.net/hooks/provision --secret-file crm.secret",
                "webhook add noc --url https://noc.example.net/hooks/alarms --type 'alarm.*' --secret-file noc.secret",
            ],
            [name, url, types, subject, districts, secret.File],
            async (parse, session, ct) =>
            {
                var added = await session.Api.AddWebhookAsync(
                    new()
                    {
                        Name = parse.GetRequiredValue(name), Url = parse.GetRequiredValue(url)!, Types = parse.GetValue(types) ?? [], Subject = parse.GetValue(subject),
                        Districts = parse.GetValue(districts) ?? [], Secret = secret.ReadOrAsk(parse, session),
                    },
                    ct);
                session.Show(added, view => Show(session.Screen, view));
                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, WebhookView view) => screen.Fields(
        new(("webhook", "回调"), view.Name, Tone.Strong),
        new(("url", "地址"), view.Url),
        new(("events", "事件"), string.Join(", ", view.Types)),
        new(("subject", "对象"), view.Subject));
}
