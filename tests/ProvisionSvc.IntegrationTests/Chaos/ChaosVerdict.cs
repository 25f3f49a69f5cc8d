using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.IntegrationTests.Chaos;

/// <summary>
/// Checks the invariants of the safety contract from three witnesses: what the clients were told, the database, and the switches' own log. Every violation is a
/// sentence that begins with its number.
/// </summary>
internal static class ChaosVerdict
{
    private sealed record OrderRow(long Id, string Key, string Action, string? Hold, string Circuit, string State, string? Reason, DateTimeOffset? FinishedAt);

    private sealed record PortRow(string Switch, string IfName, string Admin, IReadOnlyDictionary<IntentField, string?> Expected, bool Locked);

    private sealed record JournalRow(string Switch, string IfName, long Epoch, int? LocalPort, string Line, DateTimeOffset At);

    public static async Task<List<string>> OfAsync(ChaosLab lab, ChaosClients clients, CancellationToken ct)
    {
        await using var db = await lab.Database.OpenConnectionAsync(ct);
        var orders = await db.QueryAsync(
            $"select id, external_id, action, hold_kind, circuit_id, state, reason, finished_at from service_order order by id",
            r => new OrderRow(
                r.Get<long>("id"), r.Get<string>("external_id"), r.Get<string>("action"), r.Get<string?>("hold_kind"), r.Get<string>("circuit_id"), r.Get<string>("state"),
                r.Get<string?>("reason"), r.Get<DateTimeOffset?>("finished_at")),
            ct);
        var ports = await PortsAsync(db, ct);
        var journal = await db.QueryAsync(
            $"""
             select w.name, p.if_name, j.epoch, j.local_port, j.line, j.intent_at
             from step_journal j join switch w on w.id = j.switch_id join order_item i on i.id = j.item_id join port p on p.id = i.port_id order by j.id
             """,
            r => new JournalRow(r.Get<string>("name"), r.Get<string>("if_name"), r.Get<long>("epoch"), r.Get<int?>("local_port"), r.Get<string>("line"), r.Get<DateTimeOffset>("intent_at")),
            ct);
        var log = lab.City.WriteLog.Entries.Where(e => e is { Kind: LogKind.Write, Channel: not "control" }).ToList();
        return
        [
            .. clients.Violations,
            .. Accepted(clients, orders),
            .. Ends(orders),
            .. Truth(lab, ports),
            .. LastWord(orders, await LitAsync(db, ct)),
            .. Exclusive(log, journal),
            .. Journalled(log, journal),
            .. await OnlyOrderedPortsAsync(db, log, ct),
            .. await AuditedAsync(db, ct),
        ];
    }

    /// <summary>I1, I2: every order that a client was told of exists once, under its key.</summary>
    private static IEnumerable<string> Accepted(ChaosClients clients, List<OrderRow> orders)
    {
        var byKey = orders.ToLookup(o => o.Key);
        foreach (var told in clients.Told)
        {
            var rows = byKey[told.Request.ExternalId].ToList();
            if (rows is not [{ } row] || row.Id != told.Id)
            {
                yield return $"I1: {told.Request.ExternalId} was acknowledged as {told.Id}; the database has {string.Join(", ", rows.Select(r => r.Id))}";
            }
        }
    }

    /// <summary>I1, I15: every order has ended, and none of these faults, which all pass, makes one fail.</summary>
    private static IEnumerable<string> Ends(List<OrderRow> orders)
    {
        foreach (var order in orders.Where(o => o.FinishedAt is null))
        {
            yield return $"I15: order {order.Id} ({order.Action}) is still {order.State}/{order.Reason}";
        }

        foreach (var order in orders.Where(o => o is { FinishedAt: not null, State: not ("completed" or "cancelled") }))
        {
            yield return $"I1: order {order.Id} ({order.Action}) ended {order.State}/{order.Reason}";
        }
    }

    /// <summary>I3: running and startup configuration of every managed port are its newest intent.</summary>
    private static IEnumerable<string> Truth(ChaosLab lab, List<PortRow> ports)
    {
        foreach (var port in ports)
        {
            var state = lab.City.Control.State(port.Switch, port.IfName);
            var shown = new Dictionary<IntentField, string?>
            {
                [IntentField.AdminStatus] = state.AdminUp ? "up" : "down",
                [IntentField.AccessVlan] = state.DefaultVlan == 1 ? null : state.DefaultVlan.ToString(),
                [IntentField.RateDown] = state.OutboundKbps?.ToString(),
                [IntentField.RateUp] = state.InboundKbps?.ToString(),
                [IntentField.Alias] = state.Description is { Length: > 0 } alias ? alias : null,
            };
            foreach (var (field, expected) in port.Expected.Where(e => shown.TryGetValue(e.Key, out var seen) && seen != e.Value))
            {
                yield return $"I3: {port.Switch} {port.IfName} {FieldNames.Of(field)} is {shown[field] ?? "-"} instead of {expected ?? "-"}{(port.Locked ? " (lane locked)" : "")}";
            }

            if (state.Running != state.Startup)
            {
                yield return $"I3: {port.Switch} {port.IfName} is not saved{(port.Locked ? " (lane locked)" : "")}";
            }
        }
    }

