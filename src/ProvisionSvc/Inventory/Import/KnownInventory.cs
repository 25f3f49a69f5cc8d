using System.Net;
using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Database;

namespace ProvisionSvc.Inventory.Import;

internal sealed record KnownNode(string Name, int VlanFirst, int VlanLast);

/// <param name="IsOrdered">True where a port of it carries an intent: orders rely on its template and its place.</param>
internal sealed record KnownSwitch(string Name, string Building, string Template, IPAddress Address, int SshPort, string? HostKeySha256, bool IsOrdered);

/// <param name="Link">The link that the port is a member of, or null.</param>
/// <param name="IsOrdered">True where the port carries an intent.</param>
/// <param name="Circuit">The circuit attached there, or null.</param>
internal sealed record KnownPort(PortName Name, PortRole Role, string? Link, bool IsOrdered, string? Circuit);

/// <param name="IsOrdered">True where orders or intents rely on it.</param>
internal sealed record KnownService(string CircuitId, ServiceState State, long DownKbps, long UpKbps, string Building, bool IsOrdered);

internal sealed record KnownAttachment(string CircuitId, PortName Port, int Vlan, bool Tagged);

/// <summary>What the database holds of that which the files speak of.</summary>
internal sealed record KnownInventory
{
    public required IReadOnlySet<int> Districts { get; init; }

    public required IReadOnlyDictionary<string, KnownNode> Nodes { get; init; }

    /// <summary>Buildings with their node.</summary>
    public required IReadOnlyDictionary<string, string> Buildings { get; init; }

    public required IReadOnlyDictionary<string, KnownSwitch> Switches { get; init; }

    public required IReadOnlyDictionary<PortName, KnownPort> Ports { get; init; }

    public required IReadOnlySet<string> Customers { get; init; }

    public required IReadOnlySet<string> Accounts { get; init; }

    public required IReadOnlySet<string> Groups { get; init; }

    public required IReadOnlyDictionary<string, KnownService> Services { get; init; }

    /// <summary>The live attachments of the circuits that the files name.</summary>
    public required ILookup<string, KnownAttachment> Attachments { get; init; }

    /// <summary>Loads inside the import's transaction. The services, nodes and ports that attachments name are locked, in the order in which orders lock them:
    /// an order for one of them waits until the import has ended, and no attachment appears meanwhile.</summary>
    public static async Task<KnownInventory> LoadAsync(NpgsqlConnection db, InventoryRows rows, CancellationToken ct)
    {
        string[] circuits = [.. rows.Services.Select(s => s.CircuitId.Value).Concat(rows.Attachments.Select(a => a.CircuitId.Value)).Distinct()];
        string[] switches = [.. rows.Ports.Select(p => p.Port.Switch).Concat(rows.Links.Select(l => l.Switch)).Concat(rows.Attachments.Select(a => a.Port.Switch)).Distinct()];
        string[] customers = [.. rows.Accounts.Select(a => a.Customer).Concat(rows.Groups.Select(g => g.Customer)).Distinct()];
        string[] accounts = [.. rows.Services.Select(s => s.Account).Distinct()];
        string[] groups = [.. rows.Services.Select(s => s.Group).OfType<string>().Distinct()];
        await LockAsync(db, rows, circuits, ct);
        return new()
        {
            Districts = (await db.QueryAsync($"select number from district", r => r.Get<int>("number"), ct)).ToHashSet(),
            Nodes = (await db.QueryAsync(
                $"select name, vlan_first, vlan_last from node", r => new KnownNode(r.Get<string>("name"), r.Get<int>("vlan_first"), r.Get<int>("vlan_last")), ct))
                .ToDictionary(n => n.Name),
            Buildings = (await db.QueryAsync(
                $"select b.name, n.name as node from building b join node n on n.id = b.node_id", r => (Name: r.Get<string>("name"), Node: r.Get<string>("node")), ct))
                .ToDictionary(b => b.Name, b => b.Node),
            Switches = (await SwitchesAsync(db, ct)).ToDictionary(s => s.Name),
            Ports = (await PortsAsync(db, switches, ct)).ToDictionary(p => p.Name),
            Customers = await NamesAsync(db, $"select code as name from customer where code = any({customers})", ct),
            Accounts = await NamesAsync(db, $"select number as name from account where number = any({accounts})", ct),
            Groups = await NamesAsync(db, $"select name from service_group where name = any({groups})", ct),
            Services = (await ServicesAsync(db, circuits, ct)).ToDictionary(s => s.CircuitId),
            Attachments = (await AttachmentsAsync(db, circuits, ct)).ToLookup(a => a.CircuitId),
        };
    }

