using System.Security.Cryptography;
using System.Text;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>An order over many as the orders it consists of: one for each service of a group, or for each line of a broken switch.</summary>
internal static class SplitOrder
{
    public static async Task<(IReadOnlyList<OrderDraft> Parts, IReadOnlyList<Fault> Faults)> RunAsync(NpgsqlConnection db, OrderDraft draft, CancellationToken ct)
    {
        var (parts, faults) = draft.Body switch
        {
            { Undoes: { } order } => await UndoneAsync(db, draft, order, ct),
            { Group: { } group } => await GroupAsync(db, draft, group, ct),
            _ => await SwitchAsync(db, draft, ct),
        };
        return faults.Count > 0 ? (parts, faults) : Drafts(draft, parts);
    }

    /// <summary>The key of a part, the same for the same order and part; too long a one is replaced by its digest, never cut.</summary>
    public static string KeyOf(string externalId, string part)
    {
        var key = $"{externalId}/{part}";
        return key.Length <= 64 ? key : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..60];
    }

    private static async Task<(IReadOnlyList<OrderDraft>, IReadOnlyList<Fault>)> GroupAsync(NpgsqlConnection db, OrderDraft draft, string group, CancellationToken ct)
    {
        var circuits = await db.QueryAsync(
            $"""
             select s.circuit_id, b.district from service s join service_group g on g.id = s.group_id join building b on b.id = s.building_id
             where g.name = {group} and s.state <> 'terminated' order by s.circuit_id
             """,
            r => (Circuit: r.Get<string>("circuit_id"), District: r.Get<int>("district")),
            ct);
        var mine = circuits.Where(c => draft.IsMine(c.District)).ToList();
        return mine.Count == 0
            ? ([], [new("unknown-group", "group", $"There is no group \"{group}\" with a service that stands{(circuits.Count > 0 ? " in your districts" : "")}.")])
            : ([.. mine.Select(c => draft with { Body = draft.Body with { Group = null, Service = c.Circuit, ExternalId = KeyOf(draft.Body.ExternalId, c.Circuit) } })], []);
    }

    /// <summary>The parts that completed, changed something and were not taken back singly.</summary>
    private static async Task<(IReadOnlyList<OrderDraft>, IReadOnlyList<Fault>)> UndoneAsync(NpgsqlConnection db, OrderDraft draft, long order, CancellationToken ct)
    {
        var parts = await db.QueryAsync(
            $"""
             select c.id, s.circuit_id from service_order c join service s on s.id = c.service_id
             where c.parent_id = {order} and c.state = 'completed' and jsonb_array_length(coalesce(c.changes, '[]')) > 0
               and not exists (select from service_order u where u.undoes = c.id and u.state not in ('failed', 'cancelled', 'rejected'))
             order by c.id desc
             """,
            r => (Id: r.Get<long>("id"), Circuit: r.Get<string>("circuit_id")),
            ct);
        return parts.Count == 0
            ? ([], [new("nothing-to-undo", "undoes", $"No part of order {order} that completed is left to take back.")])
            : ([.. parts.Select(p => draft with { Body = draft.Body with { Service = p.Circuit, Undoes = p.Id, ExternalId = KeyOf(draft.Body.ExternalId, $"{p.Id}") } })], []);
    }

    private static async Task<(IReadOnlyList<OrderDraft>, IReadOnlyList<Fault>)> SwitchAsync(NpgsqlConnection db, OrderDraft draft, CancellationToken ct)
    {
        var (broken, spare, map) = (draft.Body.Switch!, draft.Body.ToSwitch!, draft.Body.PortMap ?? new Dictionary<string, string>(StringComparer.Ordinal));
        var faults = new List<Fault>();
        foreach (var (field, name) in ((string, string)[])[("switch", broken), ("toSwitch", spare)])
        {
            if (await SwitchRows.FindAsync(db, name, ct, draft.Districts) is null)
            {
                faults.Add(new("unknown-switch", field, $"There is no switch \"{name}\"."));
            }
        }

        if (broken == spare)
        {
            faults.Add(new("same-switch", "toSwitch", $"{spare} is the switch that is to be replaced; name its spare."));
        }

        var ports = await db.QueryAsync($"select p.if_name from port p join switch w on w.id = p.switch_id where w.name = {broken}", r => r.Get<string>("if_name"), ct);
        faults.AddRange(map.Keys.Except(ports).Where(_ => faults.Count == 0).Select(p => new Fault("unknown-port", "portMap", $"There is no port {broken} {p} to map.")));
        faults.AddRange(map.GroupBy(m => m.Value).Where(g => g.Count() > 1).Select(g => new Fault("port-twice", "portMap", $"{spare} {g.Key} stands for {string.Join(" and ", g.Select(m => m.Key))}.")));
        var lines = await db.QueryAsync(
            $"""
             select s.circuit_id, p.if_name from service_attachment a join service s on s.id = a.service_id join port p on p.id = a.port_id join switch w on w.id = p.switch_id
             where w.name = {broken} and a.ended_at is null order by p.id
             """,
            r => (Circuit: r.Get<string>("circuit_id"), IfName: r.Get<string>("if_name")),
            ct);
        if (faults.Count == 0 && lines.Count == 0)
        {
            faults.Add(new("nothing-to-replace", "switch", $"{broken} carries no line."));
        }

        return ([.. lines.Select(l => draft with
        {
            Body = draft.Body with
            {
                Service = l.Circuit, IfName = l.IfName, ToIfName = map.GetValueOrDefault(l.IfName, l.IfName), PortMap = null,
                ExternalId = KeyOf(draft.Body.ExternalId, $"{l.Circuit}/{l.IfName}"),
            },
        })], faults);
    }

    /// <summary>Read again as single orders, so that what starts later is what was checked now.</summary>
    private static (IReadOnlyList<OrderDraft>, IReadOnlyList<Fault>) Drafts(OrderDraft draft, IReadOnlyList<OrderDraft> parts)
    {
        var parsed = parts.Select(p => (p.Body.Service, Result: ParseOrder.Parse(p.Body, draft.Client, draft.PlacedBy, draft.Districts))).ToList();
        return (
            [.. parsed.Select(p => p.Result.Draft).OfType<OrderDraft>()],
            [.. parsed.SelectMany(p => p.Result.Faults.Select(f => Of(p.Service, f)))]);
    }

    /// <summary>A fault of one part, which says whose it is.</summary>
    public static Fault Of(string? service, Fault fault) => fault with { Field = service ?? fault.Field };
}
