using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;

namespace ProvisionSvc.Inventory.Import;

/// <summary>Writes checked rows: one statement per kind (ports in portions), inside the caller's transaction. Counts what was new and what changed.</summary>
internal static partial class SaveInventory
{
    private const int Portion = 50_000;
    private const int AtOnce = int.MaxValue;

    public static async Task<IReadOnlyList<ImportCountView>> SaveAsync(
        NpgsqlConnection db, IReadOnlyDictionary<string, string> files, InventoryRows rows, KnownInventory known, DateTimeOffset now, CancellationToken ct)
    {
        var counts = new List<ImportCountView>();
        await AddAsync(InventoryFile.Districts, rows.Districts, DistrictsAsync);
        await AddAsync(InventoryFile.Nodes, rows.Nodes, NodesAsync);
        await AddAsync(InventoryFile.Buildings, rows.Buildings, BuildingsAsync);
        await AddAsync(InventoryFile.Switches, rows.Switches, SwitchesAsync);
        await AddAsync(InventoryFile.Ports, rows.Ports, PortsAsync, Portion);
        await AddAsync(InventoryFile.Links, rows.Links, LinksAsync);
        await AddAsync(InventoryFile.Customers, rows.Customers, CustomersAsync);
        await AddAsync(InventoryFile.Accounts, rows.Accounts, AccountsAsync);
        await AddAsync(InventoryFile.Groups, rows.Groups, GroupsAsync);
        await AddAsync(InventoryFile.Services, rows.Services, (d, r, c) => ServicesAsync(d, r, known, now, c));
        await AddAsync(InventoryFile.Attachments, rows.Attachments, (d, r, c) => AttachmentsAsync(d, r, known, now, c));
        return counts;

        async Task AddAsync<T>(InventoryFile file, IReadOnlyList<T> all, Func<NpgsqlConnection, T[], CancellationToken, Task<Written>> write, int portions = AtOnce)
        {
            if (!files.ContainsKey(file.Name))
            {
                return;
            }

            var sum = new Written(0, 0);
            foreach (var portion in all.Chunk(portions))
            {
                var written = await write(db, portion, ct);
                sum = new(sum.Added + written.Added, sum.Changed + written.Changed);
            }

            counts.Add(new(file.Kind, sum.Added, sum.Changed, all.Count - sum.Added - sum.Changed));
        }
    }

    // xmax is 0 only in a row that this statement inserted.
    private static async Task<Written> CountAsync(NpgsqlConnection db, Sql sql, CancellationToken ct) =>
        await db.FirstAsync(sql, r => new Written(r.Get<int>("added"), r.Get<int>("changed")), ct) ?? new(0, 0);

