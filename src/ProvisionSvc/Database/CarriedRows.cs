using Npgsql;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Database;

/// <summary>A port with what it should be while nobody has adopted it: derived of the services attached to it.</summary>
internal sealed record CarryingPort(long PortId, PortName Name, IReadOnlyList<Service> Services);

/// <summary>Ports of a switch with the services that they carry.</summary>
internal static class CarriedRows
{
    public static async Task<IReadOnlyList<CarryingPort>> OfSwitchAsync(NpgsqlConnection db, long switchId, string switchName, CancellationToken ct)
    {
        var carried = await db.QueryAsync(
            $"""
             select p.id, p.if_name, s.circuit_id, s.state, a.vlan, a.tagged, a.rate_down_kbps, a.rate_up_kbps, a.rate_elsewhere,
                    array(select h.kind from hold h where h.service_id = s.id and h.released_at is null) as holds
             from service_attachment a join port p on p.id = a.port_id join service s on s.id = a.service_id
             where p.switch_id = {switchId} and a.ended_at is null order by p.id
             """,
            r => (Id: r.Get<long>("id"), Port: new PortName(switchName, r.Get<string>("if_name")), Service: Service(r, switchName)),
            ct);
        return [.. carried.GroupBy(c => (c.Id, c.Port)).Select(g => new CarryingPort(g.Key.Id, g.Key.Port, [.. g.Select(c => c.Service)]))];
    }

    /// <summary>An imported service that is inactive is dark for a reason of its own time; a hold stands for it until somebody releases it.</summary>
    private static Service Service(NpgsqlDataReader r, string name)
    {
        var attachment = new Attachment(
            new(name, r.Get<string>("if_name")), new(r.Get<int>("vlan")), r.Get<bool>("tagged"),
            Bandwidth.FromKbps(r.Get<long>("rate_down_kbps")), Bandwidth.FromKbps(r.Get<long>("rate_up_kbps")), r.Get<bool>("rate_elsewhere"));
        var holds = r.Get<string[]>("holds").Select(k => new Core.Holds.Hold(EnumText.Parse<Core.Holds.HoldKind>(k), "", "", default)).ToList();
        return new(CircuitId.Parse(r.Get<string>("circuit_id")), r.Get<ServiceState>("state"), [attachment], holds);
    }
}
