using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary>What every order that is placed takes.</summary>
internal sealed class OrderOptions
{
    public Argument<string> Circuit { get; } = Values.Name("CIRCUIT", "Circuit id of the service");

    public Option<string?> ExternalId { get; } = Values.Text(
        "--external-id", "X", "Your number for this order; the same number again is the same order, never a second one. Default: a new one, printed");

    public Option<string?> Why { get; } = Values.Text("--why", "TEXT", "Why, for the audit log");

    public Option<DateTimeOffset?> Start { get; } = Values.Moment("--start", "Not before this time, such as 2030-01-31T09:00+08:00");

    public Option<bool> DryRun { get; } = Values.Flag("--dry-run", "Show the plan and write nothing; exit code 2 when something would change");

    public Option<bool> Reverse { get; } = PlanShape.Reverse();

    public Option<bool> Native { get; } = PlanShape.Native();

    public Option<bool> Watch { get; } = Values.Flag("--watch", "Follow the order to its end; exit code 0 when completed");

    public Option<TimeSpan?> Timeout { get; } = FollowOrder.TimeoutOption();

    public Option<string?> Hold { get; } =
        Values.OneOf("--hold", "The reason for which the line is dark", "unpaid", "customer", "abuse", "regulator", "engineering").Needed();

    public IEnumerable<Symbol> All(params IEnumerable<Symbol> own) => [Circuit, .. own, ExternalId, Why, Start, DryRun, Reverse, Native, Watch, Timeout];

    /// <summary>The order as far as these options say it.</summary>
    public PlaceOrderRequest Read(ParseResult parse, Session session, string action) => new()
    {
        ExternalId = parse.GetValue(ExternalId) ?? $"cli-{session.Host.NewId():N}",
        Action = action,
        Service = parse.GetRequiredValue(Circuit),
        Why = parse.GetValue(Why),
        RequestedStart = parse.GetValue(Start),
    };

    public Task<int> PlaceAsync(ParseResult parse, Session session, PlaceOrderRequest order, CancellationToken ct)
    {
        var (dryRun, watch) = (parse.GetValue(DryRun), parse.GetValue(Watch));
        var shape = PlanShape.Of(parse, Reverse, Native);
        return !dryRun && shape != default
            ? throw new UsageException("--reverse and --native show a plan: give --dry-run too.")
            : dryRun && watch
            ? throw new UsageException("--dry-run places no order, so --watch has nothing to follow: give one of them.")
            : dryRun ? PlaceOrder.TryAsync(session, order, shape, ct)
            : PlaceOrder.RunAsync(session, order, watch ? parse.GetValue(Timeout) ?? FollowOrder.StandardTimeout : null, ct);
    }
}
