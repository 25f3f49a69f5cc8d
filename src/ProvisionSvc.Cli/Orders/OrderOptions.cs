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

    private Argument<string?> CircuitOrNone { get; } = new("CIRCUIT") { Description = "Circuit id of the service, unless a group or a port is named", Arity = ArgumentArity.ZeroOrOne };

    private Option<string?> Group { get; } = Values.Text("--group", "G", "Every service of this group instead of one; each has an outcome of its own");

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

    public IEnumerable<Symbol> Common => [ExternalId, Why, Start, DryRun, Reverse, Native, Watch, Timeout];

    public IEnumerable<Symbol> All(params IEnumerable<Symbol> own) => [Circuit, .. own, .. Common];

    /// <summary>For orders that take a group, or a bare port, in place of a service.</summary>
    public IEnumerable<Symbol> AllOrGroup(params IEnumerable<Symbol> own) => [CircuitOrNone, Group, .. own, .. Common];

    /// <summary>The order as far as these options say it.</summary>
    public PlaceOrderRequest Read(ParseResult parse, Session session, string action) => new()
    {
        ExternalId = parse.GetValue(ExternalId) ?? $"cli-{session.Host.NewId():N}",
        Action = action,
        Service = Given(parse, Circuit) ? parse.GetValue(Circuit) : Given(parse, CircuitOrNone) ? parse.GetValue(CircuitOrNone) : null,
        Group = parse.GetValue(Group),
        Why = parse.GetValue(Why),
        RequestedStart = parse.GetValue(Start),
    };

    public Task<int> PlaceAsync(ParseResult parse, Session session, PlaceOrderRequest order, CancellationToken ct)
    {
        var shape = PlanShape.Of(parse, Reverse, Native);
        if (!parse.GetValue(DryRun))
        {
            return shape != default
                ? throw new UsageException("--reverse and --native show a plan: give --dry-run too.")
                : PlaceOrder.RunAsync(session, order, WatchFor(parse), ct);
        }

        RequireNoWatch(parse);
        return PlaceOrder.TryAsync(session, order, shape, ct);
    }

    /// <summary>How long the order is followed; null where it is not.</summary>
    public TimeSpan? WatchFor(ParseResult parse) => parse.GetValue(Watch) ? parse.GetValue(Timeout) ?? FollowOrder.StandardTimeout : null;

    public void RequireNoWatch(ParseResult parse)
    {
        if (parse.GetValue(Watch))
        {
            throw new UsageException("--dry-run places no order, so --watch has nothing to follow: give one of them.");
        }
    }

    private static bool Given(ParseResult parse, Argument argument) => parse.GetResult(argument) is { Tokens.Count: > 0 };
}
