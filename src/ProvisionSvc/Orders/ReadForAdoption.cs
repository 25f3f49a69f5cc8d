using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;

namespace ProvisionSvc.Orders;

/// <summary>An adoption takes over what its port shows: read before the decision, since no transaction is open while a switch is spoken to.</summary>
internal sealed class ReadForAdoption(NpgsqlDataSource dataSource, ReadPort read)
{
    public async Task<(OrderDraft Draft, IReadOnlyList<Fault> Faults)> RunAsync(OrderDraft draft, CancellationToken ct)
    {
        // Which attachment is meant, or whether any is, is the action's to say.
        if (await PortsAsync(draft, ct) is not [var port])
        {
            return (draft, []);
        }

        try
        {
            return (draft with { Reading = (await read.RunAsync(port, ct)).Reading }, []);
        }
        catch (DeviceException away)
        {
            return (draft, [new("port-unreadable", "ifName", $"{port} cannot be read now, so there is nothing to take over: {away.Message}")]);
        }
    }

    private async Task<List<PortName>> PortsAsync(OrderDraft draft, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select w.name as switch, p.if_name from service s join service_attachment a on a.service_id = s.id and a.ended_at is null
             join port p on p.id = a.port_id join switch w on w.id = p.switch_id join building b on b.id = w.building_id
             where s.circuit_id = {draft.Circuit!.Value} and ({draft.Body.Switch} is null or (w.name = {draft.Body.Switch} and p.if_name = {draft.Body.IfName}))
               and ({draft.Districts} is null or b.district = any({draft.Districts}))
             """,
            r => new PortName(r.Get<string>("switch"), r.Get<string>("if_name")),
            ct);
    }
}
