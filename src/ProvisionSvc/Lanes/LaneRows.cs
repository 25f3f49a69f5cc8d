using System.Net;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>A switch as its lane needs it.</summary>
internal sealed record LaneSwitch(
    long Id, SwitchEndpoint Endpoint, string Template, string Credential, SwitchMode Mode, bool Locked, Channel WriteBy, bool Unsaved, DateTimeOffset? TrialUntil,
    Site Site);

/// <summary>An item that is due, with what its port should be now (the newest intent, not the one of the day it was ordered).</summary>
/// <param name="FirstPlan">The plan of an earlier attempt; null where there was none, or where the intent is another one since.</param>
internal sealed record DueItem(
    long Id, long OrderId, string Action, string? Hold, string PlacedBy, string? Why, int Attempts, int Crashes, bool Begun,
    long PortId, PortName Port, PortRole Role, long? IfIndex, PortIntent Intent, long? ServiceId, string Circuit,
    PlanView? FirstPlan)
{
    public bool Restores => Action == "resume";
}

/// <summary>What is said to the people on duty when an item waits or ends.</summary>
internal sealed record ItemAlarm(string Key, string Severity, string What, string Remedy);

/// <summary>The queries of a lane's run.</summary>
internal static class LaneRows
{
    public static Task<LaneSwitch?> SwitchAsync(NpgsqlConnection db, long switchId, CancellationToken ct) => db.FirstAsync(
        $"""
         select w.name, w.address, w.snmp_port, w.ssh_port, w.host_key_sha256, w.template, w.credential, w.mode, w.admin_status_by, w.trial_until,
                w.unsaved_since is not null as unsaved, l.locked_reason is not null as locked, b.id as building_id, b.node_id, b.district
         from switch w join lane l on l.switch_id = w.id join building b on b.id = w.building_id where w.id = {switchId}
         """,
        r => new LaneSwitch(
            switchId,
            new(r.Get<string>("name"), r.Get<IPAddress>("address"), r.Get<int>("snmp_port"), r.Get<int>("ssh_port"), r.Get<string?>("host_key_sha256")),
            r.Get<string>("template"), r.Get<string>("credential"), r.Get<SwitchMode>("mode"), r.Get<bool>("locked"), r.Get<Channel>("admin_status_by"), r.Get<bool>("unsaved"),
            r.Get<DateTimeOffset?>("trial_until"),
            new(switchId, r.Get<long>("building_id"), r.Get<long>("node_id"), r.Get<int>("district"))),
        ct);

    /// <summary>The next due item: restorations first, then as they were ordered; items of <paramref name="done"/> are left out.</summary>
    public static Task<DueItem?> NextItemAsync(NpgsqlConnection db, long switchId, IReadOnlyCollection<long> done, DateTimeOffset now, CancellationToken ct) => db.FirstAsync(
        $"""
         select i.id, i.order_id, o.action, o.hold_kind, o.placed_by, o.why, i.attempts, i.crashes, i.begun_at is not null as begun, o.service_id, o.circuit_id,
                p.id as port_id, w.name as switch, p.if_name, p.role, p.if_index,
                n.admin_status, n.access_vlan, n.allowed_vlans, n.native_vlan, n.own_vlans, n.rate_down_kbps, n.rate_up_kbps, n.alias, n.rates_elsewhere,
                case when i.intent_version = n.version then i.plan end as first_plan
         from order_item i
         join service_order o on o.id = i.order_id
         join port p on p.id = i.port_id
         join switch w on w.id = p.switch_id
         join port_intent n on n.port_id = p.id
         where i.switch_id = {switchId} and i.finished_at is null and i.state in ('acknowledged', 'inProgress', 'pending')
           and i.not_before <= {now} and i.id <> all({done.ToArray()})
           and not exists (select from order_item d where d.id = i.depends_on and d.state <> 'completed')
         order by i.precedence, i.id limit 1
         """,
        r => new DueItem(
            r.Get<long>("id"), r.Get<long>("order_id"), r.Get<string>("action"), r.Get<string?>("hold_kind"), r.Get<string>("placed_by"), r.Get<string?>("why"),
            r.Get<int>("attempts"), r.Get<int>("crashes"), r.Get<bool>("begun"),
            r.Get<long>("port_id"), new(r.Get<string>("switch"), r.Get<string>("if_name")), r.Get<PortRole>("role"), r.Get<long?>("if_index"),
            IntentRows.Map(r), r.Get<long?>("service_id"), r.Get<string>("circuit_id"), r.Get<string?>("first_plan") is { } plan ? Json.To<PlanView>(plan) : null),
        ct);

