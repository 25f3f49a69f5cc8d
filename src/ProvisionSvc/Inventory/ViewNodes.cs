using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Nodes. Whoever is bound to districts sees a node that lies there or feeds a building there.</summary>
internal static class ViewNodes
{
    public static async Task<IReadOnlyList<NodeView>> ListAsync(ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct) =>
        await QueryAsync(null, user, dataSource, ct);

    public static async Task<Results<Ok<NodeView>, ProblemHttpResult>> FindAsync(string name, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct) =>
        await QueryAsync(name, user, dataSource, ct) is [var node] ? TypedResults.Ok(node) : Problems.NotFound("node", name);

    private static async Task<List<NodeView>> QueryAsync(string? name, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var districts = Caller.Of(user).DistrictFilter;
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             with sold as (
                 select b.node_id, sum(greatest(a.rate_down_kbps, a.rate_up_kbps)) filter (where a.ended_at is null) as kbps, count(distinct a.vlan) as vlans
                 from service_attachment a
                 join port p on p.id = a.port_id
                 join switch w on w.id = p.switch_id
                 join building b on b.id = w.building_id
                 where a.ended_at is null or a.ended_at > now() - interval '24 hours'
                 group by b.node_id
             )
             select n.name, n.district, n.uplink_kbps, n.oversubscription, n.vlan_first, n.vlan_last,
                    coalesce(sold.kbps, 0)::bigint as committed, coalesce(sold.vlans, 0)::int as vlans,
                    (select count(*)::int from building b where b.node_id = n.id) as buildings,
                    (select count(*)::int from switch w join building b on b.id = w.building_id where b.node_id = n.id) as switches
             from node n left join sold on sold.node_id = n.id
             where ({name}::text is null or n.name = {name})
               and ({districts}::int[] is null or n.district = any({districts})
                    or exists (select from building b where b.node_id = n.id and b.district = any({districts})))
             order by n.name
             """,
            r => new NodeView(
                r.Get<string>("name"), r.Get<int>("district"), Mbps(r.Get<long>("uplink_kbps")), r.Get<decimal>("oversubscription"), Mbps(r.Get<long>("committed")),
                r.Get<int>("vlan_first"), r.Get<int>("vlan_last"), r.Get<int>("vlans"), r.Get<int>("buildings"), r.Get<int>("switches")),
            ct);
    }

    private static decimal Mbps(long kbps) => kbps / 1000m;
}
