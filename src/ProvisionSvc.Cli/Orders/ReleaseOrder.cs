using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order release</c>: a second person lets an order pass the darkening budget.</summary>
internal static class ReleaseOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order, held/budget");
        return new UseCase(
            "release", "Let an order that the darkening budget holds go on; by another person than the one who placed it", ["order release 17"], [id],
            async (parse, session, ct) =>
            {
                var released = await session.Api.ReleaseOrderAsync(parse.GetRequiredValue(id), ct);
                session.Show(released, session.Screen.OrderLine);
                return ExitCode.Done;
            });
    }
}
