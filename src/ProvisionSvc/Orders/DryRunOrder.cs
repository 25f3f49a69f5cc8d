using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Orders;

/// <summary>Plan and stop: decides the order, reads the switch, shows what would be typed. Writes to neither database nor switch.</summary>
internal sealed class DryRunOrder(
    NpgsqlDataSource dataSource, PrepareOrder prepare, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access, TimeProvider clock)
{
    public async Task<(DryRunView? View, IReadOnlyList<Fault> Faults)> RunAsync(OrderDraft draft, CancellationToken ct)
    {
        var (order, faults) = await DecideAsync(draft, ct);
        if (order is null)
        {
            return (null, faults);
        }

        var plans = new List<PlanView>();
        var notes = new List<string>();
        foreach (var port in order.Ports)
        {
            try
            {
                switch (await PlanAsync(port, ct))
                {
                    case PlanOutcome.Planned(var plan):
                        plans.Add(PlanRows.Of(plan));
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
        var vlan = order.After.Attachments is [var attachment, ..] ? attachment.Vlan.Value : default(int?);
        return faults.Count > 0 ? (null, faults) : (new(
            draft.Body.Action, draft.Circuit.Value, first?.Row.Name.Switch, first?.Row.Name.IfName, vlan, plans, notes.Count > 0 ? string.Join(" ", notes) : null), []);
    }

    private async Task<(PreparedOrder? Order, IReadOnlyList<Fault> Faults)> DecideAsync(OrderDraft draft, CancellationToken ct)
    {
        // The transaction only holds the decision's row locks together; it is never committed.
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        return await prepare.RunAsync(db, draft, clock.GetUtcNow(), ct);
    }

    private async Task<PlanOutcome> PlanAsync(AffectedPort port, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var row = await SwitchRows.FindAsync(db, port.Row.Name.Switch, ct) ?? throw new InvalidOperationException($"{port.Row.Name} has no switch.");
        await db.CloseAsync();
        var template = templates.Find(row.Template) ?? throw new InvalidOperationException($"Template {row.Template} is not loaded.");
        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            throw new DeviceException(DeviceFault.AuthenticationFailed, problem!.Message);
        }
        await using var session = await access.OpenAsync(row.Endpoint, credential, template, () => { }, ct);
        var reading = await access.ReadAsync(session, row.Endpoint, credential, template, port.Row.Name, null, ct);
        return MakePlan.For(template.Template, port.Row.Name, port.Row.Role, port.Intent, reading.Reading, row.WriteBy);
    }
}
