using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Events;

/// <summary>
/// Moves what happened from the outbox into the order in which everybody is told: one process at a time, so that sequence numbers appear in their order.
/// What concerns one order keeps its order, because its rows were locked when they were written down.
/// </summary>
internal sealed partial class SequenceEvents(NpgsqlDataSource dataSource, TimeProvider clock, IOptions<EventOptions> options, ILogger<SequenceEvents> logger) : BackgroundService
{
    // Any number unique in this database.
    private const long OneAtATime = 0x45564E54;
    private const int MostAtOnce = 2000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var swept = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await MoveAsync(stoppingToken) == 0)
                {
                    await Task.Delay(options.Value.Sweep, clock, stoppingToken);
                }

                if (clock.GetElapsedTime(swept) > TimeSpan.FromMinutes(10))
                {
                    swept = clock.GetTimestamp();
                    await ForgetAsync(stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), clock, stoppingToken);
            }
        }
    }

    /// <summary>Gives the next events their numbers and each webhook what it wants of them. Returns how many there were.</summary>
    internal async Task<int> MoveAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (!await db.FirstAsync($"select exists (select from outbox) as any", r => r.Get<bool>("any"), ct))
        {
            return 0;
        }

        var moved = 0;
        await using (var tx = await db.BeginTransactionAsync(ct))
        {
            if (await db.FirstAsync($"select pg_try_advisory_xact_lock({OneAtATime}) as mine", r => r.Get<bool>("mine"), ct))
            {
                moved = await db.FirstAsync(Moving(), r => r.Get<int>("moved"), ct);
            }

            await tx.CommitAsync(ct);
        }

        if (moved > 0)
        {
            // After the commit: a NOTIFY inside a transaction makes the commits of all others wait for it.
            await db.ExecuteAsync($"select pg_notify({EventSignal.ChannelName}, '')", ct);
        }

        return moved;
    }

    private static Sql Moving() =>
        $"""
         with taken as (
             delete from outbox where id in (select id from outbox order by id limit {MostAtOnce}) returning id, at, kind, order_id, item_id, payload
         ), told as (
             insert into event (at, kind, subject, order_id, district, payload)
             select t.at, t.kind, coalesce('order/' || t.order_id, 'alarm/' || (t.payload ->> 'id'), split_part(t.kind, '.', 1)), t.order_id, b.district,
                    case when t.order_id is null then coalesce(t.payload, jsonb_build_object()) else jsonb_strip_nulls(jsonb_build_object(
                        'order', o.id, 'action', o.action, 'service', o.circuit_id, 'hold', o.hold_kind, 'client', o.client, 'externalId', o.external_id,
                        'item', i.sequence, 'switch', w.name, 'ifName', p.if_name) || coalesce(t.payload, jsonb_build_object())) end
             from taken t
             left join service_order o on o.id = t.order_id
             left join service s on s.id = o.service_id
             left join building b on b.id = s.building_id
             left join order_item i on i.id = t.item_id
             left join port p on p.id = i.port_id
             left join switch w on w.id = p.switch_id
             order by t.id
             returning sequence, kind, subject, order_id, district
         ), owed as (
             insert into webhook_delivery (webhook_id, sequence, subject, next_at)
             select h.id, t.sequence, t.subject, now()
             from told t
             join webhook h on t.kind like any(h.kinds) and t.subject like h.subjects
                 and (cardinality(h.districts) = 0 or t.order_id is null or t.district = any(h.districts))
         )
         select count(*)::int as moved from told
         """;

    /// <summary>What everybody was told long ago.</summary>
    internal async Task ForgetAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await db.ExecuteAsync($"delete from webhook_delivery where dead_at < {clock.GetUtcNow() - options.Value.KeepDead}", ct);
        await db.ExecuteAsync(
            $"""
             delete from event where sequence in (
                 select e.sequence from event e
                 where e.at < {clock.GetUtcNow() - options.Value.Keep} and not exists (select from webhook_delivery d where d.sequence = e.sequence)
                 order by e.sequence limit 100000)
             """,
            ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "Events are told later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
