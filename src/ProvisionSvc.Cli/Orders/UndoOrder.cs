using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order undo</c>.</summary>
internal static class UndoOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the completed order");
        var options = new OrderOptions();
        return new UseCase(
            "undo", "Take a completed order back, for 90 days; refused with the difference where the line or its port has changed since",
            ["order undo 17 --dry-run", "order undo 17 --why \"wrong customer\" --watch"],
            [id, options.ExternalId, options.Why, options.DryRun, options.Reverse, options.Native, options.Watch, options.Timeout],
            async (parse, session, ct) =>
            {
                var (order, request) = (parse.GetRequiredValue(id), new Contracts.UndoOrderRequest(parse.GetValue(options.ExternalId), parse.GetValue(options.Why)));
                if (parse.GetValue(options.DryRun))
                {
                    options.RequireNoWatch(parse);
                    var plan = await session.Api.DryRunUndoAsync(order, request, ct);
                    session.Show(plan, view => session.Screen.DryRun(view, PlanShape.Of(parse, options.Reverse, options.Native)));
                    return PlanText.HasChanges(plan.Value) ? ExitCode.ChangesPending : ExitCode.Done;
                }

                return await PlaceOrder.ShowAsync(session, await session.Api.UndoOrderAsync(order, request, ct), options.WatchFor(parse), ct);
            });
    }
}
