using System.Text.Json;
using Npgsql;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Database;

/// <summary>Lines of the audit log as clients see them.</summary>
internal static class AuditRows
{
    public static AuditLineView View(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<DateTimeOffset>("at"), r.Get<string>("who"), r.Get<string>("action"), r.Get<string>("object"),
        JsonSerializer.Deserialize<JsonElement>(r.Get<string>("detail")), r.Get<long?>("sequence"));
}
