using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary>Places an order, or shows what it would do.</summary>
internal static class PlaceOrder
{
    public static async Task<int> TryAsync(Session session, PlaceOrderRequest order, PlanShape shape, CancellationToken ct)
    {
        var answer = await session.Api.DryRunOrderAsync(order, ct);
        session.Show(answer, view => session.Screen.DryRun(view, shape));
        return PlanText.HasChanges(answer.Value) ? ExitCode.ChangesPending : ExitCode.Done;
    }

    public static async Task<int> RunAsync(Session session, PlaceOrderRequest order, TimeSpan? watchFor, CancellationToken ct)
    {
        var placed = await SendAsync(session, order, ct);
        if (watchFor is { } timeout)
        {
            session.Notes.Line(Placed(placed.Value));
            return await FollowOrder.RunAsync(session, placed, timeout, ct);
        }

        session.Show(placed, view =>
        {
            session.Screen.Line(Placed(view));
            session.Screen.Line(OrderText.StateOf(session.Screen, view), Tones.OfOrderState(view.State));
        });
        return OrderEnd.IsFailure(placed.Value.State) ? ExitCode.Error : ExitCode.Done;
    }

    private static async Task<Answer<OrderView>> SendAsync(Session session, PlaceOrderRequest order, CancellationToken ct)
    {
        try
        {
            return await session.Api.PlaceOrderAsync(order, ct);
        }
        catch (ApiException e) when (e.Fault is ApiFault.AnswerLost)
        {
            // The order may stand. Its external id makes asking again harmless, if the person knows it.
            throw new ApiException(e.Fault, session.Say(
                ($"{e.Message} Ask again with --external-id {order.ExternalId}: it stays one order.",
                 $"{e.Message} 用 --external-id {order.ExternalId} 重试不会产生第二个订单。")), inner: e);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            session.Notes.Line(
                ($"the order may have been placed; its external id is {order.ExternalId}", $"订单可能已提交，外部编号为 {order.ExternalId}"), Tone.Waiting);
            throw;
        }
    }

    private static Words Placed(OrderView order) =>
        ($"order {order.Id}: {order.Action} {order.Service} (external id {order.ExternalId})",
         $"订单 {order.Id}：{order.Action} {order.Service}（外部编号 {order.ExternalId}）");
}
