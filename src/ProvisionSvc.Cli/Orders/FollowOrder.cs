using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary>
/// Follows an order to its end: one line per change of state, and one per line that the switch took, as they happen. A service that restarts meanwhile is
/// waited for; where it does not stream, the order is asked for again and again.
/// </summary>
internal static class FollowOrder
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan StandardTimeout = TimeSpan.FromMinutes(2);

    public static Option<TimeSpan?> TimeoutOption() =>
        Values.Duration("--timeout", "How long to watch, such as 90s or 10m; then exit code 2, and the order goes on by itself. Default: 2m");

    public static async Task<int> RunAsync(Session session, Answer<OrderView> order, TimeSpan timeout, CancellationToken ct)
    {
        var began = session.Clock.GetTimestamp();
        await using var news = await OrderNews.OpenAsync(session, order.Value.Id, ct);
        var (shown, away, pause) = ((State: "", Reason: (string?)""), false, FirstPause);
        while (true)
        {
            if (shown != (order.Value.State, order.Value.Reason))
            {
                shown = (order.Value.State, order.Value.Reason);
                session.Notes.Line(
                    $"{Seconds(session.Clock.GetElapsedTime(began)),8}  {OrderText.StateOf(session.Notes, order.Value)}", Tones.OfOrderState(order.Value.State));
                pause = FirstPause;
            }

            if (OrderEnd.IsFinal(order.Value.State))
            {
                ShowEnd(session, order, session.Clock.GetElapsedTime(began));
                return OrderEnd.IsFailure(order.Value.State) ? ExitCode.Error : ExitCode.Done;
            }

            if (session.Clock.GetElapsedTime(began) >= timeout)
            {
                ShowTimeout(session, order, timeout);
                return ExitCode.ChangesPending;
            }

            await news.WaitAsync(session, began, news.IsLive ? LongestPause : pause, ct);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            (order, away) = await AskAgainAsync(session, order, away, ct);
        }
    }

    private static async Task<(Answer<OrderView> Order, bool Away)> AskAgainAsync(Session session, Answer<OrderView> last, bool wasAway, CancellationToken ct)
    {
        try
        {
            return (await session.Api.ReadOrderAsync(last.Value.Id, ct), false);
        }
        catch (ApiException e) when (e.IsTransient)
        {
            if (!wasAway)
            {
                session.Notes.Line(("          the service does not answer; still asking", "          服务无应答，继续询问"), Tone.Waiting);
            }

            return (last, true);
        }
    }

    private static void ShowEnd(Session session, Answer<OrderView> answer, TimeSpan took) => session.Show(answer, order =>
    {
        foreach (var item in order.Items)
        {
            if (item.State != "completed" && item.Detail is { } detail)
            {
                session.Screen.Line($"  {item.Switch} {item.IfName}: {detail}", Tone.Bad);
            }

            session.Screen.Proof(item);
        }

        session.Screen.Line(
            ($"order {order.Id} {order.State} after {Seconds(took)}", $"订单 {order.Id} {order.State}，用时 {Seconds(took)}"), Tones.OfOrderState(order.State));
    });

    private static void ShowTimeout(Session session, Answer<OrderView> answer, TimeSpan timeout)
    {
        session.Show(answer, _ => { });
        session.Notes.Line(
            ($"order {answer.Value.Id} is still {answer.Value.State} after {Seconds(timeout)} and goes on by itself: provision order watch {answer.Value.Id}",
             $"订单 {answer.Value.Id} 在 {Seconds(timeout)} 后仍为 {answer.Value.State}，将继续执行：provision order watch {answer.Value.Id}"), Tone.Waiting);
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.0} s";
}
