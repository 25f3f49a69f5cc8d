using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order suspend</c>: a hold is placed; the line is dark while any hold stands.</summary>
internal static class SuspendOrder
{
    public static UseCase Create()
    {
        var options = new OrderOptions();
        return new UseCase(
            "suspend", "Place a hold on a line: it is dark while at least one hold stands",
            ["order suspend CN-1001 --hold abuse --why \"spam run, ticket 4711\" --watch", "order suspend CN-1001 --hold customer --dry-run"],
            options.All(options.Hold),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, options.Read(parse, session, "suspend") with { Hold = parse.GetValue(options.Hold) }, ct));
    }
}
