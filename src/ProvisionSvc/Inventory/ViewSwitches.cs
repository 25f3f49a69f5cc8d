using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

internal static class ViewSwitches
{
    public static async Task<IReadOnlyList<SwitchView>> ListAsync(string? building, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await QueryAsync(db, null, building, Caller.Of(user).DistrictFilter, ct);
    }

    /// <summary>What people decide of a switch, without what every sweep sees anew: its ETag is made of this.</summary>
    public static SwitchView Settled(SwitchView view) => view with { LastPolledAt = null, Reachability = "", PortsLit = 0, PortsFree = 0 };

    public static async Task<Results<Ok<SwitchView>, ProblemHttpResult>> FindAsync(string name, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await ViewAsync(db, name, Caller.Of(user), ct) is { } view ? TypedResults.Ok(view) : Problems.NotFound("switch", name);
    }

    /// <summary>The switch as the caller may see it, or null.</summary>
    public static async Task<SwitchView?> ViewAsync(NpgsqlConnection db, string name, Caller caller, CancellationToken ct) =>
        (await QueryAsync(db, name, null, caller.DistrictFilter, ct)).FirstOrDefault();

    private static Task<List<SwitchView>> QueryAsync(NpgsqlConnection db, string? name, string? building, int[]? districts, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name, b.name as building, n.name as node, w.template, w.address, w.snmp_port, w.ssh_port, w.credential, w.serial, w.host_key_sha256,
                case when l.locked_reason is not null then 'locked' else w.mode end as mode, l.locked_reason, w.last_polled_at,
                case when w.last_polled_at is null then 'unknown' when w.misses = 0 then 'reachable' when w.misses = 1 then 'unknown' else 'unreachable' end as reachability,
                ports.all, ports.lit, ports.free
         from switch w
         join building b on b.id = w.building_id
         join node n on n.id = b.node_id
         left join lane l on l.switch_id = w.id
         cross join lateral (
             select count(*)::int as all,
                    (count(*) filter (where p.role = 'customer' and coalesce(i.admin_status, p.seen_admin) = 'up'))::int as lit,
                    (count(*) filter (where p.role = 'customer' and a.id is null and p.seen_admin is distinct from 'up' and p.missing_since is null
                        and l.locked_reason is null))::int as free
             from port p
             left join port_intent i on i.port_id = p.id
             left join service_attachment a on a.port_id = p.id and a.ended_at is null
             where p.switch_id = w.id) ports
         where ({name}::text is null or w.name = {name}) and ({building}::text is null or b.name = {building})
           and ({districts}::int[] is null or b.district = any({districts}))
         order by w.name
         """,
        r => new SwitchView
        {
            Name = r.Get<string>("name"),
            Building = r.Get<string>("building"),
            Node = r.Get<string>("node"),
            Template = r.Get<string>("template"),
            Address = r.Get<IPAddress>("address").ToString(),
            SnmpPort = r.Get<int>("snmp_port"),
            SshPort = r.Get<int>("ssh_port"),
            Credential = r.Get<string>("credential"),
            Serial = r.Get<string?>("serial"),
            HostKeySha256 = r.Get<string?>("host_key_sha256"),
            Mode = r.Get<string>("mode"),
            LockedReason = r.Get<string?>("locked_reason"),
            Ports = r.Get<int>("all"),
            PortsLit = r.Get<int>("lit"),
            PortsFree = r.Get<int>("free"),
            LastPolledAt = r.Get<DateTimeOffset?>("last_polled_at"),
            Reachability = r.Get<string>("reachability"),
        },
        ct);
}