    /// <summary>Counted before anything runs, so that an item that kills its worker is known (F48). False where it has ended since it was looked for.</summary>
    public static async Task<bool> BeginAsync(NpgsqlConnection db, LaneLease lease, DueItem item, DateTimeOffset now, CancellationToken ct)
    {
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        var begun = await db.ExecuteAsync(
            $"""
             update order_item set state = 'inProgress', reason = null, detail = null, attempts = attempts + 1, crashes = crashes + 1, begun_at = coalesce(begun_at, {now})
             where id = {item.Id} and finished_at is null
             """,
            ct);
        await OrderRows.SettleAsync(db, item.OrderId, now, ct);
        await tx.CommitAsync(ct);
        return begun > 0;
    }

    /// <summary>
    /// The newer order whose item on the same port has made this one pointless, or null. An item of that order stands, so the port comes to its newest intent
    /// without this one.
    /// </summary>
    public static async Task<long?> OvertakenByAsync(NpgsqlConnection db, DueItem item, CancellationToken ct)
    {
        var newer = await db.QueryAsync(
            $"""
             select o.id, o.action, o.hold_kind from order_item i join service_order o on o.id = i.order_id
             where i.port_id = {item.PortId} and i.id > {item.Id} and i.state <> 'cancelled' and o.action in ('suspend', 'resume', 'disconnect') order by i.id
             """,
            r => (Id: r.Get<long>("id"), Action: r.Get<string>("action"), Hold: r.Get<HoldKind?>("hold_kind")),
            ct);
        var older = item.Hold is { } kind ? EnumText.Parse<HoldKind>(kind) : default(HoldKind?);
        return newer.Where(n => ActionOf(n.Action, n.Hold).MakesPointless(item.Action, older)).Select(n => (long?)n.Id).FirstOrDefault();
    }

    private static OrderAction ActionOf(string action, HoldKind? hold) => (action, hold) switch
    {
        ("suspend", { } kind) => new Suspend(kind, "", ""),
        ("resume", { } kind) => new Resume(kind),
        _ => new Disconnect(),
    };

    /// <summary>The plan as it was first made: it holds the before-image that compensation returns to.</summary>
    public static Task<int> KeepPlanAsync(NpgsqlConnection db, long itemId, PlanView plan, CancellationToken ct) =>
        db.ExecuteAsync($"update order_item set plan = coalesce(plan, {Json.Of(plan)}) where id = {itemId}", ct);

    /// <summary>
    /// The item waits or ends, and whoever must hear of it does, together; its crash counter is paid back, because this ending was orderly.
    /// </summary>
    public static async Task SettleAsync(
        NpgsqlConnection db, LaneLease lease, DueItem item, OrderState state, Reason reason, string? detail, ItemAlarm? alarm, DateTimeOffset now, DateTimeOffset? notBefore,
        CancellationToken ct)
    {
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        await db.ExecuteAsync(
            $"""
             update order_item set state = {state}, reason = {reason.Code}, detail = {detail}, crashes = 0,
                 not_before = coalesce({notBefore}, not_before), finished_at = {(OrderStates.IsFinal(state) ? now : default(DateTimeOffset?))}
             where id = {item.Id}
             """,
            ct);
        await OrderRows.SettleAsync(db, item.OrderId, now, ct);
        if (OrderStates.IsFinal(state))
        {
            await db.WriteAuditAsync(now, "lane", $"item.{EnumText.Of(state)}", $"order/{item.OrderId}", new { item = item.Id, port = item.Port.ToString(), reason.Code, detail }, ct);
        }

        if (alarm is not null)
        {
            await db.RaiseAlarmAsync(now, alarm.Key, alarm.Severity, alarm.What, alarm.Remedy, ct);
        }

        await tx.CommitAsync(ct);
    }

