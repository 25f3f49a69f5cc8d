using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>Our claim on a switch ended; whoever holds it now reads back and goes on. Nothing more is sent and nothing is recorded by us.</summary>
internal sealed class LeaseLostException(string message) : Exception(message);

/// <summary>
/// A claim on one switch under one epoch. The database's clock says when it ends; locally it is trusted only until the moment before the query that granted
/// it, plus TTL, minus a margin, on the monotonic clock (I4).
/// </summary>
internal sealed class LaneLease : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly LaneOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewal;
    private long _trustedFrom;
    private volatile bool _lost;

    private LaneLease(NpgsqlDataSource dataSource, LaneOptions options, TimeProvider clock, long switchId, long epoch, string owner, long askedAt)
    {
        (_dataSource, _options, _clock) = (dataSource, options, clock);
        (SwitchId, Epoch, Owner, _trustedFrom) = (switchId, epoch, owner, askedAt);
        _renewal = RenewAsync(_ended.Token);
    }

    public long SwitchId { get; }

    public long Epoch { get; }

    public string Owner { get; }

    /// <summary>Claims up to <paramref name="most"/> due lanes that nobody holds; restorations first.</summary>
    public static async Task<List<LaneLease>> ClaimAsync(
        NpgsqlDataSource dataSource, LaneOptions options, TimeProvider clock, string owner, int most, CancellationToken ct)
    {
        var askedAt = clock.GetTimestamp();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             update lane set epoch = epoch + 1, owner = {owner}, lease_until = now() + {options.LeaseTtl}
             where switch_id in (
                 select l.switch_id from lane l
                 where l.due_at <= now() and l.locked_reason is null and (l.lease_until is null or l.lease_until < now())
                   and (not exists (select from pause where ended_at is null) or (
                       not exists (select from pause where ended_at is null and scope = 'all')
                       and (exists (select from order_item i where i.switch_id = l.switch_id and i.finished_at is null and i.not_before <= now()
                                      and i.state in ('acknowledged', 'inProgress', 'pending') and (i.precedence = 0 or exists (select from step_journal j where j.item_id = i.id)))
                            or not exists (
                                select from pause p join switch w on w.id = l.switch_id join building b on b.id = w.building_id
                                where p.ended_at is null and p.target_id = case p.scope when 'switch' then w.id when 'building' then b.id else b.node_id end))))
                 order by (select min(i.precedence) from order_item i where i.switch_id = l.switch_id and i.finished_at is null), l.due_at
                 for update skip locked limit {most})
             returning switch_id, epoch
             """,
            r => new LaneLease(dataSource, options, clock, r.Get<long>("switch_id"), r.Get<long>("epoch"), owner, askedAt),
            ct);
    }

    /// <summary>Claims this lane for a reader: locked or not, but only where nobody holds it and nothing is due.</summary>
    public static async Task<LaneLease?> BorrowAsync(
        NpgsqlDataSource dataSource, LaneOptions options, TimeProvider clock, string owner, long switchId, CancellationToken ct)
    {
        var askedAt = clock.GetTimestamp();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync(
            $"""
             update lane set epoch = epoch + 1, owner = {owner}, lease_until = now() + {options.LeaseTtl}
             where switch_id = {switchId} and (lease_until is null or lease_until < now()) and (due_at is null or due_at > now() or locked_reason is not null)
             returning epoch
             """,
            r => new LaneLease(dataSource, options, clock, switchId, r.Get<long>("epoch"), owner, askedAt),
            ct);
    }

    /// <exception cref="LeaseLostException">The claim has ended, or cannot be trusted any more.</exception>
    public void RequireHeld()
    {
        if (!Failpoints.IgnoreLease && (_lost || _clock.GetElapsedTime(Volatile.Read(ref _trustedFrom)) > _options.LeaseTtl - _options.LeaseMargin))
        {
            throw new LeaseLostException($"The lease of epoch {Epoch} on switch {SwitchId} has ended.");
        }
    }

    /// <summary>Inside the caller's transaction: fails it unless this epoch still holds the lane.</summary>
    public async Task RequireHeldAsync(NpgsqlConnection db, CancellationToken ct)
    {
        RequireHeld();
        var held = await db.ExecuteAsync($"update lane set lease_until = lease_until where switch_id = {SwitchId} and epoch = {Epoch} and lease_until > now()", ct);
        if (held == 0 && !Failpoints.IgnoreLease)
        {
            _lost = true;
            throw new LeaseLostException($"Epoch {Epoch} on switch {SwitchId} was overtaken.");
        }
    }

    /// <summary>Gives the lane back, due again when its next open item is.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        await _ended.CancelAsync();
        await using var db = await _dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);

        // Locked by a statement of its own: an order that commits while we wait for the lane would be invisible to the one that looks for its item.
        await db.ExecuteAsync($"select 1 from lane where switch_id = {SwitchId} and epoch = {Epoch} for update", ct);
        await db.ExecuteAsync(
            $"""
             update lane set owner = null, lease_until = null,
                 due_at = (select min(not_before) from order_item i
                           where i.switch_id = lane.switch_id and i.finished_at is null and i.state in ('acknowledged', 'inProgress', 'pending'))
             where switch_id = {SwitchId} and epoch = {Epoch}
             """,
            ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>
    /// Gives the lane back amid an item, by a worker that lives: the item is no crash of its own, and the next owner, perhaps we ourselves, begins at once
    /// with the read-back.
    /// </summary>
    public async Task AbandonAsync(CancellationToken ct)
    {
        await _ended.CancelAsync();
        await using var db = await _dataSource.OpenConnectionAsync(ct);
        await db.ExecuteAsync(
            $"""
             with ours as (
                 update lane set owner = null, lease_until = null, due_at = least(coalesce(due_at, now()), now())
                 where switch_id = {SwitchId} and epoch = {Epoch} returning switch_id
             )
             update order_item set crashes = greatest(0, crashes - 1)
             where switch_id in (select switch_id from ours) and state = 'inProgress' and finished_at is null
             """,
            ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        while (!_lost)
        {
            await Task.Delay(_options.LeaseTtl / 4, _clock, ct);
            try
            {
                var askedAt = _clock.GetTimestamp();
                await using var db = await _dataSource.OpenConnectionAsync(ct);
                var kept = await db.ExecuteAsync(
                    $"update lane set lease_until = now() + {_options.LeaseTtl} where switch_id = {SwitchId} and epoch = {Epoch} and lease_until > now()", ct);
                if (kept == 0)
                {
                    _lost = true;
                }
                else
                {
                    Volatile.Write(ref _trustedFrom, askedAt);
                }
            }
            catch (NpgsqlException away)
            {
                // Not renewed: trust runs out by itself unless a later round succeeds.
                _ = away;
            }
        }
    }
}