    private static Task<Written> DistrictsAsync(NpgsqlConnection db, DistrictRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into district (number, name)
             select * from unnest({rows.Select(r => r.Number).ToArray()}, {rows.Select(r => r.Name).ToArray()})
             on conflict (number) do update set name = excluded.name where district.name <> excluded.name
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static Task<Written> NodesAsync(NpgsqlConnection db, NodeRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into node as n (name, district, uplink_kbps, oversubscription, vlan_first, vlan_last)
             select * from unnest(
                 {rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.District).ToArray()}, {rows.Select(r => r.Uplink.Kbps).ToArray()},
                 {rows.Select(r => r.Oversubscription).ToArray()}, {rows.Select(r => r.VlanFirst).ToArray()}, {rows.Select(r => r.VlanLast).ToArray()})
             on conflict (name) do update set district = excluded.district, uplink_kbps = excluded.uplink_kbps, oversubscription = excluded.oversubscription,
                 vlan_first = excluded.vlan_first, vlan_last = excluded.vlan_last
             where (n.district, n.uplink_kbps, n.oversubscription, n.vlan_first, n.vlan_last)
                 is distinct from (excluded.district, excluded.uplink_kbps, excluded.oversubscription, excluded.vlan_first, excluded.vlan_last)
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static Task<Written> BuildingsAsync(NpgsqlConnection db, BuildingRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into building as b (name, address, district, node_id)
             select r.name, r.address, r.district, n.id
             from unnest(
                 {rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.Address).ToArray()}, {rows.Select(r => r.District).ToArray()},
                 {rows.Select(r => r.Node).ToArray()}) as r (name, address, district, node)
             join node n on n.name = r.node
             on conflict (name) do update set address = excluded.address, district = excluded.district, node_id = excluded.node_id
             where (b.address, b.district, b.node_id) is distinct from (excluded.address, excluded.district, excluded.node_id)
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    /// <summary>New switches are observed only. An empty serial or host key leaves the one that is known.</summary>
    private static Task<Written> SwitchesAsync(NpgsqlConnection db, SwitchRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into switch as w (name, building_id, template, address, snmp_port, ssh_port, credential, serial, host_key_sha256)
             select r.name, b.id, r.template, r.address, r.snmp_port, r.ssh_port, r.credential, r.serial, r.host_key
             from unnest(
                 {rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.Building).ToArray()}, {rows.Select(r => r.Template).ToArray()},
                 {rows.Select(r => r.Address).ToArray()}, {rows.Select(r => r.SnmpPort).ToArray()}, {rows.Select(r => r.SshPort).ToArray()},
                 {rows.Select(r => r.Credential).ToArray()}, {rows.Select(r => r.Serial).ToArray()}, {rows.Select(r => r.HostKeySha256).ToArray()})
                 as r (name, building, template, address, snmp_port, ssh_port, credential, serial, host_key)
             join building b on b.name = r.building
             on conflict (name) do update set building_id = excluded.building_id, template = excluded.template, address = excluded.address, snmp_port = excluded.snmp_port,
                 ssh_port = excluded.ssh_port, credential = excluded.credential, serial = coalesce(excluded.serial, w.serial),
                 host_key_sha256 = coalesce(excluded.host_key_sha256, w.host_key_sha256)
             where (w.building_id, w.template, w.address, w.snmp_port, w.ssh_port, w.credential, w.serial, w.host_key_sha256)
                 is distinct from (excluded.building_id, excluded.template, excluded.address, excluded.snmp_port, excluded.ssh_port, excluded.credential,
                     coalesce(excluded.serial, w.serial), coalesce(excluded.host_key_sha256, w.host_key_sha256))
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static Task<Written> PortsAsync(NpgsqlConnection db, PortRow[] rows, CancellationToken ct) => CountAsync(
        db,
        $"""
         with written as (
             insert into port as p (switch_id, if_name, role, speed_kbps)
             select w.id, r.if_name, r.role, r.speed
             from unnest(
                 {rows.Select(r => r.Port.Switch).ToArray()}, {rows.Select(r => r.Port.IfName).ToArray()}, {rows.Select(r => EnumText.Of(r.Role)).ToArray()},
                 {rows.Select(r => r.Speed?.Kbps).ToArray()}) as r (switch, if_name, role, speed)
             join switch w on w.name = r.switch
             on conflict (switch_id, if_name) do update set role = excluded.role, speed_kbps = coalesce(excluded.speed_kbps, p.speed_kbps)
             where (p.role, p.speed_kbps) is distinct from (excluded.role, coalesce(excluded.speed_kbps, p.speed_kbps))
             returning xmax = 0 as added)
         select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
         """,
        ct);

    private static async Task<Written> LinksAsync(NpgsqlConnection db, LinkRow[] rows, CancellationToken ct)
    {
        var written = await CountAsync(
            db,
            $"""
             with written as (
                 insert into link as l (name, switch_id, node_id, speed_kbps)
                 select r.name, w.id, n.id, r.speed
                 from unnest(
                     {rows.Select(r => r.Name).ToArray()}, {rows.Select(r => r.Switch).ToArray()}, {rows.Select(r => r.Node).ToArray()},
                     {rows.Select(r => r.Speed.Kbps).ToArray()}) as r (name, switch, node, speed)
                 join switch w on w.name = r.switch
                 join node n on n.name = r.node
                 on conflict (name) do update set switch_id = excluded.switch_id, node_id = excluded.node_id, speed_kbps = excluded.speed_kbps
                 where (l.switch_id, l.node_id, l.speed_kbps) is distinct from (excluded.switch_id, excluded.node_id, excluded.speed_kbps)
                 returning xmax = 0 as added)
             select (count(*) filter (where added))::int as added, (count(*) filter (where not added))::int as changed from written
             """,
            ct);
        return new(written.Added, Math.Max(written.Changed, await MembersAsync(db, rows, ct) - written.Added));
    }

    /// <summary>A link's row names all its members: one that it no longer names leaves the LAG. Returns how many links got other members.</summary>
    private static async Task<int> MembersAsync(NpgsqlConnection db, LinkRow[] rows, CancellationToken ct)
    {
        var members = rows.SelectMany(r => r.IfNames.Select(i => (Link: r.Name, IfName: i))).ToList();
        string[] links = [.. members.Select(m => m.Link)], names = [.. members.Select(m => m.IfName)];
        var left = await db.QueryAsync(
            $"""
             delete from link_port lp using link l, port p
             where l.id = lp.link_id and p.id = lp.port_id and l.name = any({links})
               and not (p.switch_id = l.switch_id and exists (select from unnest({links}, {names}) as r (link, if_name) where r.link = l.name and r.if_name = p.if_name))
             returning lp.link_id
             """,
            r => r.Get<long>("link_id"),
            ct);
        var joined = await db.QueryAsync(
            $"""
             insert into link_port (link_id, port_id)
             select l.id, p.id from unnest({links}, {names}) as r (link, if_name)
             join link l on l.name = r.link
             join port p on p.switch_id = l.switch_id and p.if_name = r.if_name
             on conflict (link_id, port_id) do nothing returning link_id
             """,
            r => r.Get<long>("link_id"),
            ct);
        return left.Concat(joined).Distinct().Count();
    }

    private sealed record Written(int Added, int Changed);
}
