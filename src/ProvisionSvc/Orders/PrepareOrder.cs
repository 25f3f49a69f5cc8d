using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Orders;

/// <summary>A decided order, ready to be saved.</summary>
/// <param name="Row">The service; null for a port that carries none.</param>
/// <param name="After">The service once the order has taken effect.</param>
internal sealed record PreparedOrder(
    OrderDraft Draft, OrderAction Action, Decision Decision, ServiceRow? Row, string? NewServiceAccount, Service? After, IReadOnlyList<AffectedPort> Ports)
{
    public bool IsNewService => Row?.Id == 0;

    public IReadOnlyList<ServiceChange> Changes => Decision is Decision.Apply(var changes) ? changes : [];
}

/// <summary>Loads what an order depends on and decides it; writes nothing.</summary>
internal sealed class PrepareOrder(TemplateCatalog templates)
{
    /// <summary>The decided order, or every fault. Rows it depends on are locked in the caller's transaction.</summary>
    public async Task<(PreparedOrder? Order, IReadOnlyList<Fault> Faults)> RunAsync(
        NpgsqlConnection db, OrderDraft draft, DateTimeOffset now, CancellationToken ct)
    {
        if (draft.Body.Action is "activate" or "addAttachment")
        {
            return await ActivationAsync(db, draft, now, ct);
        }

        if (draft is { Circuit: null, Port: { } named })
        {
            return await PortRepairAsync(db, draft, named, now, ct);
        }

        if (await LoadOrder.ServiceAsync(db, draft.Circuit!, ct) is not { } row || !draft.IsMine(row.District))
        {
            return (null, [UnknownService(draft.Circuit!)]);
        }

        var (action, faults) = await ChooseAction.ForAsync(db, draft, row, ct);
        return action is null ? (null, faults) : await DecideAsync(db, draft, action, row, null, faults, now, ct);
    }

    /// <summary>A port is repaired for the service on it; where there is none, it is to be dark and empty.</summary>
    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> PortRepairAsync(NpgsqlConnection db, OrderDraft draft, PortName named, DateTimeOffset now, CancellationToken ct)
    {
        var port = await LoadOrder.PortAsync(db, named, ct);
        if (port is null || !draft.IsMine(port.District))
        {
            return (null, [ChooseAction.UnknownPort(named, "ifName")]);
        }

        if (port.OccupiedBy is { } circuit)
        {
            var row = await LoadOrder.ServiceAsync(db, circuit, ct) ?? throw new InvalidOperationException($"{named} carries {circuit}, which is no service.");
            return await DecideAsync(db, draft with { Circuit = circuit }, new Repair(named), row, null, [], now, ct);
        }

        var (affected, faults) = Affected(port, PortTurn.Now, DeriveIntent.For(named, []));
        return faults.Count > 0 ? (null, faults) : (new(draft, new Repair(named), new Decision.NoChange(), null, null, null, [affected! with { Row = port with { HasIntent = false } }]), []);
    }

    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> ActivationAsync(NpgsqlConnection db, OrderDraft draft, DateTimeOffset now, CancellationToken ct)
    {
        var adds = draft.Body.Action == "addAttachment";
        var existing = await LoadOrder.ServiceAsync(db, draft.Circuit!, ct);
        if ((existing is not null && !draft.IsMine(existing.District)) || (existing is null && adds))
        {
            return (null, [UnknownService(draft.Circuit!)]);
        }

        // The same line again: nothing to qualify, the port is only proven.
        if (!adds && existing?.Service is { State: not ServiceState.Terminated, Attachments: [var standing] } && IsSame(draft, standing))
        {
            var again = new Activate(new(standing.Port, PortRole.Customer, null, draft.Circuit, standing.Tagged), standing.Vlan, standing.Tagged, standing.RateDown, standing.RateUp, standing.RateEnforcedElsewhere);
            return await DecideAsync(db, draft, again, existing, null, [], now, ct);
        }

        var faults = new List<Fault>();
        var named = draft.Port is { } name ? await LoadOrder.PortAsync(db, name, ct) : null;
        if (draft.Port is not null && (named is null || !draft.IsMine(named.District)))
        {
            faults.Add(ChooseAction.UnknownPort(draft.Port, "ifName"));
        }

        var building = named?.Building ?? draft.Body.Building ?? existing?.Building;
        if (named is not null && draft.Body.Building is { } asked && asked != named.Building)
        {
            faults.Add(new("port-elsewhere", "building", $"{named.Name} is in {named.Building}, not in {asked}."));
        }

        if (building is null && draft.Port is null)
        {
            faults.Add(new("missing-place", "building", "Name a building (a free port is chosen) or a port (switch and ifName)."));
        }

        var down = draft.RateDown ?? existing?.RateDown;
        var up = draft.RateUp ?? existing?.RateUp;
        if (down is null || up is null)
        {
            faults.Add(new("missing-rate", "rateDownMbps", "A new line needs its rate in Mbit/s."));
        }

        if (existing is null)
        {
            faults.AddRange(await AccountFaultsAsync(db, draft, ct));
        }

        var site = building is null ? null : await LoadSite.ByBuildingAsync(db, building, ct, lockNode: true, of: existing?.Id ?? 0);
        if (building is not null && site is null)
        {
            faults.Add(new("unknown-building", "building", $"There is no building \"{building}\"."));
        }

        if (faults.Count > 0 || site is null || down is null || up is null)
        {
            return (null, faults);
        }

        return await OfferAsync(db, draft, existing, named, site, down.Value, up.Value, now, ct);
    }