    /// <summary>I3, F16: what the last orders said of a line is how it stands, by the clients' own account and not by the database's.</summary>
    private static IEnumerable<string> LastWord(List<OrderRow> orders, Dictionary<string, bool> lit)
    {
        foreach (var line in orders.GroupBy(o => o.Circuit))
        {
            var holds = new HashSet<string>(StringComparer.Ordinal);
            var exists = true;
            foreach (var order in line.OrderBy(o => o.Id))
            {
                switch (order.Action)
                {
                    case "suspend": holds.Add(order.Hold!); break;
                    case "resume": holds.Remove(order.Hold!); break;
                    case "disconnect": exists = false; break;
                    default: exists = true; break;
                }
            }

            var (stands, isLit) = (lit.TryGetValue(line.Key, out var shown), shown);
            if (exists != stands || (exists && isLit != (holds.Count == 0)))
            {
                yield return $"F16: {line.Key} should be {(exists ? holds.Count == 0 ? "lit" : "dark" : "gone")} after orders {string.Join(", ", line.Select(o => o.Id))} and is {(stands ? isLit ? "lit" : "dark" : "gone")}";
            }
        }
    }

    /// <summary>I4: a switch is written by one session at a time, and never by an older epoch after a newer one.</summary>
    private static IEnumerable<string> Exclusive(List<LogEntry> log, List<JournalRow> journal)
    {
        foreach (var device in log.GroupBy(e => e.Switch))
        {
            var ended = new HashSet<string>(StringComparer.Ordinal);
            var (session, epoch) = ("", 0L);
            foreach (var write in device.OrderBy(e => e.Sequence))
            {
                if (write.Session != session)
                {
                    ended.Add(session);
                    session = write.Session;
                    if (ended.Contains(session))
                    {
                        yield return $"I4: session {session} wrote {write.Switch} again after another session had: {write}";
                    }
                }

                var now = journal.FindLast(j => j.Switch == write.Switch && $"127.0.0.1:{j.LocalPort}" == write.Client && j.At <= write.Time)?.Epoch ?? epoch;
                if (now < epoch)
                {
                    yield return $"I4: {write} under epoch {now} after epoch {epoch}";
                }

                epoch = Math.Max(epoch, now);
            }
        }
    }

    /// <summary>I6, I12: every write has an earlier committed intent of its own, with its very line for its very port, from its very connection.</summary>
    private static IEnumerable<string> Journalled(List<LogEntry> log, List<JournalRow> journal)
    {
        var intents = journal.ToLookup(j => (j.Switch, $"127.0.0.1:{j.LocalPort}", j.Line));
        foreach (var same in log.Where(e => e.Field != "startup").GroupBy(e => (e.Switch, e.Client ?? "", e.Line ?? "", e.Port, e.Field)))
        {
            foreach (var (write, before) in same.OrderBy(e => e.Sequence).Select((e, i) => (e, i)))
            {
                var found = intents[(write.Switch, write.Client ?? "", write.Line ?? "")].Count(j => j.At <= write.Time && (write.Port is null || j.IfName == write.Port));
                if (found <= before)
                {
                    yield return $"I6: {write} is write {before + 1} of its kind and has {found} earlier intents in the journal";
                }
            }
        }
    }

    /// <summary>I7: nothing was written but ports that an order names.</summary>
    private static async Task<List<string>> OnlyOrderedPortsAsync(NpgsqlConnection db, List<LogEntry> log, CancellationToken ct)
    {
        var ordered = (await db.QueryAsync(
            $"select distinct w.name, p.if_name from order_item i join port p on p.id = i.port_id join switch w on w.id = p.switch_id",
            r => (r.Get<string>("name"), r.Get<string>("if_name")), ct)).ToHashSet();
        return [.. log.Where(w => w.Port is not null && !ordered.Contains((w.Switch, w.Port))).Select(w => $"I7: {w} is on a port that no order names")];
    }

    /// <summary>I10: every item that ended has its audit row.</summary>
    private static async Task<List<string>> AuditedAsync(NpgsqlConnection db, CancellationToken ct)
    {
        var (items, rows) = await db.FirstAsync(
            $"""
             select (select count(*) from order_item where state = 'completed')::int as items,
                    (select count(distinct detail ->> 'item') from audit where action = 'item.completed')::int as rows
             """,
            r => (r.Get<int>("items"), r.Get<int>("rows")), ct);
        return items == rows ? [] : [$"I10: {items} items are completed, {rows} are in the audit log"];
    }

    private static Task<List<PortRow>> PortsAsync(NpgsqlConnection db, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name, p.if_name, i.admin_status, i.expected, l.locked_reason is not null as locked
         from port_intent i join port p on p.id = i.port_id join switch w on w.id = p.switch_id left join lane l on l.switch_id = w.id
         where w.mode = 'manage'
         """,
        r => new PortRow(
            r.Get<string>("name"), r.Get<string>("if_name"), r.Get<string>("admin_status"),
            Json.To<Dictionary<string, string?>>(r.Get<string>("expected")).Where(e => FieldNames.Parse(e.Key) is not null).ToDictionary(e => FieldNames.Parse(e.Key)!.Value, e => e.Value),
            r.Get<bool>("locked")),
        ct);

    /// <summary>Every line that stands on a port, and whether that port is to be up.</summary>
    private static async Task<Dictionary<string, bool>> LitAsync(NpgsqlConnection db, CancellationToken ct) => (await db.QueryAsync(
        $"""
         select s.circuit_id, i.admin_status = 'up' as lit from service s join service_attachment a on a.service_id = s.id and a.ended_at is null
         join port_intent i on i.port_id = a.port_id
         """,
        r => (Circuit: r.Get<string>("circuit_id"), Lit: r.Get<bool>("lit")), ct)).ToDictionary(r => r.Circuit, r => r.Lit);
}
