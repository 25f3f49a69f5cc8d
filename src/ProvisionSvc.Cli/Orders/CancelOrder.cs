using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order cancel</c>.</summary>
internal static class CancelOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order");
        return new UseCase(
            "cancel", "Cancel an order of which no switch has heard; one that has begun goes on to its end", ["order cancel 17"], [id],
            async (parse, session, ct) =>
            {
                var cancelled = await session.Api.CancelOrderAsync(parse.GetRequiredValue(id), ct);
                session.Show(cancelled, session.Screen.OrderLine);
                return ExitCode.Done;
            });
    }
}