    /// <summary>Every open item of the switch waits for the same reason (maintenance, observe, a locked lane). Waiting so is orderly: no crash is counted.</summary>
    /// <param name="seen">The switch as it was when the reason was found, and <paramref name="since"/> when; if it has been put right since, nothing is held.</param>
    /// <param name="locks">Also lock the lane, for a person to unlock.</param>
    /// <returns>False where the reason is gone already.</returns>
    public static async Task<bool> HoldAllAsync(
        NpgsqlConnection db, LaneLease lease, LaneSwitch seen, DateTimeOffset since, Reason reason, string? detail, ItemAlarm? alarm, bool locks, DateTimeOffset now,
        CancellationToken ct)
    {
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        if (await ChangedAsync(db, seen, since, ct))
        {
            // Whoever put it right has released what was held then; what we held now, nobody would.
            return false;
        }

        var orders = await db.QueryAsync(
            $"""
             update order_item set state = 'held', reason = {reason.Code}, detail = {detail}, crashes = 0
             where switch_id = {lease.SwitchId} and finished_at is null and state in ('acknowledged', 'inProgress', 'pending') returning order_id
             """,
            r => r.Get<long>("order_id"),
            ct);
        foreach (var order in orders.Distinct())
        {
            await OrderRows.SettleAsync(db, order, now, ct);
        }

        var restores = await db.FirstAsync(
            $"select exists (select from order_item i join service_order o on o.id = i.order_id where i.switch_id = {lease.SwitchId} and i.state = 'held' and o.action = 'resume') as restores",
            r => r.Get<bool>("restores"),
            ct);
        if (restores && reason != Reasons.Credential)
        {
            // A refused credential has one alarm of its own, whatever waits for it on however many switches.
            await HeldRows.RaiseRestoreStoppedAsync(db, lease.SwitchId, seen.Endpoint.Name, $"{reason.English} {detail}".TrimEnd(), now, ct);
        }

        if (alarm is not null && locks)
        {
            await LockAsync(db, lease, seen.Endpoint.Name, alarm.What, alarm.Remedy, now, ct);
        }
        else if (alarm is not null)
        {
            await db.RaiseAlarmAsync(now, alarm.Key, alarm.Severity, alarm.What, alarm.Remedy, ct);
        }

        await tx.CommitAsync(ct);
        return true;
    }

    /// <summary>Mode, lock, address, key and credential: the lane's lock is held, so whoever changes them releases after us or is seen here.</summary>
    private static async Task<bool> ChangedAsync(NpgsqlConnection db, LaneSwitch seen, DateTimeOffset since, CancellationToken ct)
    {
        var now = await SwitchAsync(db, seen.Id, ct);
        var newCredential = await db.FirstAsync(
            $"select exists (select from credential where name = {seen.Credential} and updated_at > {since}) as changed", r => r.Get<bool>("changed"), ct);
        return newCredential || now is null || now with { Unsaved = seen.Unsaved, TrialUntil = seen.TrialUntil, Locked = seen.Locked && now.Locked } != seen;
    }

    /// <summary>What is due on the switch waits until <paramref name="until"/>; an item that has been settled for itself is left as it is.</summary>
    public static async Task PostponeAsync(
        NpgsqlConnection db, LaneLease lease, long? settled, Reason reason, string why, DateTimeOffset until, DateTimeOffset now, CancellationToken ct)
    {
        await using var tx = await db.BeginTransactionAsync(ct);
        await lease.RequireHeldAsync(db, ct);
        var orders = await db.QueryAsync(
            $"""
             update order_item set state = 'pending', reason = {reason.Code}, detail = {why}, not_before = {until}
             where switch_id = {lease.SwitchId} and id is distinct from {settled} and finished_at is null and not_before <= {now} and state in ('acknowledged', 'inProgress', 'pending')
             returning order_id
             """,
            r => r.Get<long>("order_id"),
            ct);
        foreach (var order in orders.Distinct())
        {
            await OrderRows.SettleAsync(db, order, now, ct);
        }

        await tx.CommitAsync(ct);
    }

    /// <summary>A person has to look at the switch before anything else is written to it.</summary>
    public static async Task LockAsync(NpgsqlConnection db, LaneLease lease, string switchName, string why, string remedy, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"update lane set locked_reason = {why}, locked_at = {now} where switch_id = {lease.SwitchId} and epoch = {lease.Epoch}", ct);
        await db.RaiseAlarmAsync(now, $"lane-locked:{switchName}", "critical", $"{switchName} is locked: {why}", remedy, ct);
    }
}
