using Npgsql;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>What the rows of a bulk depend on, loaded by a handful of statements however many rows there are.</summary>
internal sealed class BulkFacts
{
    private readonly Dictionary<string, KnownService> _services;
    private readonly Dictionary<PortName, PortRow> _ports;
    private readonly HashSet<string> _accounts;
    private readonly HashSet<string> _buildings;
    private readonly HashSet<string> _keys;

    private sealed record KnownService(int District, Service Service);

    private BulkFacts(
        Dictionary<string, KnownService> services, Dictionary<PortName, PortRow> ports, HashSet<string> accounts, HashSet<string> buildings, HashSet<string> keys) =>
        (_services, _ports, _accounts, _buildings, _keys) = (services, ports, accounts, buildings, keys);

    public static async Task<BulkFacts> LoadAsync(NpgsqlConnection db, string client, IReadOnlyList<BulkRow> rows, CancellationToken ct)
    {
        var circuits = rows.SelectMany(r => (string?[])[r.Draft.Body.Service, r.Draft.Body.NewService]).OfType<string>().Distinct().ToArray();
        var services = await ServicesAsync(db, circuits, ct);
        var named = rows.SelectMany(r => (PortName?[])[r.Draft.Port, r.Draft.ToPort]).OfType<PortName>();
        var ports = await PortsAsync(db, [.. named.Concat(services.Values.SelectMany(s => s.Service.Attachments.Select(a => a.Port))).Distinct()], ct);
        return new(
            services, ports,
            await NamesAsync(db, $"select number as name from account where number = any({rows.Select(r => r.Draft.Body.Account).OfType<string>().Distinct().ToArray()})", ct),
            await NamesAsync(db, $"select name from building where name = any({rows.Select(r => r.Draft.Body.Building).OfType<string>().Distinct().ToArray()})", ct),
            await NamesAsync(
                db, $"select external_id as name from service_order where client = {client} and external_id = any({rows.Select(r => r.Draft.Body.ExternalId).ToArray()})", ct));
    }

    /// <summary>The service as the rows before leave it; null where there is none.</summary>
    public (Service? Service, int District) Service(string circuit) => _services.TryGetValue(circuit, out var known) ? (known.Service, known.District) : (null, 0);

    public PortRow? Port(PortName name) => _ports.GetValueOrDefault(name);

    public bool HasAccount(string name) => _accounts.Contains(name);

    public bool HasBuilding(string name) => _buildings.Contains(name);

    /// <summary>True where the client has used the key for another order.</summary>
    public bool IsUsed(string externalId) => _keys.Contains(externalId);

    /// <summary>The rows that follow see what this one leaves.</summary>
    public void Keep(Service before, Service after, int district)
    {
        _services.Remove(before.CircuitId.Value);
        _services[after.CircuitId.Value] = new(district, after);
        foreach (var left in before.Attachments.Select(a => a.Port))
        {
            Occupy(left, null);
        }

        foreach (var taken in after.Attachments.Select(a => a.Port))
        {
            Occupy(taken, after.CircuitId);
        }
    }

    private void Occupy(PortName name, CircuitId? by)
    {
        if (_ports.TryGetValue(name, out var port))
        {
            _ports[name] = port with { OccupiedBy = by };
        }
    }

    private static async Task<Dictionary<string, KnownService>> ServicesAsync(NpgsqlConnection db, string[] circuits, CancellationToken ct)
    {
        var attachments = (await db.QueryAsync(
            $"""
             select a.service_id, w.name as switch, p.if_name, a.vlan, a.tagged, a.rate_down_kbps, a.rate_up_kbps, a.rate_elsewhere
             from service s join service_attachment a on a.service_id = s.id and a.ended_at is null join port p on p.id = a.port_id join switch w on w.id = p.switch_id
             where s.circuit_id = any({circuits}) order by a.id
             """,
            r => (Id: r.Get<long>("service_id"), Attachment: LoadOrder.Attachment(r)), ct)).ToLookup(a => a.Id, a => a.Attachment);
        var holds = (await db.QueryAsync(
            $"""
             select h.service_id, h.kind, h.owner, h.reason, h.since, h.until from service s join hold h on h.service_id = s.id and h.released_at is null
             where s.circuit_id = any({circuits}) order by h.id
             """,
            r => (Id: r.Get<long>("service_id"), Hold: LoadOrder.Hold(r)), ct)).ToLookup(h => h.Id, h => h.Hold);
        var services = await db.QueryAsync(
            $"select s.id, s.circuit_id, s.state, b.district from service s join building b on b.id = s.building_id where s.circuit_id = any({circuits})",
            r => (Id: r.Get<long>("id"), District: r.Get<int>("district"), Circuit: CircuitId.Parse(r.Get<string>("circuit_id")), State: r.Get<ServiceState>("state")), ct);
        return services.ToDictionary(
            s => s.Circuit.Value, s => new KnownService(s.District, new(s.Circuit, s.State, [.. attachments[s.Id]], [.. holds[s.Id]])), StringComparer.Ordinal);
    }

    private static async Task<Dictionary<PortName, PortRow>> PortsAsync(NpgsqlConnection db, IReadOnlyList<PortName> names, CancellationToken ct)
    {
        var ports = await LoadOrder.PortsAsync(db, names, ct);
        return ports.ToDictionary(p => p.Name);
    }

    private static async Task<HashSet<string>> NamesAsync(NpgsqlConnection db, Sql sql, CancellationToken ct) =>
        [.. await db.QueryAsync(sql, r => r.Get<string>("name"), ct)];
}
