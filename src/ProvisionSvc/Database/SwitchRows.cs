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
    public static Task<SwitchRow?> FindAsync(NpgsqlConnection db, string name, CancellationToken ct) => db.FirstAsync(
        $"select id, name, address, snmp_port, ssh_port, host_key_sha256, template, credential, mode, admin_status_by from switch where name = {name}", Map, ct);

    public static Task<List<SwitchRow>> ByIdsAsync(NpgsqlConnection db, long[] ids, CancellationToken ct) => db.QueryAsync(
        $"select id, name, address, snmp_port, ssh_port, host_key_sha256, template, credential, mode, admin_status_by from switch where id = any({ids})", Map, ct);

    public static SwitchRow Map(NpgsqlDataReader r) => new(
        r.Get<long>("id"),
        new(r.Get<string>("name"), r.Get<IPAddress>("address"), r.Get<int>("snmp_port"), r.Get<int>("ssh_port"), r.Get<string?>("host_key_sha256")),
        r.Get<string>("template"), r.Get<string>("credential"), r.Get<SwitchMode>("mode"), r.Get<Channel>("admin_status_by"));
}
