using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order evidence</c>.</summary>
internal static class ShowEvidence
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order");
        var html = Values.Text("--html", "FILE", "Write a page to read and print to this file");
        return new UseCase(
            "evidence", "Who, why, plan, lines, answers and proof of an order in one document",
            ["order evidence 17", "order evidence 17 --html order-17.html", "--lang zh order evidence 17 --html order-17.html", "order evidence 17 --output json > order-17.json"],
            [id, html],
            async (parse, session, ct) =>
            {
                var order = parse.GetRequiredValue(id);
                if (parse.GetValue(html) is { } file)
                {
                    await SaveAsync(session, order, file, ct);
                    return ExitCode.Done;
                }

                session.Show(await session.Api.ReadEvidenceAsync(order, ct), evidence => Show(session.Screen, evidence));
                return ExitCode.Done;
            });
    }

    private static async Task SaveAsync(Session session, long order, string file, CancellationToken ct)
    {
        var page = await session.Api.ReadEvidencePageAsync(order, session.Screen.Language == Language.Chinese ? "zh" : "en", ct);
        try
        {
            await File.WriteAllBytesAsync(file, page, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--html {file}: {e.Message}");
        }

        session.Notes.Line(($"the evidence of order {order} is in {file}", $"订单 {order} 的证据已写入 {file}"), Tone.Good);
    }

    private static void Show(Screen screen, EvidenceView evidence)
    {
        screen.Order(evidence.Order);
        screen.Line();
        if (!evidence.Complete)
        {
            screen.Line(("the order has not ended; this is how far it is", "订单尚未结束，以下为当前进展"), Tone.Waiting);
        }

        foreach (var approval in evidence.Approvals)
        {
            screen.Line($"{screen.Time(approval.At)}  {approval.Decision}  {approval.By}");
        }

        foreach (var line in evidence.Journal)
        {
            screen.Line($"{screen.Time(line.At)}  {line.Switch} {line.IfName}  {line.Line.ReplaceLineEndings(" ")}  {line.Outcome ?? screen.Say(("unknown", "未知"))} ({line.Channel})");
        }

        foreach (var talk in evidence.Conversations)
        {
            screen.Line();
            screen.Line($"{talk.Part}  {talk.Switch} {talk.IfName}  {screen.Time(talk.At)}", Tone.Strong);
            foreach (var line in talk.Text.ReplaceLineEndings("\n").Split('\n'))
            {
                screen.Line($"  {line}", Tone.Faint);
            }
        }
    }
}
