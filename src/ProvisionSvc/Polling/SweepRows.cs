using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;

namespace ProvisionSvc.Polling;

/// <summary>The queries of a sweep; whatever a shard changed is written set-based in one transaction.</summary>
internal static class SweepRows
{
    /// <summary>A shard that nobody works on, claimed for <paramref name="owner"/>; null when there is none.</summary>
    public static Task<(long Id, long Sweep, long[] Switches)?> ClaimAsync(NpgsqlConnection db, string owner, DateTimeOffset now, TimeSpan patience, CancellationToken ct) => db.FirstAsync(
        $"""
         update sweep_shard set claimed_by = {owner}, claimed_at = {now}
         where id = (select id from sweep_shard where done_at is null and (claimed_at is null or claimed_at < {now - patience}) order by id for update skip locked limit 1)
         returning id, sweep_id, switch_ids
         """,
        r => ((long, long, long[])?)(r.Get<long>("id"), r.Get<long>("sweep_id"), r.Get<long[]>("switch_ids")),
        ct);

    /// <summary>
    /// A sweep and a reading for a notification may know the same switch at once: the second compares with what the first has written, so that nothing is an
    /// event twice. An advisory lock, because orders lock ports and switches in their own order.
    /// </summary>
    public static Task TakeTurnsAsync(NpgsqlConnection db, long[] sortedSwitches, CancellationToken ct) =>
        db.ExecuteAsync($"select pg_advisory_xact_lock(hashtext('sweep'), id::int) from unnest({sortedSwitches}) with ordinality as n(id, turn) order by turn", ct);

    /// <summary>The switches' ports, but for those of which something newer is known than was <paramref name="asked"/>: an order may have finished since.</summary>
    public static async Task<ILookup<long, KnownPort>> KnownPortsAsync(NpgsqlConnection db, long[] switches, DateTimeOffset asked, CancellationToken ct)
    {
        var ports = await db.QueryAsync(
            $"""
             select p.id, p.switch_id, p.if_name, p.if_index, p.seen_admin, p.seen_oper, p.seen_alias, p.seen_speed_kbps, p.in_octets, p.out_octets,
                    p.missing_since is not null as missing, i.expected,
                    exists (select from service_attachment a where a.port_id = p.id and a.ended_at is null) as carries,
                    exists (select from order_item t where t.port_id = p.id and (t.finished_at is null or t.finished_at > {asked})) as open_item, p.role
             from port p left join port_intent i on i.port_id = p.id
             where p.switch_id = any({switches}) and (p.read_at is null or p.read_at <= {asked})
             """,
            r => new KnownPort(
                r.Get<long>("id"), r.Get<long>("switch_id"), r.Get<string>("if_name"), r.Get<long?>("if_index"), r.Get<string?>("seen_admin"),
                r.Get<string?>("seen_oper"), r.Get<string?>("seen_alias"), r.Get<long?>("seen_speed_kbps"), r.Get<decimal?>("in_octets"), r.Get<decimal?>("out_octets"),
                r.Get<bool>("missing"), r.Get<string?>("expected") is { } json ? IntentRows.Expected(json) : null, r.Get<bool>("carries"), r.Get<bool>("open_item"),
                r.Get<PortRole>("role")),
            ct);
        return ports.ToLookup(p => p.SwitchId);
    }

    /// <summary>Everything that was learnt of these switches, in the caller's transaction.</summary>
    public static async Task SaveAsync(
        NpgsqlConnection db, IReadOnlyList<SweptSwitch> swept, IReadOnlyList<SweepChanges> changes, PollingOptions options, DateTimeOffset asked, DateTimeOffset now, CancellationToken ct)
    {
        await PortsAsync(db, changes, asked, now, ct);
        await DriftAsync(db, changes, now, ct);
        await SwitchesAsync(db, swept, options, now, ct);
    }

