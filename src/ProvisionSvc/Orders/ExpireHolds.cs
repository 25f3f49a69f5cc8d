using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>A hold that has come to its end is released by an order like any other, under a key of its own: released once, however often it is looked at.</summary>
internal sealed partial class ExpireHolds(NpgsqlDataSource dataSource, PlaceOrder place, TimeProvider clock, ILogger<ExpireHolds> logger)
{
    private const string Client = "clock";

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (id, circuit, kind, until) in await DueAsync(ct))
        {
            var request = new PlaceOrderRequest
            {
                ExternalId = $"hold-end/{id}", Action = "resume", Service = circuit, Hold = kind, Why = $"The hold was to end at {until:u}",
            };
            var (draft, faults) = ParseOrder.Parse(request, Client, Client, null);
            if (draft is null)
            {
                throw new InvalidOperationException($"The order that ends hold {id} has faults: {string.Join(" ", faults.Select(f => f.Message))}");
            }

            if (await place.RunAsync(draft, ct) is PlaceOutcome.Refused(var why))
            {
                Log.NotReleased(logger, kind, circuit, string.Join(" ", why.Select(f => f.Message)));
            }
        }
    }

    private async Task<List<(long Id, string Circuit, string Kind, DateTimeOffset Until)>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select h.id, s.circuit_id, h.kind, h.until from hold h join service s on s.id = h.service_id
             where h.released_at is null and h.until <= {clock.GetUtcNow()} and s.state <> 'terminated'
               and not exists (select from service_order o where o.client = {Client} and o.external_id = 'hold-end/' || h.id)
             order by h.until limit 200
             """,
            r => (r.Get<long>("id"), r.Get<string>("circuit_id"), r.Get<string>("kind"), r.Get<DateTimeOffset>("until")),
            ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2111, Level = LogLevel.Warning, Message = "The hold {Kind} of {Circuit} has ended but cannot be released: {Why}")]
        public static partial void NotReleased(ILogger logger, string kind, string circuit, string why);
    }
}
