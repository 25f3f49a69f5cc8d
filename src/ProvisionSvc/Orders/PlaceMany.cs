using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>
/// Accepts an order over many: its own row and one for each part, in a few statements. The parts have no effect yet; each starts by itself, through the same door as
/// every order, and has an outcome of its own.
/// </summary>
internal sealed class PlaceMany(NpgsqlDataSource dataSource, PrepareOrder prepare, TimeProvider clock)
{
    public async Task<PlaceOutcome> RunAsync(OrderDraft draft, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await OrderKeys.FindAsync(db, draft.Client, draft.Body.ExternalId, draft.BodyHash, ct) is { } known)
        {
            return known;
        }

        var (parts, faults) = await SplitOrder.RunAsync(db, draft, ct);
        faults = faults.Count > 0 ? faults : await FaultsAsync(parts, ct);
        return faults.Count > 0 ? new PlaceOutcome.Refused(faults) : await SaveAsync(draft, draft.BodyHash, parts, ct);
    }

    /// <summary>The parts and what stands against them, decided as if they were placed now.</summary>
    private async Task<IReadOnlyList<Fault>> FaultsAsync(IReadOnlyList<OrderDraft> parts, CancellationToken ct)
    {
        var faults = new List<Fault>();
        foreach (var part in parts)
        {
            // The transaction only holds the decision's row locks together; it is never committed.
            await using var db = await dataSource.OpenConnectionAsync(ct);
            await using var tx = await db.BeginTransactionAsync(ct);
            var (_, found) = await prepare.RunAsync(db, part, clock.GetUtcNow(), ct);
            faults.AddRange(found.Select(f => SplitOrder.Of(part.Body.Service, f)));
        }

        return faults;
    }

    /// <summary>One row for the whole and one for each part, in one transaction.</summary>
    public async Task<PlaceOutcome> SaveAsync(OrderDraft draft, byte[] hash, IReadOnlyList<OrderDraft> parts, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        long id;
        try
        {
            id = await db.FirstAsync(
                $"""
                 insert into service_order (client, external_id, body_hash, body, action, hold_kind, circuit_id, group_name, children, placed_by, why, state, requested_start, created_at, undoes)
                 values ({draft.Client}, {draft.Body.ExternalId}, {hash}, {Json.Of(draft.Body)}, {draft.Body.Action}, {draft.Body.Hold}, '', {draft.Body.Group}, {parts.Count},
                         {draft.PlacedBy}, {draft.Body.Why}, 'acknowledged', {draft.Body.RequestedStart}, {now}, {draft.Body.Undoes})
                 returning id
                 """,
                r => r.Get<long>("id"),
                ct);
            await PartsAsync(db, id, draft, parts, now, ct);
        }
        catch (PostgresException same) when (same.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The same order from another request, or a part whose key somebody else used first.
            await tx.RollbackAsync(ct);
            return await OrderKeys.FindAsync(db, draft.Client, draft.Body.ExternalId, hash, ct)
                ?? new PlaceOutcome.Refused([new("external-id-taken", "externalId", $"A part's externalId is in use already: {same.Detail}")]);
        }

        await db.WriteAuditAsync(now, draft.PlacedBy, "order.accept", $"order/{id}", new { draft.Body.Action, draft.Body.Group, draft.Body.Switch, draft.Body.Why, parts = parts.Count }, ct);
        return await OrderKeys.CommitAsync(dataSource, tx, draft.Client, draft.Body.ExternalId, hash, ct) ?? new PlaceOutcome.Accepted(id, Created: true);
    }

    private static async Task PartsAsync(NpgsqlConnection db, long parent, OrderDraft draft, IReadOnlyList<OrderDraft> parts, DateTimeOffset now, CancellationToken ct)
    {
        var bodies = parts.Select(p => Json.Of(p.Body).Text).ToArray();
        var hashes = parts.Select(p => p.BodyHash).ToArray();
        await db.ExecuteAsync(
            $"""
             with part as (
                 select n, hash, body::jsonb as b from unnest({bodies}, {hashes}) with ordinality as x (body, hash, n)
             ), kept as (
                 insert into service_order
                     (client, external_id, body_hash, body, action, hold_kind, service_id, circuit_id, parent_id, placed_by, why, state, reason, requested_start, created_at, undoes)
                 select {draft.Client}, b->>'externalId', hash, b, b->>'action', b->>'hold', s.id, coalesce(b->>'service', ''), {parent}, {draft.PlacedBy}, b->>'why',
                        case when (b->>'requestedStart')::timestamptz > {now} then 'pending' else 'acknowledged' end,
                        case when (b->>'requestedStart')::timestamptz > {now} then {Reasons.Scheduled.Code} end,
                        (b->>'requestedStart')::timestamptz, {now}, (b->>'undoes')::bigint
                 from part left join service s on s.circuit_id = b->>'service' order by n
                 returning id, action, circuit_id, why, state
             )
             insert into audit (at, who, action, object, detail)
             select {now}, {draft.PlacedBy}, 'order.accept', 'order/' || id, jsonb_build_object('action', action, 'service', circuit_id, 'why', why, 'state', state, 'parent', {parent})
             from kept
             """,
            ct);
    }
}
