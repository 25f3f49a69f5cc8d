using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order suspend</c>: a hold is placed; the line is dark while any hold stands.</summary>
internal static class SuspendOrder
{
    public static UseCase Create()
    {
        var options = new OrderOptions();
        var until = Values.Moment("--until", "The hold ends then by itself, such as 2030-01-31T09:00+08:00. Default: somebody releases it");
        return new UseCase(
            "suspend", "Place a hold on a line: it is dark while at least one hold stands",
            ["order suspend CN-1001 --hold abuse --why \"spam run, ticket 4711\" --watch", "order suspend CN-1001 --hold customer --until 2030-02-28T00:00+08:00", "order suspend --group chain-7 --hold customer --dry-run"],
            options.AllOrGroup(options.Hold, until),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, options.Read(parse, session, "suspend") with { Hold = parse.GetValue(options.Hold), Until = parse.GetValue(until) }, ct));
    }
}
