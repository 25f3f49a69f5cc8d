using System.Net;
using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Database;

/// <summary>What is needed to speak with a switch.</summary>
internal sealed record SwitchRow(long Id, SwitchEndpoint Endpoint, string Template, string Credential, SwitchMode Mode, Channel WriteBy);

/// <summary>Switches as every slice that reads devices loads them.</summary>
internal static class SwitchRows
{
    /// <param name="districts">Only in these districts; null for all.</param>
    public static Task<SwitchRow?> FindAsync(NpgsqlConnection db, string name, CancellationToken ct, int[]? districts = null) => db.FirstAsync(
        $"""
         select w.id, w.name, w.address, w.snmp_port, w.ssh_port, w.host_key_sha256, w.template, w.credential, w.mode, w.admin_status_by
         from switch w join building b on b.id = w.building_id
         where w.name = {name} and ({districts} is null or b.district = any({districts}))
         """,
        Map, ct);

    public static Task<List<SwitchRow>> ByIdsAsync(NpgsqlConnection db, long[] ids, CancellationToken ct) => db.QueryAsync(
        $"select id, name, address, snmp_port, ssh_port, host_key_sha256, template, credential, mode, admin_status_by from switch where id = any({ids})", Map, ct);

    public static SwitchRow Map(NpgsqlDataReader r) => new(
        r.Get<long>("id"),
        new(r.Get<string>("name"), r.Get<IPAddress>("address"), r.Get<int>("snmp_port"), r.Get<int>("ssh_port"), r.Get<string?>("host_key_sha256")),
        r.Get<string>("template"), r.Get<string>("credential"), r.Get<SwitchMode>("mode"), r.Get<Channel>("admin_status_by"));
}
