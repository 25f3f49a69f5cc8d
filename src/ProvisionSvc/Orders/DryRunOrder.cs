using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>Plan and stop: decides the order, reads the switch, shows what would be typed. Writes to neither database nor switch.</summary>
internal sealed class DryRunOrder(NpgsqlDataSource dataSource, PrepareOrder prepare, PlanLive live, TimeProvider clock)
{
    public async Task<Results<Created<OrderView>, Ok<OrderView>, Ok<DryRunView>, ProblemHttpResult>> AnswerAsync(OrderDraft draft, CancellationToken ct)
    {
        var (view, faults) = await RunAsync(draft, ct);
        return view is null ? Problems.Invalid(faults) : TypedResults.Ok(view);
    }

    /// <summary>What would change; or everything that speaks against it.</summary>
    public Task<(DryRunView? View, IReadOnlyList<Fault> Faults)> RunAsync(OrderDraft draft, CancellationToken ct) =>
        draft.IsOverMany || draft is { Body.Undoes: not null, Circuit: null } ? ManyAsync(draft, ct) : OneAsync(draft, ct);

    /// <summary>The plans of all parts together.</summary>
    private async Task<(DryRunView? View, IReadOnlyList<Fault> Faults)> ManyAsync(OrderDraft draft, CancellationToken ct)
    {
        IReadOnlyList<OrderDraft> parts;
        IReadOnlyList<Fault> faults;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            (parts, faults) = await SplitOrder.RunAsync(db, draft, ct);
        }

        var views = new List<DryRunView>();
        foreach (var part in parts)
        {
            var (view, wrong) = await OneAsync(part, ct);
            views.AddRange(view is null ? [] : [view]);
            faults = [.. faults, .. wrong.Select(f => SplitOrder.Of(part.Body.Service, f))];
        }

        var notes = string.Join(" ", views.Select(v => v.Note).OfType<string>());
        return faults.Count > 0 ? (null, faults) : (new(
            draft.Body.Action, draft.Body.Group ?? draft.Body.Switch ?? "", null, null, null, [.. views.SelectMany(v => v.Plans)], notes.Length > 0 ? notes : null,
            [.. views.SelectMany(v => v.Reverse ?? [])]), []);
    }

    private async Task<(DryRunView? View, IReadOnlyList<Fault> Faults)> OneAsync(OrderDraft draft, CancellationToken ct)
    {
        var (order, faults) = await DecideAsync(draft, ct);
        if (order is null)
        {
            return (null, faults);
        }

        var plans = new List<PlanView>();
        var reverse = new List<PlanView>();
        var notes = new List<string>();
        foreach (var port in order.Ports.Where(p => p.Turn != PortTurn.Never))
        {
            if (port.Turn == PortTurn.Afterwards)
            {
                notes.Add($"{port.Row.Name} is closed once {order.Ports[0].Row.Name} is proven.");
                continue;
            }

            try
            {
                switch (await live.RunAsync(port.Row.Name, port.Row.Role, port.Intent, ct))
                {
                    case PlanOutcome.Planned(var plan):
                        plans.Add(PlanRows.Of(plan));
                        reverse.Add(PlanRows.OfReverse(plan));
                        break;
                    case PlanOutcome.Refused(var reasons):
                        faults = [.. faults, .. reasons.Select(r => new Fault("plan-refused", "ifName", r))];
                        break;
                }
            }
            catch (DeviceException away)
            {
                notes.Add($"{port.Row.Name} cannot be read now, so its plan is not known: {away.Message}");
            }

            if (Gates.Stop(port.Row.Mode, port.Row.LaneLocked) is { } stop)
            {
                notes.Add($"{port.Row.Name}: the order would wait. {stop.English}");
            }
        }

        var first = order.Ports.Count > 0 ? order.Ports[0] : null;
        var vlan = order.After?.Attachments.FirstOrDefault(a => a.Port == first?.Row.Name)?.Vlan.Value;
        return faults.Count > 0 ? (null, faults) : (new(
            draft.Body.Action, order.Draft.Circuit?.Value ?? "", first?.Row.Name.Switch, first?.Row.Name.IfName, vlan, plans, notes.Count > 0 ? string.Join(" ", notes) : null, reverse), []);
    }

    private async Task<(PreparedOrder? Order, IReadOnlyList<Fault> Faults)> DecideAsync(OrderDraft draft, CancellationToken ct)
    {
        // The transaction only holds the decision's row locks together; it is never committed.
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        return await prepare.RunAsync(db, draft, clock.GetUtcNow(), ct);
    }
}