    private static async Task LockAsync(NpgsqlConnection db, InventoryRows rows, string[] circuits, CancellationToken ct)
    {
        string[] nodes = [.. rows.Nodes.Select(n => n.Name)];
        string[] switches = [.. rows.Attachments.Select(a => a.Port.Switch)], names = [.. rows.Attachments.Select(a => a.Port.IfName)];
        await db.ExecuteAsync($"select 1 from service where circuit_id = any({circuits}) order by id for update", ct);
        await db.ExecuteAsync($"select 1 from node where name = any({nodes}) order by id for update", ct);
        await db.ExecuteAsync(
            $"""
             select 1 from unnest({switches}, {names}) as r (switch, if_name) join switch w on w.name = r.switch join port p on p.switch_id = w.id and p.if_name = r.if_name
             order by p.id for update of p
             """,
            ct);
    }

    private static async Task<IReadOnlySet<string>> NamesAsync(NpgsqlConnection db, Sql sql, CancellationToken ct) =>
        (await db.QueryAsync(sql, r => r.Get<string>("name"), ct)).ToHashSet();

    private static Task<List<KnownSwitch>> SwitchesAsync(NpgsqlConnection db, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name, b.name as building, w.template, w.address, w.ssh_port, w.host_key_sha256,
                exists (select from port p join port_intent i on i.port_id = p.id where p.switch_id = w.id) as is_ordered
         from switch w join building b on b.id = w.building_id
         """,
        r => new KnownSwitch(
            r.Get<string>("name"), r.Get<string>("building"), r.Get<string>("template"), r.Get<IPAddress>("address"), r.Get<int>("ssh_port"),
            r.Get<string?>("host_key_sha256"), r.Get<bool>("is_ordered")),
        ct);

    private static Task<List<KnownPort>> PortsAsync(NpgsqlConnection db, string[] switches, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name as switch, p.if_name, p.role, l.name as link, i.port_id is not null as is_ordered, s.circuit_id
         from switch w
         join port p on p.switch_id = w.id
         left join link_port lp on lp.port_id = p.id
         left join link l on l.id = lp.link_id
         left join port_intent i on i.port_id = p.id
         left join service_attachment a on a.port_id = p.id and a.ended_at is null
         left join service s on s.id = a.service_id
         where w.name = any({switches})
         """,
        r => new KnownPort(
            new(r.Get<string>("switch"), r.Get<string>("if_name")), r.Get<PortRole>("role"), r.Get<string?>("link"), r.Get<bool>("is_ordered"), r.Get<string?>("circuit_id")),
        ct);

    private static Task<List<KnownService>> ServicesAsync(NpgsqlConnection db, string[] circuits, CancellationToken ct) => db.QueryAsync(
        $"""
         select s.circuit_id, s.state, s.rate_down_kbps, s.rate_up_kbps, b.name as building,
                exists (select from service_order o where o.circuit_id = s.circuit_id and o.state not in ('rejected', 'cancelled'))
                or exists (select from service_attachment a join port_intent i on i.port_id = a.port_id where a.service_id = s.id and a.ended_at is null) as is_ordered
         from service s join building b on b.id = s.building_id where s.circuit_id = any({circuits})
         """,
        r => new KnownService(
            r.Get<string>("circuit_id"), r.Get<ServiceState>("state"), r.Get<long>("rate_down_kbps"), r.Get<long>("rate_up_kbps"), r.Get<string>("building"), r.Get<bool>("is_ordered")),
        ct);

    private static Task<List<KnownAttachment>> AttachmentsAsync(NpgsqlConnection db, string[] circuits, CancellationToken ct) => db.QueryAsync(
        $"""
         select s.circuit_id, w.name as switch, p.if_name, a.vlan, a.tagged
         from service s
         join service_attachment a on a.service_id = s.id and a.ended_at is null
         join port p on p.id = a.port_id
         join switch w on w.id = p.switch_id
         where s.circuit_id = any({circuits})
         """,
        r => new KnownAttachment(r.Get<string>("circuit_id"), new(r.Get<string>("switch"), r.Get<string>("if_name")), r.Get<int>("vlan"), r.Get<bool>("tagged")),
        ct);
}
