using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>What became of a journalled line.</summary>
internal enum LineOutcome
{
    Confirmed,
    Rejected,

    /// <summary>Nobody knows; the switch is read back.</summary>
    Unknown,

    /// <summary>The way to the line's configuration level was lost; the line itself was never sent.</summary>
    NotSent,
}

/// <summary>
/// The journal of lines: who, why, before and after, committed before the line leaves (I6). A row without an outcome after a crash means Unknown.
/// </summary>
internal sealed class Journal(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>Writes down what is about to be done. Returns the row to close.</summary>
    /// <exception cref="LeaseLostException">This epoch no longer holds the lane; nothing may be sent.</exception>
    public Task<long> OpenAsync(LaneLease lease, DueItem item, PlanStep step, Channel channel, string line, int? localPort, CancellationToken ct) =>
        OpenAsync(lease, item, channel, FieldNames.Of(step.Field), line, step.Before, step.After, localPort, ct);

    /// <summary>A line that is a write of no single field: the save, for the whole batch and noted with its first item, or one about a trial.</summary>
    /// <exception cref="LeaseLostException">This epoch no longer holds the lane; nothing may be sent.</exception>
    public Task<long> OpenAsync(LaneLease lease, DueItem item, string what, string line, string before, string after, int? localPort, CancellationToken ct) =>
        OpenAsync(lease, item, Channel.Terminal, what, line, before, after, localPort, ct);

    /// <summary>Until when the switch may go back by itself; null: it will not. Until then nobody takes what it shows for lasting.</summary>
    /// <exception cref="LeaseLostException">This epoch no longer holds the lane; nothing may be sent.</exception>
    public async Task TrialUntilAsync(LaneLease lease, DateTimeOffset? until, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        await db.ExecuteAsync($"update switch set trial_until = {until} where id = {lease.SwitchId}", ct);
        await tx.CommitAsync(ct);
    }

    private async Task<long> OpenAsync(
        LaneLease lease, DueItem item, Channel channel, string field, string line, string? before, string? after, int? localPort, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync($"update switch set unsaved_since = coalesce(unsaved_since, {now}) where id = {lease.SwitchId}", ct);
        var id = await db.FirstAsync(
            $"""
             insert into step_journal (item_id, order_id, switch_id, epoch, local_port, channel, field, line, before, after, who, why, intent_at)
             values ({item.Id}, {item.OrderId}, {lease.SwitchId}, {lease.Epoch}, {localPort}, {channel}, {field}, {line},
                     {before}, {after}, {item.PlacedBy}, {item.Why}, {now})
             returning id
             """,
            r => r.Get<long>("id"),
            ct);
        await tx.CommitAsync(ct);
        Failpoints.Pass(Failpoint.Journalled);
        return id;
    }

    public async Task CloseAsync(long id, Channel channel, LineOutcome outcome, string output, CancellationToken ct)
    {
        Failpoints.Pass(Failpoint.Answered);
        ServiceMetrics.LinesSent.Add(1, new("channel", EnumText.Of(channel)), new KeyValuePair<string, object?>("outcome", EnumText.Of(outcome)));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var kept = output.Length > 2000 ? output[..2000] : output;
        await db.ExecuteAsync($"update step_journal set outcome = {outcome}, output = {kept}, outcome_at = {clock.GetUtcNow()} where id = {id}", ct);
    }
}