    /// <summary>Asks the qualification for port and VLAN, then the action for its own rules; all their faults are told together.</summary>
    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> OfferAsync(
        NpgsqlConnection db, OrderDraft draft, ServiceRow? existing, PortRow? named, SiteCapacity site, Bandwidth down, Bandwidth up, DateTimeOffset now, CancellationToken ct)
    {
        var answer = Qualify.Evaluate(site, down > up ? down : up, named?.Name, draft.Vlan);
        var shortfalls = answer is QualificationResult.Unqualified(var missing)
            ? missing.Select(s => new Fault(s.Code, s.Code.Contains("vlan", StringComparison.Ordinal) ? "vlan" : "building", $"{s.Message} {s.Remedy}")).ToList()
            : [];
        var chosen = named ?? (answer is QualificationResult.Qualified(var port, _) ? await LoadOrder.PortAsync(db, port, ct) : null);
        if (chosen is null)
        {
            return (null, shortfalls);
        }

        if (!draft.IsMine(chosen.District))
        {
            return (null, [new("unknown-building", "building", $"There is no building \"{site.Building}\" in your districts.")]);
        }

        var vlan = answer is QualificationResult.Qualified(_, var free) ? free : draft.Vlan ?? new VlanId(1);
        var elsewhere = draft.Body.RateEnforcedElsewhere ?? false;
        var takesTags = templates.Find(chosen.Template)?.Template.CanTrunk ?? false;
        OrderAction action = draft.Body.Action == "activate"
            ? new Activate(ChooseAction.Offer(chosen) with { TakesTags = takesTags }, vlan, draft.Body.Tagged ?? false, down, up, elsewhere)
            : new AddAttachment(ChooseAction.Offer(chosen), vlan, down, up, elsewhere);
        var row = existing ?? new ServiceRow(0, chosen.Building, chosen.District, down, up, new(draft.Circuit!, ServiceState.Designed, [], []));
        var (order, faults) = await DecideAsync(db, draft, action, row, existing is null ? draft.Body.Account : null, [], now, ct);

        // The port's own rules say it better than "no free port" or "no port is fast enough".
        var told = faults.Count > 0 ? shortfalls.Where(s => s.Code is not ("no-free-port" or "port-too-slow")) : shortfalls;
        IReadOnlyList<Fault> all = [.. faults, .. told];
        return all.Count > 0 ? (null, all) : (order, []);
    }

