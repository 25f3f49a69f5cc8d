using Npgsql;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>A service as it stands in the database, with the rows behind it.</summary>
internal sealed record ServiceRow(long Id, string Building, int District, Bandwidth RateDown, Bandwidth RateUp, Service Service);

/// <summary>A port with everything an order must know about it.</summary>
internal sealed record PortRow(
    long Id, PortName Name, PortRole Role, Bandwidth? Speed, CircuitId? OccupiedBy, bool SeenLit, bool IntentLit, bool HasIntent,
    long SwitchId, string Template, SwitchMode Mode, bool LaneLocked, long BuildingId, string Building, int District, long NodeId, VlanSet OwnVlans)
{
    /// <summary>True where taking the port down takes light from someone.</summary>
    public bool IsLit => HasIntent ? IntentLit : SeenLit;

    public Site Site => new(SwitchId, BuildingId, NodeId, District);
}

/// <summary>The queries behind an order. Rows that the decision depends on are locked until its transaction ends.</summary>
internal static class LoadOrder
{
    public static async Task<ServiceRow?> ServiceAsync(NpgsqlConnection db, CircuitId circuit, CancellationToken ct)
    {
        var found = await db.FirstAsync(
            $"""
             select s.id, s.state, s.rate_down_kbps, s.rate_up_kbps, b.name as building, b.district
             from service s join building b on b.id = s.building_id
             where s.circuit_id = {circuit.Value} for update of s
             """,
            r => (Id: r.Get<long>("id"), State: r.Get<ServiceState>("state"), Down: r.Get<long>("rate_down_kbps"), Up: r.Get<long>("rate_up_kbps"),
                  Building: r.Get<string>("building"), District: r.Get<int>("district")),
            ct);
        if (found.Id == 0)
        {
            return null;
        }

        var attachments = await db.QueryAsync(
            $"""
             select w.name as switch, p.if_name, a.vlan, a.tagged, a.rate_down_kbps, a.rate_up_kbps, a.rate_elsewhere
             from service_attachment a join port p on p.id = a.port_id join switch w on w.id = p.switch_id
             where a.service_id = {found.Id} and a.ended_at is null order by a.id
             """,
            Attachment, ct);
        var holds = await db.QueryAsync(
            $"select kind, owner, reason, since, until from hold where service_id = {found.Id} and released_at is null order by id",
            Hold, ct);
        return new(found.Id, found.Building, found.District, Bandwidth.FromKbps(found.Down), Bandwidth.FromKbps(found.Up),
            new Service(circuit, found.State, attachments, holds));
    }

    public static async Task<PortRow?> PortAsync(NpgsqlConnection db, PortName port, CancellationToken ct) =>
        await PortsAsync(db, [port], ct) is [var found] ? found : null;

    /// <summary>These ports, as far as they exist.</summary>
    public static Task<List<PortRow>> PortsAsync(NpgsqlConnection db, IReadOnlyList<PortName> ports, CancellationToken ct) => db.QueryAsync(
        $"""
         select p.id, w.name as switch, p.if_name, p.role, coalesce(p.speed_kbps, p.seen_speed_kbps) as speed, s.circuit_id as occupied_by,
                coalesce(p.seen_admin = 'up', false) as seen_lit, coalesce(i.admin_status = 'up', false) as intent_lit, i.port_id is not null as has_intent, i.own_vlans,
                w.id as switch_id, w.template, w.mode, coalesce(l.locked_reason is not null, false) as locked, b.id as building_id, b.name as building, b.district, b.node_id
         from unnest({ports.Select(p => p.Switch).ToArray()}, {ports.Select(p => p.IfName).ToArray()}) as x (switch, if_name)
         join switch w on w.name = x.switch
         join port p on p.switch_id = w.id and p.if_name = x.if_name
         join building b on b.id = w.building_id
         left join lane l on l.switch_id = w.id
         left join port_intent i on i.port_id = p.id
         left join service_attachment a on a.port_id = p.id and a.ended_at is null
         left join service s on s.id = a.service_id
         order by p.id for update of p
         """,
        Port, ct);

    public static Attachment Attachment(NpgsqlDataReader r) => new(
        new(r.Get<string>("switch"), r.Get<string>("if_name")), new(r.Get<int>("vlan")), r.Get<bool>("tagged"),
        Bandwidth.FromKbps(r.Get<long>("rate_down_kbps")), Bandwidth.FromKbps(r.Get<long>("rate_up_kbps")), r.Get<bool>("rate_elsewhere"));

    public static Hold Hold(NpgsqlDataReader r) =>
        new(r.Get<HoldKind>("kind"), r.Get<string>("owner"), r.Get<string>("reason"), r.Get<DateTimeOffset>("since"), r.Get<DateTimeOffset?>("until"));

    private static PortRow Port(NpgsqlDataReader r) => new(
        r.Get<long>("id"), new(r.Get<string>("switch"), r.Get<string>("if_name")), r.Get<PortRole>("role"),
        r.Get<long?>("speed") is { } kbps and > 0 ? Bandwidth.FromKbps(kbps) : null,
        r.Get<string?>("occupied_by") is { } other ? CircuitId.Parse(other) : null,
        r.Get<bool>("seen_lit"), r.Get<bool>("intent_lit"), r.Get<bool>("has_intent"),
        r.Get<long>("switch_id"), r.Get<string>("template"), r.Get<SwitchMode>("mode"), r.Get<bool>("locked"),
        r.Get<long>("building_id"), r.Get<string>("building"), r.Get<int>("district"), r.Get<long>("node_id"), VlanSet.Of(r.Get<int[]?>("own_vlans") ?? []));

    /// <summary>Darkening items accepted since <paramref name="since"/>: over everything, and in the building.</summary>
    public static Task<(int All, int Building)> DarkenedAsync(NpgsqlConnection db, DateTimeOffset since, long buildingId, CancellationToken ct) => db.FirstAsync(
        $"""
         select count(*)::int as all, (count(*) filter (where building_id = {buildingId}))::int as building
         from order_item where darkens and created_at > {since} and state <> 'cancelled'
         """,
        r => (r.Get<int>("all"), r.Get<int>("building")),
        ct);
}
