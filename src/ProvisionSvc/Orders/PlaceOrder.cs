using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Database;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Orders;

/// <summary>What became of a request.</summary>
internal abstract record PlaceOutcome
{
    private PlaceOutcome()
    {
    }

    /// <summary>The order exists; <paramref name="Created"/> is false where it did before.</summary>
    public sealed record Accepted(long OrderId, bool Created) : PlaceOutcome;

    public sealed record Refused(IReadOnlyList<Fault> Faults) : PlaceOutcome;

    /// <summary>The same externalId came with another body before.</summary>
    public sealed record Conflict(long OrderId) : PlaceOutcome;
}

/// <summary>
/// The one door through which a port is changed. Accepts in one short transaction of rows; the poke follows the commit, and the lanes' sweep is the truth.
/// </summary>
internal sealed class PlaceOrder(NpgsqlDataSource dataSource, PrepareOrder prepare, AdmitOrder admit, LanePoke lanes, TimeProvider clock, IOptions<OrderOptions> options)
{
    // Serialises orders that darken, so that two at once cannot both take the last of the budget. Any number unique in this database.
    private const long BudgetLock = 0x42554447;

    public async Task<PlaceOutcome> RunAsync(OrderDraft draft, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(draft, ct);
            }
            catch (PostgresException clash) when (attempt < 4 && clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation)
            {
                // Somebody else's row came first; what it says counts now. Nothing of ours was kept.
                _ = clash;
            }
        }
    }

    /// <summary>Runs an accepted order that had to wait before the door (requested start, budget).</summary>
    public async Task StartWaitingAsync(long orderId, CancellationToken ct)
    {
        IReadOnlyList<long> due;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            await using var tx = await db.BeginTransactionAsync(ct);
            if (await WaitingOrders.LoadAsync(db, orderId, ct) is not { Draft.Body.FieldAnswer: not true } waiting)
            {
                return;
            }

            var now = clock.GetUtcNow();
            var (order, faults) = await prepare.RunAsync(db, waiting.Draft, now, ct);
            due = order is null
                ? await WaitingOrders.RejectAsync(db, orderId, faults, now, ct)
                : await admit.WaitAsync(db, orderId, order, now, ct) is { } wait
                ? await WaitingOrders.WaitAsync(db, orderId, wait, now, ct)
                : waiting.Released || await WithinBudgetAsync(db, order, now, ct) is not { } exceeded
                    ? await SaveOrder.EffectAsync(db, orderId, order, now, ct)
                    : await WaitingOrders.HoldForBudgetAsync(db, orderId, exceeded, now, ct);
            await ApprovalRows.BindAsync(db, orderId, ct);
            await WaitingOrders.ClearBudgetAlarmAsync(db, now, ct);
            await tx.CommitAsync(ct);
        }

        lanes.Poke(due);
    }

    private async Task<PlaceOutcome> TryAsync(OrderDraft draft, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);

        // Load
        if (await FindAsync(db, draft, ct) is { } known)
        {
            return known;
        }

        var now = clock.GetUtcNow();
        var (order, faults) = await prepare.RunAsync(db, draft, now, ct);
        if (draft.Body.FieldAnswer == true)
        {
            return await ForFieldAnswerAsync(db, tx, draft, faults, now, ct);
        }

        // Decide
        if (order is null)
        {
            // What stands in the way may be this very order, accepted a moment ago from another request with its key.
            return await FindAsync(db, draft, ct) ?? new PlaceOutcome.Refused(faults);
        }

        var wait = await admit.WaitAsync(db, null, order, now, ct);
        var exceeded = wait is not null ? null : await WithinBudgetAsync(db, order, now, ct);

        // Save
        var (state, reason) = wait is not null ? (wait.State, wait.Reason)
            : exceeded is not null ? (OrderState.Held, Reasons.Budget)
            : (OrderState.Acknowledged, default(Reason));
        var id = await SaveOrder.OrderAsync(db, order.Draft, state, reason, wait?.Detail ?? exceeded, now, ct);
        IReadOnlyList<long> due = [];
        if (wait is not null)
        {
            await WaitingOrders.WaitAsync(db, id, wait, now, ct);
        }
        else if (exceeded is not null)
        {
            await WaitingOrders.HoldForBudgetAsync(db, id, exceeded, now, ct);
        }
        else
        {
            due = await SaveOrder.EffectAsync(db, id, order, now, ct);
        }

        if (await OrderKeys.CommitAsync(dataSource, tx, draft.Client, draft.Body.ExternalId, draft.BodyHash, ct) is not { } accepted)
        {
            lanes.Poke(due);
            return new PlaceOutcome.Accepted(id, Created: true);
        }

        return accepted;
    }

    private static Task<PlaceOutcome?> FindAsync(NpgsqlConnection db, OrderDraft draft, CancellationToken ct) =>
        OrderKeys.FindAsync(db, draft.Client, draft.Body.ExternalId, draft.BodyHash, ct);

    /// <summary>Where the fibre lands is not known yet: everything else must be right, but capacity may still be built until then.</summary>
    private async Task<PlaceOutcome> ForFieldAnswerAsync(
        NpgsqlConnection db, NpgsqlTransaction tx, OrderDraft draft, IReadOnlyList<Fault> faults, DateTimeOffset now, CancellationToken ct)
    {
        var grave = faults.Where(f => !Qualify.Codes.Contains(f.Code)).ToList();
        if (grave.Count > 0)
        {
            return await FindAsync(db, draft, ct) ?? new PlaceOutcome.Refused(grave);
        }

        var id = await SaveOrder.OrderAsync(db, draft, OrderState.Held, Reasons.FieldAnswer, null, now, ct);
        return await OrderKeys.CommitAsync(dataSource, tx, draft.Client, draft.Body.ExternalId, draft.BodyHash, ct) ?? new PlaceOutcome.Accepted(id, Created: true);
    }

    /// <summary>Null when the order may run now, else the sentence that says which limit it exceeds.</summary>
    private async Task<string?> WithinBudgetAsync(NpgsqlConnection db, PreparedOrder order, DateTimeOffset now, CancellationToken ct)
    {
        var darkened = order.Action.Restores ? [] : order.Ports.Where(p => p.Darkens).ToList();
        if (darkened.Count == 0)
        {
            return null;
        }

        await db.ExecuteAsync($"select pg_advisory_xact_lock({BudgetLock})", ct);
        var budget = await RaiseBudget.RaisedAsync(db, options.Value.Budget, order.Draft.PlacedBy, now, ct);
        foreach (var building in darkened.GroupBy(p => (p.Row.BuildingId, p.Row.Building)))
        {
            var (all, inBuilding) = await LoadOrder.DarkenedAsync(db, now.AddHours(-1), building.Key.BuildingId, ct);
            if (budget.Exceeded(all, inBuilding, building.Count(), building.Key.Building) is { } exceeded)
            {
                return exceeded;
            }
        }

        return null;
    }
}
