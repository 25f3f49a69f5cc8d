using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order resume</c>: a hold is released; the line is lit again when it was the last.</summary>
internal static class ResumeOrder
{
    public static UseCase Create()
    {
        var options = new OrderOptions();
        return new UseCase(
            "resume", "Release a hold on a line: it is lit again when no other hold stands",
            ["order resume CN-1001 --hold abuse --watch", "order resume CN-1001 --hold unpaid --dry-run", "order resume --group chain-7 --hold customer"],
            options.AllOrGroup(options.Hold),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, options.Read(parse, session, "resume") with { Hold = parse.GetValue(options.Hold) }, ct));
    }
}
