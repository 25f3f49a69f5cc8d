using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Orders;

/// <summary>A port that an order changes: what it should be afterwards and what it will then show.</summary>
internal sealed record AffectedPort(PortRow Row, PortIntent Intent, IReadOnlyDictionary<IntentField, string?> Expected)
{
    /// <summary>True when light goes out here.</summary>
    public bool Darkens => Row.IsLit && Intent.AdminStatus != AdminStatus.Up;
}

/// <summary>A decided order, ready to be saved.</summary>
internal sealed record PreparedOrder(
    OrderDraft Draft, OrderAction Action, Decision Decision, ServiceRow Row, string? NewServiceAccount, Service After, IReadOnlyList<AffectedPort> Ports)
{
    public bool IsNewService => Row.Id == 0;
}

/// <summary>Loads what an order depends on and decides it; writes nothing.</summary>
internal sealed class PrepareOrder(TemplateCatalog templates)
{
    /// <summary>The decided order, or every fault. Rows it depends on are locked in the caller's transaction.</summary>
    public async Task<(PreparedOrder? Order, IReadOnlyList<Fault> Faults)> RunAsync(
        NpgsqlConnection db, OrderDraft draft, DateTimeOffset now, CancellationToken ct)
    {
        if (draft.Body.Action == "activate")
        {
            return await ActivationAsync(db, draft, now, ct);
        }

        if (await LoadOrder.ServiceAsync(db, draft.Circuit, ct) is not { } row || !IsMine(draft, row.District))
        {
            return (null, [new("unknown-service", "service", $"There is no service {draft.Circuit}; check the circuit id, or activate it first.")]);
        }

        OrderAction action = draft.Body.Action switch
        {
            "suspend" => new Suspend(draft.Hold!.Value, draft.PlacedBy, draft.Body.Why ?? ""),
            "resume" => new Resume(draft.Hold!.Value),
            _ => new Disconnect(),
        };
        return await DecideAsync(db, draft, action, row, null, now, ct);
    }

    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> ActivationAsync(NpgsqlConnection db, OrderDraft draft, DateTimeOffset now, CancellationToken ct)
    {
        var existing = await LoadOrder.ServiceAsync(db, draft.Circuit, ct);
        if (existing is not null && !IsMine(draft, existing.District))
        {
            return (null, [new("unknown-service", "service", $"There is no service {draft.Circuit} in your districts.")]);
        }

        // The same line again: nothing to qualify, the port is only proven.
        if (existing?.Service is { State: not ServiceState.Terminated, Attachments: [var standing] } && IsSame(draft, standing))
        {
            var again = new Activate(new(standing.Port, PortRole.Customer, null, draft.Circuit, standing.Tagged), standing.Vlan, standing.Tagged, standing.RateDown, standing.RateUp, standing.RateEnforcedElsewhere);
            return await DecideAsync(db, draft, again, existing, null, now, ct);
        }

        var faults = new List<Fault>();
        var named = draft.Port is { } name ? await LoadOrder.PortAsync(db, name, ct) : null;
        if (draft.Port is not null && (named is null || !IsMine(draft, named.District)))
        {
            faults.Add(new("unknown-port", "ifName", $"There is no port {draft.Port}; see provision port list --switch {draft.Port.Switch}."));
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

        var site = building is null ? null : await LoadSite.ByBuildingAsync(db, building, ct, lockNode: true);
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

        if (!IsMine(draft, chosen.District))
        {
            return (null, [new("unknown-building", "building", $"There is no building \"{site.Building}\" in your districts.")]);
        }

        var vlan = answer is QualificationResult.Qualified(_, var free) ? free : draft.Vlan ?? new VlanId(1);
        var takesTags = templates.Find(chosen.Template)?.Template.CanTrunk ?? false;
        var action = new Activate(new(chosen.Name, chosen.Role, chosen.Speed, chosen.OccupiedBy, takesTags), vlan, draft.Body.Tagged ?? false, down, up, draft.Body.RateEnforcedElsewhere ?? false);
        var row = existing ?? new ServiceRow(0, chosen.Building, chosen.District, down, up, new(draft.Circuit, ServiceState.Designed, [], []));
        var (order, faults) = await DecideAsync(db, draft, action, row, existing is null ? draft.Body.Account : null, now, ct);

        // The port's own rules say it better than "no free port" or "no port is fast enough".
        var told = faults.Count > 0 ? shortfalls.Where(s => s.Code is not ("no-free-port" or "port-too-slow")) : shortfalls;
        IReadOnlyList<Fault> all = [.. faults, .. told];
        return all.Count > 0 ? (null, all) : (order, []);
    }

    private async Task<(PreparedOrder?, IReadOnlyList<Fault>)> DecideAsync(
        NpgsqlConnection db, OrderDraft draft, OrderAction action, ServiceRow row, string? account, DateTimeOffset now, CancellationToken ct)
    {
        var decision = action.Decide(row.Service, now);
        if (decision is Decision.Reject(var rejected))
        {
            return (null, rejected);
        }

        var after = decision.ApplyTo(row.Service);
        var ports = new List<AffectedPort>();
        var faults = new List<Fault>();
        foreach (var name in row.Service.Attachments.Concat(after.Attachments).Select(a => a.Port).Distinct())
        {
            var port = await LoadOrder.PortAsync(db, name, ct)
                ?? throw new InvalidOperationException($"{row.Service.CircuitId} is attached to {name}, which is not in the inventory.");
            if (templates.Find(port.Template)?.Template is not { } template)
            {
                faults.Add(new("unknown-template", "switch", $"{port.Name.Switch} uses template \"{port.Template}\", which is not loaded; known are {string.Join(", ", templates.Templates.Select(t => t.Name))}."));
                continue;
            }

            var intent = DeriveIntent.For(name, [after]) with { Ours = port.OwnVlans };
            if (MakePlan.For(template, name, port.Role, intent, PortReading.Nothing) is PlanOutcome.Refused(var reasons))
            {
                faults.AddRange(reasons.Select(r => new Fault("plan-refused", "ifName", r)));
                continue;
            }

            ports.Add(new(port, intent, Project.Expected(template, intent)));
        }

        // The action's own words win where the plan says the same of an uplink.
        return faults.Count > 0 ? (null, faults) : (new(draft, action, decision, row, account, after, ports), []);
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

    private static bool IsMine(OrderDraft draft, int district) => draft.Districts is null || draft.Districts.Contains(district);

    /// <summary>Whatever the request names agrees with what stands; whatever it leaves out is no contradiction.</summary>
    private static bool IsSame(OrderDraft draft, Attachment standing) =>
        (draft.Port is null || draft.Port == standing.Port)
        && (draft.Vlan is null || draft.Vlan == standing.Vlan)
        && (draft.Body.Tagged is null || draft.Body.Tagged == standing.Tagged)
        && (draft.RateDown is null || draft.RateDown == standing.RateDown)
        && (draft.RateUp is null || draft.RateUp == standing.RateUp)
        && (draft.Body.RateEnforcedElsewhere is null || draft.Body.RateEnforcedElsewhere == standing.RateEnforcedElsewhere);
}
