using Npgsql;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Database;

namespace ProvisionSvc.Inventory.Import;

/// <summary>The half that speaks of customers and what they bought.</summary>
internal static partial class SaveInventory
{
    /// <summary>Owner of the hold that keeps a service dark which came as <c>inactive</c>.</summary>
    private const string HoldOwner = "import";

    private static Task<Written> CustomersAsync(NpgsqlConnection db, CustomerRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into customer as c (code, name, segment)
             select * from unnest({rows.Select(r => r.Code).ToArray()}, {rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.Segment).ToArray()})
             on conflict (code) do update set name = excluded.name, segment = excluded.segment
             where (c.name, c.segment) is distinct from (excluded.name, excluded.segment)
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static Task<Written> AccountsAsync(NpgsqlConnection db, AccountRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into account as a (number, customer_id, district, monthly_value)
             select r.number, c.id, r.district, r.monthly_value
             from unnest(
                 {rows.Select(r => r.Number).ToArray()}, {rows.Select(r => r.Customer).ToArray()}, {rows.Select(r => r.District).ToArray()},
                 {rows.Select(r => r.MonthlyValue).ToArray()}) as r (number, customer, district, monthly_value)
             join customer c on c.code = r.customer
             on conflict (number) do update set customer_id = excluded.customer_id, district = excluded.district, monthly_value = excluded.monthly_value
             where (a.customer_id, a.district, a.monthly_value) is distinct from (excluded.customer_id, excluded.district, excluded.monthly_value)
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static Task<Written> GroupsAsync(NpgsqlConnection db, GroupRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into service_group as g (name, customer_id)
             select r.name, c.id from unnest({rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.Customer).ToArray()}) as r (name, customer)
             join customer c on c.code = r.customer
             on conflict (name) do update set customer_id = excluded.customer_id where g.customer_id <> excluded.customer_id
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    /// <summary>A service that orders rely on keeps its state; of the rest, what came as inactive gets a hold, or adoption would light it.</summary>
    private static async Task<Written> ServicesAsync(NpgsqlConnection db, ServiceRow[] rows, KnownInventory known, DateTimeOffset now, CancellationToken ct)
    {
        var states = rows.Select(r => EnumText.Of(IsOrdered(known, r.CircuitId) ? known.Services[r.CircuitId.Value].State : r.State)).ToArray();
        var written = await CountAsync(
            db,
            $"""
             with written as (
                 insert into service as s (circuit_id, account_id, building_id, group_id, rate_down_kbps, rate_up_kbps, state)
                 select r.circuit_id, a.id, b.id, g.id, r.down, r.up, r.state
                 from unnest(
                     {rows.Select(r => r.CircuitId.Value).ToArray()}, {rows.Select(r => r.Account).ToArray()}, {rows.Select(r => r.Building).ToArray()},
                     {rows.Select(r => r.Group).ToArray()}, {rows.Select(r => r.RateDown.Kbps).ToArray()}, {rows.Select(r => r.RateUp.Kbps).ToArray()}, {states})
                     as r (circuit_id, account, building, service_group, down, up, state)
                 join account a on a.number = r.account
                 join building b on b.name = r.building
                 left join service_group g on g.name = r.service_group
                 on conflict (circuit_id) do update set account_id = excluded.account_id, building_id = excluded.building_id, group_id = excluded.group_id,
                     rate_down_kbps = excluded.rate_down_kbps, rate_up_kbps = excluded.rate_up_kbps, state = excluded.state
                 where (s.account_id, s.building_id, s.group_id, s.rate_down_kbps, s.rate_up_kbps, s.state)
                     is distinct from (excluded.account_id, excluded.building_id, excluded.group_id, excluded.rate_down_kbps, excluded.rate_up_kbps, excluded.state)
                 returning xmax = 0 as added)
             select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
             """,
            ct);
        string[] free = [.. rows.Where(r => !IsOrdered(known, r.CircuitId)).Select(r => r.CircuitId.Value)];
        await HoldsAsync(db, free, now, ct);
        await db.ExecuteAsync(
            $"""
             update service_attachment a set rate_down_kbps = s.rate_down_kbps, rate_up_kbps = s.rate_up_kbps
             from service s where s.id = a.service_id and a.ended_at is null and s.circuit_id = any({free})
               and (a.rate_down_kbps, a.rate_up_kbps) <> (s.rate_down_kbps, s.rate_up_kbps)
             """,
            ct);
        return written;
    }

    private static async Task HoldsAsync(NpgsqlConnection db, string[] circuits, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(
            $"""
             insert into hold (service_id, kind, owner, reason, since)
             select s.id, {HoldKind.Engineering}, {HoldOwner}, 'imported as inactive', {now}
             from service s
             where s.circuit_id = any({circuits}) and s.state = 'inactive' and not exists (select from hold h where h.service_id = s.id and h.released_at is null)
             """,
            ct);
        await db.ExecuteAsync(
            $"""
             update hold h set released_at = {now}, released_by = {HoldOwner}
             from service s
             where s.id = h.service_id and h.released_at is null and h.owner = {HoldOwner} and s.circuit_id = any({circuits}) and s.state <> 'inactive'
             """,
            ct);
    }

    /// <summary>The file names every port of a circuit that it names at all: an attachment elsewhere ends, which keeps its row.</summary>
    private static async Task<Written> AttachmentsAsync(NpgsqlConnection db, AttachmentRow[] rows, KnownInventory known, DateTimeOffset now, CancellationToken ct)
    {
        var free = rows.Where(r => !IsOrdered(known, r.CircuitId)).ToList();
        string[] circuits = [.. free.Select(r => r.CircuitId.Value)], switches = [.. free.Select(r => r.Port.Switch)], names = [.. free.Select(r => r.Port.IfName)];
        await db.ExecuteAsync(
            $"""
             with said as (
                 select s.id as service_id, p.id as port_id
                 from unnest({circuits}, {switches}, {names}) as r (circuit_id, switch, if_name)
                 join service s on s.circuit_id = r.circuit_id
                 join switch w on w.name = r.switch
                 join port p on p.switch_id = w.id and p.if_name = r.if_name)
             update service_attachment a set ended_at = {now}
             where a.ended_at is null and a.service_id in (select service_id from said)
               and not exists (select from said where said.service_id = a.service_id and said.port_id = a.port_id)
             """,
            ct);
        return await CountAsync(
            db,
            $"""
             with written as (
                 insert into service_attachment as a (service_id, port_id, vlan, tagged, rate_down_kbps, rate_up_kbps, since)
                 select s.id, p.id, r.vlan, false, s.rate_down_kbps, s.rate_up_kbps, {now}
                 from unnest({circuits}, {switches}, {names}, {free.Select(r => r.Vlan).ToArray()}) as r (circuit_id, switch, if_name, vlan)
                 join service s on s.circuit_id = r.circuit_id
                 join switch w on w.name = r.switch
                 join port p on p.switch_id = w.id and p.if_name = r.if_name
                 on conflict (port_id) where ended_at is null do update set vlan = excluded.vlan, tagged = excluded.tagged
                 where a.service_id = excluded.service_id and (a.vlan, a.tagged) <> (excluded.vlan, excluded.tagged)
                 returning xmax = 0 as added)
             select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
             """,
            ct);
    }

    private static bool IsOrdered(KnownInventory known, CircuitId circuit) => known.Services.GetValueOrDefault(circuit.Value) is { IsOrdered: true };
}
