using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Dunning;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Dunning;

/// <summary>What billing says of an account becomes orders on its services: unpaid places the hold, paid releases it. Late, double and old events are harmless.</summary>
internal static class BillingEvents
{
    public static void AddBilling(this IServiceCollection services) => services.AddSingleton<AccountTurns>();

    public static void MapBilling(this IEndpointRouteBuilder api) =>
        api.MapPost("/billing/events", ReceiveAsync).WithName("reportBillingEvent").Fails(409).Takes<BillingEventRequest>().For(Roles.Business)
            .WithSummary("An account is unpaid, or has paid.");

    private static async Task<Results<Ok<BillingEventView>, ProblemHttpResult>> ReceiveAsync(
        Body<BillingEventRequest> body, ClaimsPrincipal user, PlaceOrder place, AccountTurns turns, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Fault> faults = body.Faults.Count > 0 ? body.Faults : [.. Faults(body.Value, clock.GetUtcNow())];
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        var request = body.Value;
        var kind = EnumText.Parse<BillingEventKind>(request.Kind);

        // From the decision to the last order: else the orders of an older event could follow those of a newer one, and a line that was paid stay dark.
        await using var turn = await turns.TakeAsync(request.Account, ct);
        var (consequence, circuits, problem) = await RecordAsync(dataSource, request, kind, Caller.Of(user).DistrictFilter, clock.GetUtcNow(), ct);
        if (problem is not null)
        {
            return problem;
        }

        // Each service by its own order under its own key: an event sent again finds them all, and finishes what a crash left out.
        var orders = new List<OrderView>();
        var refused = new List<FaultView>();
        foreach (var circuit in consequence == BillingConsequence.Ignore ? [] : circuits)
        {
            var (order, why) = await OrderAsync(request, consequence, circuit, Caller.Of(user), place, dataSource, ct);
            if (order is not null)
            {
                orders.Add(order);
            }

            refused.AddRange(why.Select(f => new FaultView(f.Code, circuit, f.Message)));
        }

        return TypedResults.Ok(new BillingEventView(request.EventId, EnumText.Of(consequence), orders, refused));
    }

    private static IEnumerable<Fault> Faults(BillingEventRequest request, DateTimeOffset now)
    {
        if (request.EventId.Length is 0 or > 40 || request.EventId.Any(c => char.IsControl(c)))
        {
            yield return new("invalid-event-id", "eventId", "eventId has 1 to 40 printable characters.");
        }

        if (!EnumText.TryParse<BillingEventKind>(request.Kind, out _))
        {
            yield return new("unknown-kind", "kind", $"\"{request.Kind}\" is not a billing event; known are {EnumText.Words<BillingEventKind>()}.");
        }

        if (request.OccurredAt > now.AddMinutes(5))
        {
            yield return new("from-the-future", "occurredAt", $"{request.OccurredAt:u} has not come yet; check the sender's clock.");
        }
    }

    private static async Task<(BillingConsequence Consequence, IReadOnlyList<string> Circuits, ProblemHttpResult? Problem)> RecordAsync(
        NpgsqlDataSource dataSource, BillingEventRequest request, BillingEventKind kind, int[]? districts, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var account = await db.FirstAsync(
            $"""
             select id, billing_event_at, billing_event_kind from account
             where number = {request.Account} and ({districts}::int[] is null or district = any({districts})) for update
             """,
            r => (Id: r.Get<long>("id"), Newest: r.Get<DateTimeOffset?>("billing_event_at") is { } at ? new AppliedEvent(at, r.Get<BillingEventKind>("billing_event_kind")) : null),
            ct);
        if (account.Id == 0)
        {
            return (default, [], Problems.Invalid([new("unknown-account", "account", $"There is no account \"{request.Account}\".")]));
        }

        var known = await db.FirstAsync(
            $"select account, kind, occurred_at, consequence from billing_event where event_id = {request.EventId}",
            r => (Account: r.Get<string>("account"), Kind: r.Get<BillingEventKind>("kind"), At: r.Get<DateTimeOffset>("occurred_at"), Consequence: r.Get<BillingConsequence>("consequence")),
            ct);
        if (known.Account is not null && (known.Account != request.Account || known.Kind != kind || (known.At - request.OccurredAt).Duration() > TimeSpan.FromMilliseconds(1)))
        {
            return (default, [], Problems.Conflict("event-id-taken", $"Event \"{request.EventId}\" came before and said something else; use a new id for a new event."));
        }

        // An event that came before keeps its consequence, unless a newer one has overtaken it since.
        var consequence = BillingRule.Of(kind, request.OccurredAt, account.Newest);
        if (known.Account is null)
        {
            await db.ExecuteAsync(
                $"""
                 insert into billing_event (event_id, account, kind, occurred_at, received_at, consequence)
                 values ({request.EventId}, {request.Account}, {kind}, {request.OccurredAt}, {now}, {consequence})
                 """,
                ct);
        }

        if (consequence != BillingConsequence.Ignore)
        {
            await db.ExecuteAsync($"update account set billing_event_at = {request.OccurredAt}, billing_event_kind = {kind} where id = {account.Id}", ct);
        }

        var circuits = await db.QueryAsync(
            $"select circuit_id from service where account_id = {account.Id} and state <> 'terminated' order by circuit_id", r => r.Get<string>("circuit_id"), ct);
        await tx.CommitAsync(ct);
        return (consequence, circuits, null);
    }

    private static async Task<(OrderView? Order, IReadOnlyList<Fault> Refused)> OrderAsync(
        BillingEventRequest request, BillingConsequence consequence, string circuit, Caller caller, PlaceOrder place, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var order = new PlaceOrderRequest
        {
            ExternalId = KeyOf(request.EventId, circuit),
            Action = consequence == BillingConsequence.PlaceHolds ? "suspend" : "resume",
            Service = circuit,
            Hold = "unpaid",
            Why = $"Account {request.Account} {request.Kind} (billing event {request.EventId})",
        };
        var (draft, faults) = ParseOrder.Parse(order, caller.Name, caller.Name, caller.DistrictFilter);
        if (draft is null)
        {
            throw new InvalidOperationException($"A billing order has faults: {string.Join(" ", faults.Select(f => f.Message))}");
        }

        switch (await place.RunAsync(draft, ct))
        {
            case PlaceOutcome.Accepted(var id, _):
                await using (var db = await dataSource.OpenConnectionAsync(ct))
                {
                    return (await OrderViews.FindAsync(db, id, null, ct), []);
                }

            case PlaceOutcome.Conflict(var other):
                return (null, [new("external-id-taken", "eventId", $"Order {other} has this key with another body.")]);
            case PlaceOutcome.Refused(var ended) when ended.All(f => f.Code == "service-terminated"):
                // It ended meanwhile and needs no order.
                return (null, []);
            case PlaceOutcome.Refused(var why):
                return (null, why);
            default:
                throw new InvalidOperationException("An outcome without an answer.");
        }
    }

    /// <summary>The order's key, the same for the same event and service; too long a one is replaced by its digest, never cut, so that no two are the same.</summary>
    private static string KeyOf(string eventId, string circuit)
    {
        var key = $"billing/{eventId}/{circuit}";
        return key.Length <= 64 ? key : $"billing/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..56]}";
    }
}
