using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order show</c>.</summary>
internal static class ShowOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order");
        return new UseCase(
            "show", "One order: what, who, why, state and reason, plan and proof", ["order show 17", "order show 17 --output json"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadOrderAsync(parse.GetRequiredValue(id), ct), session.Screen.Order);
                return ExitCode.Done;
            });
    }
}
