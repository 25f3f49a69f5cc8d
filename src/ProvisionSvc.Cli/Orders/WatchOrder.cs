using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order watch</c>.</summary>
internal static class WatchOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order");
        var timeout = FollowOrder.TimeoutOption();
        return new UseCase(
            "watch", "Follow an order to its end: 0 completed, 1 failed, partial, cancelled or rejected, 2 not ended in time",
            ["order watch 17", "order watch 17 --timeout 10m"], [id, timeout],
            async (parse, session, ct) =>
            {
                var order = await session.Api.ReadOrderAsync(parse.GetRequiredValue(id), ct);
                return await FollowOrder.RunAsync(session, order, parse.GetValue(timeout) ?? FollowOrder.StandardTimeout, ct);
            });
    }
}
