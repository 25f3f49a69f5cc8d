using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Orders;

/// <summary>
/// Items that waited for another one: where it was proven they begin, and only now is their part of the order in the books; where it did not complete they are
/// cancelled, and what the books said of the new port is taken back. A crash in between changes nothing: the rows say what is still to be done.
/// </summary>
internal sealed partial class AdvanceItems(NpgsqlDataSource dataSource, PrepareOrder prepare, LanePoke lanes, TimeProvider clock, ILogger<AdvanceItems> logger)
{
    private sealed record WaitingItem(long Id, long OrderId, long ServiceId, CircuitId Circuit, OrderState Predecessor);

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var item in await DueAsync(ct))
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(ct);
                await using var tx = await db.BeginTransactionAsync(ct);
                var due = await AdvanceAsync(db, item, clock.GetUtcNow(), ct);
                await tx.CommitAsync(ct);
                lanes.Poke(due);
            }
            catch (InvalidOperationException unexpected)
            {
                // One that the inventory no longer fits keeps no other from its turn.
                Log.NotAdvanced(logger, item.OrderId, unexpected);
            }
        }
    }

    private async Task<List<WaitingItem>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select i.id, i.order_id, s.id as service_id, s.circuit_id, d.state
             from order_item i join order_item d on d.id = i.depends_on join service_order o on o.id = i.order_id join service s on s.id = o.service_id
             where i.finished_at is null and i.reason = {Reasons.Predecessor.Code} and d.finished_at is not null order by i.id limit 200
             """,
            r => new WaitingItem(r.Get<long>("id"), r.Get<long>("order_id"), r.Get<long>("service_id"), CircuitId.Parse(r.Get<string>("circuit_id")), r.Get<OrderState>("state")),
            ct);
    }

    private async Task<IReadOnlyList<long>> AdvanceAsync(NpgsqlConnection db, WaitingItem item, DateTimeOffset now, CancellationToken ct)
    {
        // The service first, as every order locks it; then the item, which another worker may have advanced meanwhile.
        await db.ExecuteAsync($"select 1 from service where id = {item.ServiceId} for update", ct);
        var kept = await db.FirstAsync(
            $"""
             select o.changes from order_item i join service_order o on o.id = i.order_id
             where i.id = {item.Id} and i.finished_at is null and i.reason = {Reasons.Predecessor.Code} for update of i
             """,
            r => r.Get<string?>("changes"),
            ct);
        if (kept is null || KeptChanges.Read(kept).OfType<ServiceChange.Moved>().FirstOrDefault() is not { } move)
        {
            return [];
        }

        var proven = item.Predecessor == OrderState.Completed;
        var (port, version) = await LeaveAsync(db, item, proven ? move.From.Port : move.To.Port, now, ct);
        if (!proven)
        {
            await db.ExecuteAsync($"update order_item set state = 'cancelled', reason = {Reasons.PredecessorFailed.Code}, finished_at = {now} where id = {item.Id}", ct);
            await SettleAsync(db, item, "item.cancelled", port.Name, now, ct);
            return [];
        }

        await db.MakeLaneDueAsync(port.SwitchId, now, ct);
        var stop = Gates.Stop(port.Mode, port.LaneLocked);
        await db.ExecuteAsync(
            $"""
             update order_item set state = {(stop is null ? OrderState.Acknowledged : OrderState.Held)}, reason = {stop?.Code}, not_before = {now}, intent_version = {version},
                 precedence = 3
             where id = {item.Id}
             """,
            ct);
        await SettleAsync(db, item, "item.begin", port.Name, now, ct);
        return [port.SwitchId];
    }

    /// <summary>The service leaves one of the two ports; that port's intent follows.</summary>
    private async Task<(PortRow Port, int Version)> LeaveAsync(NpgsqlConnection db, WaitingItem item, PortName left, DateTimeOffset now, CancellationToken ct)
    {
        await SaveChanges.LeaveAsync(db, item.ServiceId, left, now, ct);
        var row = await LoadOrder.ServiceAsync(db, item.Circuit, ct) ?? throw new InvalidOperationException($"{item.Circuit} is gone amid order {item.OrderId}.");
        var port = await LoadOrder.PortAsync(db, left, ct) ?? throw new InvalidOperationException($"{left} is gone amid order {item.OrderId}.");
        var expected = prepare.Expected(port, DeriveIntent.For(left, [row.Service]));
        return (port, await IntentRows.SaveAsync(db, port.Id, DeriveIntent.For(left, [row.Service]), expected, now, ct));
    }

    private static async Task SettleAsync(NpgsqlConnection db, WaitingItem item, string what, PortName port, DateTimeOffset now, CancellationToken ct)
    {
        await OrderRows.SettleAsync(db, item.OrderId, now, ct);
        await db.WriteAuditAsync(now, "orders", what, $"order/{item.OrderId}", new { item = item.Id, port = port.ToString() }, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2114, Level = LogLevel.Error, Message = "The next item of order {OrderId} cannot begin; it is tried again")]
        public static partial void NotAdvanced(ILogger logger, long orderId, Exception exception);
    }
}
