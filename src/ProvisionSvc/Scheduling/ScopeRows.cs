using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Scheduling;

/// <summary>A scope with the name that people know it by.</summary>
internal sealed record NamedScope(Scope Scope, string Name);

/// <summary>Scopes as people name them.</summary>
internal static class ScopeRows
{
    /// <summary>The scope, or what is wrong with it; somebody who is bound to districts reaches what lies in them, and nothing that reaches beyond.</summary>
    public static async Task<(NamedScope? Scope, Fault? Fault)> FindAsync(
        NpgsqlConnection db, string kindText, string? name, string nameField, ScopeKind[] kinds, Caller caller, CancellationToken ct)
    {
        if (!EnumText.TryParse<ScopeKind>(kindText, out var kind) || !kinds.Contains(kind))
        {
            return (null, new("unknown-scope", "scope", $"\"{kindText}\" is no scope here; known are {string.Join(", ", kinds.Select(k => EnumText.Of(k)))}."));
        }

        if (kind == ScopeKind.All)
        {
            return name is not null ? (null, new("misplaced-member", nameField, "The scope all has no name; leave it out."))
                : caller.Districts.Count > 0 ? (null, new("scope-too-wide", "scope", "Your token is bound to districts; name one of them, or what lies in it."))
                : (new(Scope.All, "all"), null);
        }

        var found = await FindAsync(db, kind, name ?? "", ct);
        return found is { } row && caller.MayTouch(row.District)
            ? (new(new(kind, row.Id), name!), null)
            : (null, new($"unknown-{EnumText.Of(kind)}", nameField, $"There is no {EnumText.Of(kind)} \"{name}\"."));
    }

    private static Task<Row?> FindAsync(NpgsqlConnection db, ScopeKind kind, string name, CancellationToken ct)
    {
        Sql query = kind switch
        {
            ScopeKind.District => $"select number::bigint as id, number as district from district where number::text = {name}",
            ScopeKind.Node => $"select id, district from node where name = {name}",
            ScopeKind.Building => $"select id, district from building where name = {name}",
            _ => $"select w.id, b.district from switch w join building b on b.id = w.building_id where w.name = {name}",
        };
        return db.FirstAsync(query, r => new Row(r.Get<long>("id"), r.Get<int>("district")), ct);
    }

    private sealed record Row(long Id, int District);
}
