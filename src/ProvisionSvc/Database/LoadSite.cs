using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Qualification;

namespace ProvisionSvc.Database;

/// <summary>
/// What a building can carry, as the rows say it now. The qualification's answer and the activation read the same numbers here, so they cannot disagree.
/// </summary>
internal static class LoadSite
{
    /// <param name="lockNode">True to keep the node's capacity from being sold twice until the transaction ends.</param>
    /// <param name="of">A service that is asked about: its own VLANs and those of its group are not in its way.</param>
    /// <param name="moves">True where that service gives up what it has now, so that it is not counted twice.</param>
    /// <returns>Null where there is no such building.</returns>
    public static async Task<SiteCapacity?> ByBuildingAsync(NpgsqlConnection db, string building, CancellationToken ct, bool lockNode = false, long of = 0, bool moves = false)
    {
        if (await NodeAsync(db, building, ct) is not { } node)
        {
            return null;
        }

        if (lockNode)
        {
            await db.ExecuteAsync($"select 1 from node where id = {node.Id} for update", ct);
        }

        var (committed, vlans) = await SoldAsync(db, node.Id, of, moves ? of : 0, ct);
        var ports = await PortsAsync(db, node.BuildingId, ct);
        return new SiteCapacity(
            building, node.Name, Bandwidth.FromKbps(node.UplinkKbps), node.Oversubscription, committed, node.VlanFirst, node.VlanLast, vlans,
            await SwitchesAsync(db, node, ports, moves ? of : 0, ct));
    }

    private static Task<NodeRow?> NodeAsync(NpgsqlConnection db, string building, CancellationToken ct) => db.FirstAsync(
        $"""
         select n.id, n.name, n.uplink_kbps, n.oversubscription, n.vlan_first, n.vlan_last, b.id as building_id
         from building b join node n on n.id = b.node_id where b.name = {building}
         """,
        r => new NodeRow(
            r.Get<long>("id"), r.Get<string>("name"), r.Get<long>("uplink_kbps"), r.Get<decimal>("oversubscription"), r.Get<int>("vlan_first"), r.Get<int>("vlan_last"),
            r.Get<long>("building_id")),
        ct);

    /// <summary>The bandwidth sold over the node, and its VLANs in use or in quarantine: one that ended within a day may still stand on a switch or in a cache.</summary>
    private static async Task<(long Committed, IReadOnlySet<int> Vlans)> SoldAsync(NpgsqlConnection db, long nodeId, long of, long without, CancellationToken ct)
    {
        var rows = await db.QueryAsync(
            $"""
             select vlan, coalesce(sum(kbps) filter (where service_id <> {without}), 0)::bigint as committed,
                    bool_or(service_id <> {of} and not exists (
                        select from service mine join service theirs on theirs.group_id = mine.group_id where mine.id = {of} and theirs.id = sold.service_id)) as taken
             from (
                 select a.service_id, a.vlan, greatest(a.rate_down_kbps, a.rate_up_kbps) as kbps
                 from building b
                 join switch w on w.building_id = b.id
                 join port p on p.switch_id = w.id
                 join service_attachment a on a.port_id = p.id and a.ended_at is null
                 where b.node_id = {nodeId}
                 union all
                 select a.service_id, a.vlan, 0
                 from service_attachment a
                 join port p on p.id = a.port_id
                 join switch w on w.id = p.switch_id
                 join building b on b.id = w.building_id
                 where b.node_id = {nodeId} and a.ended_at > now() - interval '24 hours') sold
             group by vlan
             """,
            r => (Vlan: r.Get<int>("vlan"), Committed: r.Get<long>("committed"), Taken: r.Get<bool>("taken")),
            ct);
        return (rows.Sum(r => r.Committed), rows.Where(r => r.Taken).Select(r => r.Vlan).ToHashSet());
    }

    private static async Task<IReadOnlyList<SwitchCapacity>> SwitchesAsync(
        NpgsqlConnection db, NodeRow node, ILookup<long, PortCapacity> ports, long without, CancellationToken ct) =>
        await db.QueryAsync(
            $"""
             select w.id, w.name,
                    (select sum(l.speed_kbps)::bigint from link l where l.switch_id = w.id and l.node_id = {node.Id}) as uplink,
                    (select coalesce(sum(greatest(a.rate_down_kbps, a.rate_up_kbps)), 0)::bigint
                     from port p join service_attachment a on a.port_id = p.id and a.ended_at is null
                     where p.switch_id = w.id and a.service_id <> {without}) as committed
             from switch w where w.building_id = {node.BuildingId} order by w.name
             """,
            r => new SwitchCapacity(
                r.Get<string>("name"), r.Get<long?>("uplink") is { } up ? Bandwidth.FromKbps(up) : null, r.Get<long>("committed"), [.. ports[r.Get<long>("id")]]),
            ct);

    /// <summary>A port is free where nothing is attached, nobody lit it by hand, the switch still has it, and no person must look at the switch first.</summary>
    private static async Task<ILookup<long, PortCapacity>> PortsAsync(NpgsqlConnection db, long buildingId, CancellationToken ct)
    {
        var rows = await db.QueryAsync(
            $"""
             select w.id as switch_id, w.name as switch, p.if_name, coalesce(p.speed_kbps, p.seen_speed_kbps) as speed,
                    a.id is null and p.seen_admin is distinct from 'up' and p.missing_since is null and l.locked_reason is null as is_free
             from switch w
             join port p on p.switch_id = w.id and p.role = 'customer'
             left join lane l on l.switch_id = w.id
             left join service_attachment a on a.port_id = p.id and a.ended_at is null
             where w.building_id = {buildingId}
             """,
            r => (SwitchId: r.Get<long>("switch_id"), Port: new PortCapacity(
                new(r.Get<string>("switch"), r.Get<string>("if_name")),
                r.Get<long?>("speed") is { } kbps and > 0 ? Bandwidth.FromKbps(kbps) : null,
                r.Get<bool>("is_free"))),
            ct);
        return rows.ToLookup(r => r.SwitchId, r => r.Port);
    }

    private sealed record NodeRow(long Id, string Name, long UplinkKbps, decimal Oversubscription, int VlanFirst, int VlanLast, long BuildingId);
}
