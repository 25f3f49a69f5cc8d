using System.Security.Claims;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>Where intent and reading disagree now.</summary>
internal static class ViewDrift
{
    private const int MostShown = 10_000;

    public static async Task<IReadOnlyList<DriftView>> ListAsync(string? building, string? @switch, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        var districts = Caller.Of(user).DistrictFilter;
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select w.name as switch, p.if_name, d.class, d.expected, d.seen, d.since, d.last_seen
             from drift d join port p on p.id = d.port_id join switch w on w.id = p.switch_id join building b on b.id = w.building_id
             where d.cleared_at is null and ({building}::text is null or b.name = {building}) and ({@switch}::text is null or w.name = {@switch})
               and ({districts}::int[] is null or b.district = any({districts}))
             order by d.since, d.id limit {MostShown}
             """,
            View,
            ct);
    }

    /// <summary>The open drift of these ports, by port.</summary>
    public static async Task<ILookup<long, DriftView>> OfPortsAsync(NpgsqlConnection db, long[] ports, CancellationToken ct)
    {
        var rows = await db.QueryAsync(
            $"""
             select p.id, w.name as switch, p.if_name, d.class, d.expected, d.seen, d.since, d.last_seen
             from drift d join port p on p.id = d.port_id join switch w on w.id = p.switch_id
             where d.cleared_at is null and d.port_id = any({ports}) order by d.id
             """,
            r => (Port: r.Get<long>("id"), Drift: View(r)),
            ct);
        return rows.ToLookup(r => r.Port, r => r.Drift);
    }

    private static DriftView View(NpgsqlDataReader r) => new(
        r.Get<string>("switch"), r.Get<string>("if_name"), r.Get<string>("class"), r.Get<string?>("expected"), r.Get<string?>("seen"),
        r.Get<DateTimeOffset>("since"), r.Get<DateTimeOffset>("last_seen"));
}
