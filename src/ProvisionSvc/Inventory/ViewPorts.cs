using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Ports of one switch, and what happened on them.</summary>
internal static class ViewPorts
{
    private const int MostEvents = 1000;

    public static async Task<Results<Ok<IReadOnlyList<PortView>>, ProblemHttpResult>> ListAsync(
        string? @switch, string? ifName, ClaimsPrincipal user, NpgsqlDataSource dataSource, ReadPortsNow now, CancellationToken ct, bool live = false)
    {
        if (string.IsNullOrEmpty(@switch))
        {
            return Problems.Invalid([new Fault("missing-parameter", "switch", "Say of which switch: ?switch=NAME.")]);
        }

        var ports = await KnownAsync(dataSource, @switch, ifName, Caller.Of(user), ct);
        if (live && ports.Count > 0)
        {
            try
            {
                return TypedResults.Ok(await now.RunAsync(@switch, ports, ct));
            }
            catch (DeviceException away)
            {
                return Problems.Of(StatusCodes.Status502BadGateway, "switch-unreachable", away.Message);
            }
        }

        return ports.Count > 0 ? TypedResults.Ok(ports)
            : ifName is null ? Problems.NotFound("switch", @switch)
            : Problems.NotFound("port", new PortName(@switch, ifName).ToString());
    }

    public static async Task<Results<Ok<IReadOnlyList<PortEventView>>, ProblemHttpResult>> EventsAsync(
        string? @switch, string? ifName, int? limit, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        if (limit is < 1 or > MostEvents)
        {
            return Problems.Invalid([new Fault("invalid-parameter", "limit", $"limit is 1 to {MostEvents}.")]);
        }

        var districts = Caller.Of(user).DistrictFilter;
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var events = await db.QueryAsync(
            $"""
             select w.name as switch, p.if_name, e.kind, e.before, e.after, e.at
             from port_event e join port p on p.id = e.port_id join switch w on w.id = p.switch_id join building b on b.id = w.building_id
             where ({@switch}::text is null or w.name = {@switch}) and ({ifName}::text is null or p.if_name = {ifName})
               and ({districts}::int[] is null or b.district = any({districts}))
             order by e.id desc limit {limit ?? 100}
             """,
            r => new PortEventView(
                r.Get<string>("switch"), r.Get<string>("if_name"), r.Get<string>("kind"), r.Get<string?>("before"), r.Get<string?>("after"), r.Get<DateTimeOffset>("at")),
            ct);
        return TypedResults.Ok<IReadOnlyList<PortEventView>>(events);
    }

    private static async Task<IReadOnlyList<PortView>> KnownAsync(NpgsqlDataSource dataSource, string @switch, string? ifName, Caller caller, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await QueryAsync(db, @switch, ifName, caller.DistrictFilter, ct);
    }

    /// <summary>The ports in their natural order (<c>0/0/2</c> before <c>0/0/10</c>).</summary>
    private static async Task<IReadOnlyList<PortView>> QueryAsync(NpgsqlConnection db, string @switch, string? ifName, int[]? districts, CancellationToken ct)
    {
        var rows = await db.QueryAsync(
            $"""
             select p.id, w.name as switch, p.if_name, p.role, p.if_index, coalesce(p.seen_speed_kbps, p.speed_kbps) as speed, p.seen_admin, p.seen_oper, p.seen_alias,
                    p.read_at, p.missing_since, s.circuit_id, s.state as service_state,
                    array(select h.kind from hold h where h.service_id = s.id and h.released_at is null order by h.id) as holds,
                    i.version, i.admin_status, i.access_vlan, i.allowed_vlans, i.native_vlan, i.rate_down_kbps, i.rate_up_kbps, i.alias, i.rates_elsewhere
             from port p
             join switch w on w.id = p.switch_id
             join building b on b.id = w.building_id
             left join service_attachment a on a.port_id = p.id and a.ended_at is null
             left join service s on s.id = a.service_id
             left join port_intent i on i.port_id = p.id
             where w.name = {@switch} and ({ifName}::text is null or p.if_name = {ifName}) and ({districts}::int[] is null or b.district = any({districts}))
             """,
            r => (Id: r.Get<long>("id"), Port: View(r)),
            ct);
        var drift = await ViewDrift.OfPortsAsync(db, [.. rows.Select(r => r.Id)], ct);
        return [.. rows.Select(r => r.Port with { Drift = [.. drift[r.Id]] }).OrderBy(p => p.IfName, NaturalOrder.Instance)];
    }

    private static PortView View(NpgsqlDataReader r) => new()
    {
        Switch = r.Get<string>("switch"),
        IfName = r.Get<string>("if_name"),
        Role = r.Get<string>("role"),
        IfIndex = (int?)r.Get<long?>("if_index"),
        SpeedMbps = Mbps(r.Get<long?>("speed")),
        AdminStatus = r.Get<string?>("seen_admin"),
        OperStatus = r.Get<string?>("seen_oper"),
        Alias = r.Get<string?>("seen_alias"),
        ReadAt = r.Get<DateTimeOffset?>("read_at"),
        MissingSince = r.Get<DateTimeOffset?>("missing_since"),
        Service = r.Get<string?>("circuit_id"),
        ServiceState = r.Get<string?>("service_state"),
        Holds = r.Get<string[]>("holds"),
        Intent = r.Get<int?>("version") is not { } version ? null : new IntentView(
            version, r.Get<string>("admin_status"), r.Get<int?>("access_vlan"), Mbps(r.Get<long?>("rate_down_kbps")), Mbps(r.Get<long?>("rate_up_kbps")),
            r.Get<string?>("alias"), r.Get<bool>("rates_elsewhere"), r.Get<int[]?>("allowed_vlans") is { } carried ? VlanSet.Of(carried).ToString() : null, r.Get<int?>("native_vlan")),
    };

    private static decimal? Mbps(long? kbps) => kbps / 1000m;
}
