using ProvisionSvc.Cli.Orders;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Billing;

/// <summary><c>billing unpaid</c> and <c>billing paid</c>: what a billing system would report, by hand.</summary>
internal static class ReportPayment
{
    public static UseCase CreateUnpaid() => Create("unpaid", "An account has not paid: the unpaid hold is placed on its services");

    public static UseCase CreatePaid() => Create("paid", "An account has paid: the unpaid hold is released from its services");

    private static UseCase Create(string kind, string description)
    {
        var account = Values.Name("ACCOUNT", "The account");
        var eventId = Values.Text("--event-id", "X", "Billing's number of the event; the same number again changes nothing. Default: a new one, printed");
        var occurredAt = Values.Moment("--occurred-at", "When it happened. Default: now");
        return new UseCase(
            kind, description, [$"billing {kind} A-7", $"billing {kind} A-7 --event-id INV-2030-0042"], [account, eventId, occurredAt],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.ReportBillingEventAsync(
                    new()
                    {
                        EventId = parse.GetValue(eventId) ?? $"cli-{session.Host.NewId():N}",
                        Account = parse.GetRequiredValue(account),
                        Kind = kind,
                        OccurredAt = parse.GetValue(occurredAt) ?? session.Clock.GetUtcNow(),
                    },
                    ct);
                session.Show(answer, view => Show(session.Screen, view));
                return answer.Value.Refused.Count > 0 ? ExitCode.Error : ExitCode.Done;
            });
    }

    private static void Show(Screen screen, BillingEventView view)
    {
        screen.Fields(new(("event", "事件"), view.EventId), new(("consequence", "结果"), view.Consequence));
        if (view.Orders.Count > 0)
        {
            screen.Table(view.Orders, ListOrders.Columns);
        }

        foreach (var refused in view.Refused)
        {
            screen.Line($"{refused.Field}: {refused.Message}", Tone.Bad);
        }
    }
}