    /// <summary>The shard is done, and with the last of its shards the sweep.</summary>
    public static async Task FinishAsync(NpgsqlConnection db, long shardId, long sweepId, int answered, int silent, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"update sweep_shard set done_at = {now}, answered = {answered}, silent = {silent} where id = {shardId}", ct);
        await db.ExecuteAsync(
            $"update sweep set finished_at = {now} where id = {sweepId} and not exists (select from sweep_shard where sweep_id = {sweepId} and done_at is null)", ct);
    }

    private static async Task PortsAsync(NpgsqlConnection db, IReadOnlyList<SweepChanges> changes, DateTimeOffset asked, DateTimeOffset now, CancellationToken ct)
    {
        var changed = changes.SelectMany(c => c.Changed).OrderBy(c => c.Port.Id).ToList();

        // In the order in which orders and lanes lock them.
        await db.ExecuteAsync($"select 1 from port where id = any({changed.Select(c => c.Port.Id).ToArray()}) order by id for update", ct);
        await db.ExecuteAsync(
            $"""
             update port p set if_index = n.if_index, seen_admin = n.admin, seen_oper = n.oper, seen_alias = n.alias, seen_speed_kbps = n.speed,
                 in_octets = n.ins, out_octets = n.outs, read_at = {now}, missing_since = null
             from unnest({changed.Select(c => c.Port.Id).ToArray()}, {changed.Select(c => c.Seen.IfIndex).ToArray()}, {changed.Select(c => c.Seen.Admin).ToArray()},
                         {changed.Select(c => EnumText.Of(c.Seen.Oper)).ToArray()}, {changed.Select(c => c.Seen.Alias).ToArray()}, {changed.Select(c => c.Seen.SpeedKbps).ToArray()},
                         {changed.Select(c => c.Seen.InOctets).ToArray()}, {changed.Select(c => c.Seen.OutOctets).ToArray()})
                  as n(id, if_index, admin, oper, alias, speed, ins, outs)
             where p.id = n.id and (p.read_at is null or p.read_at <= {asked})
             """,
            ct);
        await db.ExecuteAsync($"update port set missing_since = {now} where id = any({changes.SelectMany(c => c.Missing).ToArray()})", ct);
        var events = changes.SelectMany(c => c.Events).ToList();
        await db.ExecuteAsync(
            $"""
             insert into port_event (port_id, kind, before, after, at)
             select n.port_id, n.kind, n.before, n.after, {now}
             from unnest({events.Select(e => e.PortId).ToArray()}, {events.Select(e => e.Kind).ToArray()}, {events.Select(e => e.Before).ToArray()}, {events.Select(e => e.After).ToArray()})
                  as n(port_id, kind, before, after)
             """,
            ct);
    }

    /// <summary>Findings keep their first time; what is not found any more on a judged port is cleared.</summary>
    private static async Task DriftAsync(NpgsqlConnection db, IReadOnlyList<SweepChanges> changes, DateTimeOffset now, CancellationToken ct)
    {
        var found = changes.SelectMany(c => c.Drifts).ToList();
        var ports = found.Select(f => f.PortId).ToArray();
        var classes = found.Select(f => EnumText.Of(f.Drift.Class)).ToArray();
        await db.ExecuteAsync(
            $"""
             insert into drift (port_id, class, expected, seen, since, last_seen)
             select n.port_id, n.class, n.expected, n.seen, {now}, {now}
             from unnest({ports}, {classes}, {found.Select(f => f.Drift.Expected).ToArray()}, {found.Select(f => f.Drift.Seen).ToArray()}) as n(port_id, class, expected, seen)
             on conflict (port_id, class) where cleared_at is null do update set last_seen = excluded.last_seen, expected = excluded.expected, seen = excluded.seen
             """,
            ct);
        await db.ExecuteAsync(
            $"""
             update drift d set cleared_at = {now}
             where d.cleared_at is null and d.port_id = any({changes.SelectMany(c => c.Judged).ToArray()})
               and not exists (select from unnest({ports}, {classes}) as n(port_id, class) where n.port_id = d.port_id and n.class = d.class)
             """,
            ct);
    }

    private static async Task SwitchesAsync(NpgsqlConnection db, IReadOnlyList<SweptSwitch> swept, PollingOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var answered = swept.OfType<SweptSwitch.Answered>().Select(s => s.Switch).ToList();
        await db.ExecuteAsync(
            $"update switch set last_polled_at = {now}, last_answer_at = {now}, misses = 0 where id = any({answered.Select(s => s.Id).ToArray()})", ct);
        await db.ExecuteAsync(
            $"update alarm set cleared_at = {now} where cleared_at is null and key = any({answered.Select(s => $"silent:{s.Endpoint.Name}").ToArray()})", ct);
        foreach (var silent in swept.OfType<SweptSwitch.Silent>())
        {
            var misses = await db.FirstAsync(
                $"update switch set last_polled_at = {now}, misses = misses + 1 where id = {silent.Switch.Id} returning misses", r => r.Get<int>("misses"), ct);
            if (misses == options.MissesUntilUnreachable)
            {
                await db.RaiseAlarmAsync(now, $"silent:{silent.Switch.Endpoint.Name}", "warning",
                    $"{silent.Switch.Endpoint.Name} has not answered {misses} sweeps: {silent.Why}", "Check power, the path and the SNMP community.", ct);
            }
        }
    }
}
