using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>An order type with what its decision needs, and what already speaks against the order before it decides.</summary>
internal sealed record ChosenAction(OrderAction? Action, IReadOnlyList<Fault> Faults)
{
    public ChosenAction(OrderAction action)
        : this(action, [])
    {
    }
}

/// <summary>Loads what the decision of each order type on an existing service needs; rows it depends on are locked in the caller's transaction.</summary>
internal static class ChooseAction
{
    public static async Task<ChosenAction> ForAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct) => draft.Body.Action switch
    {
        "suspend" => new(new Suspend(draft.Hold!.Value, draft.PlacedBy, draft.Body.Why ?? "", draft.Body.Until)),
        "resume" => new(new Resume(draft.Hold!.Value)),
        "disconnect" => new(new Disconnect()),
        "repair" => new(new Repair(draft.Port)),
        "removeAttachment" => new(new RemoveAttachment(draft.Port!)),
        "changeSpeed" => await ChangeSpeedAsync(db, draft, row, ct),
        "changeVlan" => await ChangeVlanAsync(db, draft, row, ct),
        "move" => await MoveAsync(db, draft, row, ct),
        "replaceSwitch" => await ReplaceAsync(db, draft, row, ct),
        "rename" => await RenameAsync(db, draft, row, ct),
        "adopt" => await AdoptAsync(db, draft, row, ct),
        "undo" => await LoadUndo.ActionAsync(db, draft.Body.Undoes!.Value, row, ct),
        _ => throw new InvalidOperationException($"{draft.Body.Action} was parsed, but nothing is known of it."),
    };

    public static PortOffer Offer(PortRow row) => new(row.Name, row.Role, row.Speed, row.OccupiedBy);

    /// <summary>The VLANs that others use where the port is; those of the service and of its group are not in its way.</summary>
    public static async Task<IReadOnlySet<int>> VlansTakenAsync(NpgsqlConnection db, PortRow port, long serviceId, CancellationToken ct) =>
        (await LoadSite.ByBuildingAsync(db, port.Building, ct, lockNode: true, of: serviceId))?.VlansUsed ?? new HashSet<int>();

    /// <summary>True while an earlier move of the service waits to close its old port.</summary>
    public static async Task<bool> IsMovingAsync(NpgsqlConnection db, long serviceId, CancellationToken ct) => await db.FirstAsync(
        $"""
         select exists (
             select from order_item i join service_order o on o.id = i.order_id
             where o.service_id = {serviceId} and i.finished_at is null and i.depends_on is not null) as moving
         """,
        r => r.Get<bool>("moving"),
        ct);

    private static async Task<ChosenAction> ChangeSpeedAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        var (ports, down, up) = (await PortsAsync(db, row.Service, ct), draft.RateDown!.Value, draft.RateUp!.Value);
        var action = new ChangeSpeed(draft.Port, [.. ports.Select(Offer)], down, up);
        if (Meant(row.Service, draft.Port) is not { } meant || Larger(down, up).Kbps - Larger(meant.RateDown, meant.RateUp).Kbps is not (> 0 and var more))
        {
            return new(action);
        }

        var port = ports.First(p => p.Name == meant.Port);
        var site = await LoadSite.ByBuildingAsync(db, port.Building, ct, lockNode: true);
        return new(action, [.. Qualify.Widen(site!, port.Name.Switch, Bandwidth.FromKbps(more)).Select(s => new Fault(s.Code, "rateDownMbps", $"{s.Message} {s.Remedy}"))]);
    }

    private static async Task<ChosenAction> ChangeVlanAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        // What is meant, or whether anything is, is the action's to say.
        if (Meant(row.Service, draft.Port) is not { } meant || await LoadOrder.PortAsync(db, meant.Port, ct) is not { } port)
        {
            return new(new ChangeVlan(draft.Port, draft.Vlan ?? new VlanId(1)));
        }

        var site = await LoadSite.ByBuildingAsync(db, port.Building, ct, lockNode: true, of: draft.Vlan is null ? 0 : row.Id);
        return draft.Vlan == meant.Vlan || Qualify.FreeVlan(site!, draft.Vlan) is not null
            ? new(new ChangeVlan(draft.Port, draft.Vlan ?? Qualify.FreeVlan(site!, null)!.Value))
            : new(null, [Told(Qualify.VlanShortfall(site!, draft.Vlan), "vlan")]);
    }

    private static async Task<ChosenAction> MoveAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        if (await LoadOrder.PortAsync(db, draft.ToPort!, ct) is not { } to || !draft.IsMine(to.District))
        {
            return new(null, [UnknownPort(draft.ToPort!, "toIfName")]);
        }

        var underWay = await IsMovingAsync(db, row.Id, ct);
        if (Meant(row.Service, draft.Port) is not { } from)
        {
            return new(new Move(draft.Port, Offer(to), draft.Vlan ?? new VlanId(1), underWay));
        }

        // A line keeps its VLAN where nobody else has it; the range of the node is for what is chosen anew.
        var site = await LoadSite.ByBuildingAsync(db, to.Building, ct, lockNode: true, of: row.Id, moves: true);
        var kept = draft.Vlan is null && !site!.VlansUsed.Contains(from.Vlan.Value) ? from.Vlan : default(VlanId?);
        var action = new Move(draft.Port, Offer(to), kept ?? Qualify.FreeVlan(site!, draft.Vlan) ?? from.Vlan, underWay);
        var missing = Qualify.Evaluate(site!, Larger(from.RateDown, from.RateUp), to.Name, draft.Vlan) is QualificationResult.Unqualified(var shortfalls) ? shortfalls : [];
        return new(action, [.. missing
            .Where(s => kept is null || s.Code is not ("vlan-taken" or "no-vlan"))
            .Where(s => s.Code is not ("no-free-port" or "port-too-slow") || (to.OccupiedBy is null && to.Role == PortRole.Customer && s.Code == "no-free-port"))
            .Select(s => Told(s, s.Code.Contains("vlan", StringComparison.Ordinal) ? "vlan" : "toIfName"))]);
    }

    private static async Task<ChosenAction> ReplaceAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        var to = await LoadOrder.PortAsync(db, draft.ToPort!, ct);
        if (to is null || !draft.IsMine(to.District))
        {
            return new(null, [UnknownPort(draft.ToPort!, "toIfName")]);
        }

        // The same building and so the same node: the VLAN stays, and so does what is sold over the node.
        var from = Meant(row.Service, draft.Port);
        return new(
            new ReplaceSwitch(draft.Port!, Offer(to), from?.Vlan ?? new VlanId(1), await IsMovingAsync(db, row.Id, ct)),
            to.Building == row.Building ? [] : [new("port-elsewhere", "toIfName", $"{to.Name} is in {to.Building}, not in {row.Building}; a spare stands in for a switch of its building, elsewhere a line is moved.")]);
    }

    private static async Task<ChosenAction> RenameAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        var taken = await db.FirstAsync($"select 1 as found from service where circuit_id = {draft.NewCircuit!.Value}", r => r.Get<int>("found"), ct) == 1;
        var waiting = await db.QueryAsync(
            $"""
             select o.id from service_order o where o.circuit_id = {row.Service.CircuitId.Value} and o.finished_at is null and o.external_id <> {draft.Body.ExternalId}
               and not exists (select from order_item i where i.order_id = o.id) order by o.id
             """,
            r => r.Get<long>("id"),
            ct);
        return new(new Rename(draft.NewCircuit, taken, waiting));
    }

    private static async Task<ChosenAction> AdoptAsync(NpgsqlConnection db, OrderDraft draft, ServiceRow row, CancellationToken ct)
    {
        if (Meant(row.Service, draft.Port) is not { } meant || await LoadOrder.PortAsync(db, meant.Port, ct) is not { } port)
        {
            return new(new Adopt(draft.Port, PortReading.Nothing, new HashSet<int>(), draft.PlacedBy));
        }

        return draft.Reading is { } reading
            ? new(new Adopt(draft.Port, reading, await VlansTakenAsync(db, port, row.Id, ct), draft.PlacedBy))
            : new(null, [new("no-reading", "ifName", $"{meant.Port} was not read; an adoption that had to wait is placed again, so that what it takes over is what the port shows.")]);
    }

    private static async Task<IReadOnlyList<PortRow>> PortsAsync(NpgsqlConnection db, Service service, CancellationToken ct)
    {
        var ports = new List<PortRow>();
        foreach (var name in service.Attachments.Select(a => a.Port))
        {
            ports.Add(await LoadOrder.PortAsync(db, name, ct) ?? throw new InvalidOperationException($"{service.CircuitId} is attached to {name}, which is not in the inventory."));
        }

        return ports;
    }

    private static Attachment? Meant(Service service, PortName? named) => service.Attachments.Where(a => named is null || a.Port == named).ToList() is [var one] ? one : null;

    private static Bandwidth Larger(Bandwidth a, Bandwidth b) => a > b ? a : b;

    private static Fault Told(Shortfall shortfall, string field) => new(shortfall.Code, field, $"{shortfall.Message} {shortfall.Remedy}");

    public static Fault UnknownPort(PortName port, string field) => new("unknown-port", field, $"There is no port {port}; see provision port list --switch {port.Switch}.");
}
