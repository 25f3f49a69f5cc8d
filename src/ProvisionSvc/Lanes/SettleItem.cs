using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>What becomes of an item that did not simply succeed: it waits, it ends, or a person is called.</summary>
internal sealed partial class SettleItem(NpgsqlDataSource dataSource, Compensate compensate, TimeProvider clock, ILogger<SettleItem> logger)
{
    /// <summary>Time may help: the item is due again after a pause that grows, and not before <paramref name="notBefore"/>.</summary>
    /// <returns>When it is due again.</returns>
    public async Task<DateTimeOffset> WaitAsync(Lane lane, DueItem item, Reason reason, string why, CancellationToken ct, DateTimeOffset? notBefore = null)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();

        // Spread by the item's number, so that a building's items do not all come back in the same second.
        var again = now + Backoff.After(item.Attempts + 1, item.Id * 2654435761 % 1000 / 1000.0);
        again = notBefore > again ? notBefore.Value : again;
        var state = reason == Reasons.Unsaved ? OrderState.InProgress : OrderState.Pending;
        var alarm = new ItemAlarm($"waiting:{lane.Name}", item.Restores ? "critical" : "warning",
            $"{lane.Name}: orders wait. {why}", "Look at the switch and the way to it; the orders go on by themselves.");
        await lane.Said.KeepAsync(db, lane.Lease, [item.Id], now, ct);
        await LaneRows.SettleAsync(db, lane.Lease, item, state, reason, why, alarm, now, again, ct);
        Log.Waits(logger, item.OrderId, item.Port, reason.Code, why);
        return again;
    }

    /// <summary>The switch may still go back by itself to what was before a change that it tries out: nobody reads or writes it before.</summary>
    public async Task WaitForTrialAsync(Lane lane, DateTimeOffset until, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var why = $"{lane.Name} may be trying a change out; it has gone back by itself, or not, at {until:u}.";
        await LaneRows.PostponeAsync(db, lane.Lease, null, Reasons.Interrupted, why, until, clock.GetUtcNow(), ct);
    }

    /// <summary>A newer order on the same port has made it pointless; that one's item brings the port to its intent.</summary>
    public async Task SupersedeAsync(Lane lane, DueItem item, long newer, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await LaneRows.SettleAsync(db, lane.Lease, item, OrderState.Cancelled, Reasons.Superseded, $"superseded by order {newer}", null, clock.GetUtcNow(), null, ct);
    }

    /// <summary>The switch does not take us now: everything that is due on it waits together, instead of knocking one by one.</summary>
    private async Task WaitAllAsync(Lane lane, DueItem item, Reason reason, string why, CancellationToken ct)
    {
        var again = await WaitAsync(lane, item, reason, why, ct);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await LaneRows.PostponeAsync(db, lane.Lease, item.Id, reason, why, again, clock.GetUtcNow(), ct);
    }

    /// <summary>The item has failed; nothing of it is left on the switch, or a person knows.</summary>
    public async Task FailAsync(Lane lane, DueItem item, Reason reason, string? detail, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        var alarm = new ItemAlarm($"item-failed:{item.Port}", item.Restores ? "critical" : "major",
            $"Order {item.OrderId} on {item.Port} failed: {reason.English} {detail}",
            $"Look at the order (provision order show {item.OrderId}) and the port; mend the cause and order again.");
        await lane.Said.KeepAsync(db, lane.Lease, [item.Id], now, ct);
        await LaneRows.SettleAsync(db, lane.Lease, item, OrderState.Failed, reason, detail, alarm, now, null, ct);
        ServiceMetrics.ItemsEnded.Add(1, new("state", "failed"), new KeyValuePair<string, object?>("reason", reason.Code));
        Log.Failed(logger, item.OrderId, item.Port, reason.Code, detail);
    }

    /// <summary>The switch cannot be talked to: wait where time helps, else hold everything of the switch and tell a person.</summary>
    public async Task TroubleAsync(Lane lane, DueItem item, DeviceException trouble, CancellationToken ct)
    {
        switch (trouble.Fault)
        {
            case DeviceFault.SessionLimit:
                await WaitAllAsync(lane, item, Reasons.SessionLimit, trouble.Message, ct);
                break;
            case var _ when trouble.IsTransient:
                await WaitAllAsync(lane, item, Reasons.Unreachable, trouble.Message, ct);
                break;
            case DeviceFault.HostKeyChanged:
                await HoldAllAsync(lane, item, Reasons.HostKey, trouble.Message, $"Find out why the key changed; then provision switch trust {lane.Name} and provision switch unlock {lane.Name}.", locks: true, ct);
                break;
            case DeviceFault.HostKeyUnknown:
                await HoldAllAsync(lane, item, Reasons.HostKey, trouble.Message, $"Compare the fingerprint with the switch's own, then provision switch trust {lane.Name}.", locks: false, ct);
                break;
            case DeviceFault.AuthenticationFailed:
                // The credential's own alarm stands, one for all switches that refuse it.
                await HoldAllAsync(lane, item, Reasons.Credential, trouble.Message, null, locks: false, ct);
                break;
            case DeviceFault.EngineChanged:
                await HoldAllAsync(lane, item, Reasons.Engine, trouble.Message, $"Compare the engine id with the switch's own, then provision switch trust-engine {lane.Name}.", locks: false, ct);
                break;
            default:
                await FailAsync(lane, item, Reasons.NeedsPerson, trouble.Message, ct);
                break;
        }
    }

    /// <summary>A change that failed is taken back; where that fails too, the lane is locked for a person (I9).</summary>
    public async Task TakeBackAsync(Lane lane, WrittenItem written, Reason reason, string why, CancellationToken ct)
    {
        if (await compensate.RunAsync(lane, written, ct) is not { } left)
        {
            await FailAsync(lane, written.Item, reason, why, ct);
            return;
        }

        var locked = $"order {written.Item.OrderId} on {written.Item.Port} failed ({why}) and could not be taken back: {left}";
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            // Locked first: were the item ended first, a crash in between would leave nobody who knows.
            await LaneRows.LockAsync(db, lane.Lease, lane.Name, locked,
                $"Before the order the port showed: {written.Before}. Bring it there or to its intent, then provision switch unlock {lane.Name}.", clock.GetUtcNow(), ct);
        }

        await FailAsync(lane, written.Item, Reasons.NeedsPerson, $"{why}; taking it back: {left}", ct);
    }

    private async Task HoldAllAsync(Lane lane, DueItem item, Reason reason, string why, string? remedy, bool locks, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var alarm = remedy is null ? null : new ItemAlarm($"{reason.Code}:{lane.Name}", "critical", why, remedy);
        if (!await LaneRows.HoldAllAsync(db, lane.Lease, lane.Switch, lane.Since, reason, why, alarm, locks, clock.GetUtcNow(), ct))
        {
            // Set right while we tried with the old one.
            await WaitAsync(lane, item, Reasons.Interrupted, why, ct);
            return;
        }

        Log.Held(logger, lane.Name, reason.Code, why);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "Order {OrderId} on {Port} waits ({Reason}): {Why}")]
        public static partial void Waits(ILogger logger, long orderId, PortName port, string reason, string why);

        [LoggerMessage(EventId = 2022, Level = LogLevel.Warning, Message = "Order {OrderId} on {Port} failed ({Reason}): {Detail}")]
        public static partial void Failed(ILogger logger, long orderId, PortName port, string reason, string? detail);

        [LoggerMessage(EventId = 2023, Level = LogLevel.Warning, Message = "All orders of {Switch} are held ({Reason}): {Why}")]
        public static partial void Held(ILogger logger, string @switch, string reason, string why);
    }
}
