using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

internal static class ViewServices
{
    public static async Task<Results<Ok<ServiceView>, ProblemHttpResult>> FindAsync(string circuitId, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await QueryAsync(db, circuitId, Caller.Of(user).DistrictFilter, ct) is { } service ? TypedResults.Ok(service) : Problems.NotFound("service", circuitId);
    }

    private static async Task<ServiceView?> QueryAsync(NpgsqlConnection db, string circuitId, int[]? districts, CancellationToken ct)
    {
        var attachments = await db.QueryAsync(
            $"""
             select w.name as switch, p.if_name, a.vlan, a.tagged, a.rate_down_kbps, a.rate_up_kbps, a.rate_elsewhere
             from service s join service_attachment a on a.service_id = s.id and a.ended_at is null join port p on p.id = a.port_id join switch w on w.id = p.switch_id
             where s.circuit_id = {circuitId} order by a.id
             """,
            r => new AttachmentView(
                r.Get<string>("switch"), r.Get<string>("if_name"), r.Get<int>("vlan"), r.Get<bool>("tagged"),
                r.Get<long>("rate_down_kbps") / 1000m, r.Get<long>("rate_up_kbps") / 1000m, r.Get<bool>("rate_elsewhere")),
            ct);
        var holds = await db.QueryAsync(
            $"""
             select h.kind, h.owner, h.reason, h.since, h.until, h.released_at, h.released_by from service s join hold h on h.service_id = s.id
             where s.circuit_id = {circuitId} order by h.released_at is not null, h.id desc
             """,
            r => new HoldView(
                r.Get<string>("kind"), r.Get<string>("owner"), r.Get<string>("reason"), r.Get<DateTimeOffset>("since"),
                r.Get<DateTimeOffset?>("until"), r.Get<DateTimeOffset?>("released_at"), r.Get<string?>("released_by")),
            ct);
        return await db.FirstAsync(
            $"""
             select s.circuit_id, a.number as account, c.name as customer, b.name as building, g.name as service_group, s.state, s.rate_down_kbps, s.rate_up_kbps
             from service s
             join account a on a.id = s.account_id
             join customer c on c.id = a.customer_id
             join building b on b.id = s.building_id
             left join service_group g on g.id = s.group_id
             where s.circuit_id = {circuitId} and ({districts}::int[] is null or b.district = any({districts}))
             """,
            r => new ServiceView(
                r.Get<string>("circuit_id"), r.Get<string>("account"), r.Get<string>("customer"), r.Get<string>("building"), r.Get<string?>("service_group"),
                r.Get<string>("state"), r.Get<long>("rate_down_kbps") / 1000m, r.Get<long>("rate_up_kbps") / 1000m, attachments, holds),
            ct);
    }
}