    /// <param name="against">What already speaks against the order; told together with the action's own faults.</param>
    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> DecideAsync(
        NpgsqlConnection db, OrderDraft draft, OrderAction action, ServiceRow row, string? account, IReadOnlyList<Fault> against, DateTimeOffset now, CancellationToken ct)
    {
        var decision = action.Decide(row.Service, now);
        if (decision is Decision.Reject(var rejected))
        {
            return (null, [.. rejected, .. against]);
        }

        var after = decision.ApplyTo(row.Service);
        var ports = new List<AffectedPort>();
        var faults = new List<Fault>(against);
        foreach (var (name, turn) in AffectedPorts.Turns(decision, row.Service, after, action is Repair { At: { } only } ? only : null))
        {
            var port = await LoadOrder.PortAsync(db, name, ct)
                ?? throw new InvalidOperationException($"{row.Service.CircuitId} is attached to {name}, which is not in the inventory.");
            var (affected, refused) = Affected(port, turn, DeriveIntent.For(name, [after]));
            faults.AddRange(refused);
            ports.AddRange(affected is null ? [] : [affected]);
        }

        // The action's own words win where the plan says the same of an uplink.
        return faults.Count > 0 ? (null, faults) : (new(draft, action, decision, row, account, after, ports), []);
    }

    /// <summary>What the port will show of an intent.</summary>
    public IReadOnlyDictionary<IntentField, string?> Expected(PortRow port, PortIntent intent) => Project.Expected(
        templates.Find(port.Template)?.Template ?? throw new InvalidOperationException($"{port.Name.Switch} uses template \"{port.Template}\", which is not loaded."), intent);

    /// <summary>The port as it should be, or why no plan can be made for it. What is gone needs none.</summary>
    private (AffectedPort? Port, IReadOnlyList<Fault> Faults) Affected(PortRow port, PortTurn turn, PortIntent intent)
    {
        if (templates.Find(port.Template)?.Template is not { } template)
        {
            return (null, [new("unknown-template", "switch", $"{port.Name.Switch} uses template \"{port.Template}\", which is not loaded; known are {string.Join(", ", templates.Templates.Select(t => t.Name))}.")]);
        }

        intent = intent with { Ours = port.OwnVlans };
        return turn != PortTurn.Never && MakePlan.For(template, port.Name, port.Role, intent, PortReading.Nothing) is PlanOutcome.Refused(var reasons)
            ? (null, [.. reasons.Select(r => new Fault("plan-refused", "ifName", r))])
            : (new(port, intent, Project.Expected(template, intent), turn), []);
    }

    private static async Task<IEnumerable<Fault>> AccountFaultsAsync(NpgsqlConnection db, OrderDraft draft, CancellationToken ct)
    {
        if (draft.Body.Account is not { Length: > 0 } account)
        {
            return [new("missing-account", "account", $"{draft.Circuit} is new: name the account that pays.")];
        }

        var known = await db.FirstAsync($"select 1 as found from account where number = {account}", r => r.Get<int>("found"), ct);
        return known == 1 ? [] : [new Fault("unknown-account", "account", $"There is no account \"{account}\".")];
    }

    private static Fault UnknownService(CircuitId circuit) =>
        new("unknown-service", "service", $"There is no service {circuit}; check the circuit id, or activate it first.");

    /// <summary>Whatever the request names agrees with what stands; whatever it leaves out is no contradiction.</summary>
    private static bool IsSame(OrderDraft draft, Attachment standing) =>
        (draft.Port is null || draft.Port == standing.Port)
        && (draft.Vlan is null || draft.Vlan == standing.Vlan)
        && (draft.Body.Tagged is null || draft.Body.Tagged == standing.Tagged)
        && (draft.RateDown is null || draft.RateDown == standing.RateDown)
        && (draft.RateUp is null || draft.RateUp == standing.RateUp)
        && (draft.Body.RateEnforcedElsewhere is null || draft.Body.RateEnforcedElsewhere == standing.RateEnforcedElsewhere);
}
