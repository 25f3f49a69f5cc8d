using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

internal static class CredentialEndpoints
{
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddSingleton(s =>
        {
            var options = s.GetRequiredService<IOptions<ProvisionOptions>>().Value;
            return CredentialKey.Load(options.CredentialKeyFile ?? Path.Combine(options.StateDirectory, "credentials.key"));
        });
        services.AddSingleton<CredentialStore>();
    }

    public static void MapCredentials(this IEndpointRouteBuilder api)
    {
        api.MapPut("/credentials/{name}", SetAsync).WithName("setCredential").Takes<SetCredentialRequest>().For(Roles.Engineering)
            .WithSummary("Set what switches are logged in with and asked with. No answer ever shows it again.");
        api.MapGet("/credentials", ListAsync).WithName("listCredentials").For(Roles.Engineering, Roles.Auditor)
            .WithSummary("Names, users and generations of the credentials.");
    }

    private static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> SetAsync(
        string name, Body<SetCredentialRequest> body, ClaimsPrincipal user, CredentialStore store, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Fault> faults = body.Faults.Count > 0 ? body.Faults : [.. Faults(name, body.Value)];
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var generation = await store.SaveAsync(db, name, body.Value, ct);
        await db.WriteAuditAsync(now, Caller.Of(user).Name, "credential.set", name, new { generation, body.Value.User }, ct);
        var switches = await db.QueryAsync($"select id from switch where credential = {name}", r => r.Get<long>("id"), ct);
        await HeldRows.ReleaseAsync(db, [.. switches], [Reasons.Credential.Code], now, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok((await ViewsAsync(db, ct)).First(c => c.Name == name));
    }

    private static IEnumerable<Fault> Faults(string name, SetCredentialRequest request)
    {
        if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return new("invalid-name", "name", "A credential's name has 1 to 64 letters, digits, '.', '-' or '_'.");
        }

        if (request.User.Length is 0 or > 64 || request.User.Any(char.IsControl))
        {
            yield return new("invalid-user", "user", "A user has 1 to 64 printable characters.");
        }

        // A control character in a password would be a second line at a switch's prompt (T7).
        var lines = new (string Field, string? Text)[]
        {
            ("password", request.Password), ("enableSecret", request.EnableSecret), ("snmpReadCommunity", request.SnmpReadCommunity), ("snmpWriteCommunity", request.SnmpWriteCommunity),
        };
        foreach (var (field, text) in lines.Where(l => l.Text is { Length: > 255 } || (l.Text ?? "").Any(char.IsControl)))
        {
            yield return new("invalid-secret", field, $"{field} has at most 255 printable characters{(text!.Length > 255 ? "" : "; there is a control character in it")}.");
        }

        if (request.PrivateKey is { } key && (key.Length > 16 * 1024 || !key.StartsWith("-----BEGIN ", StringComparison.Ordinal)))
        {
            yield return new("invalid-private-key", "privateKey", "privateKey is the text of an OpenSSH or PEM key file, beginning with -----BEGIN, 16 KiB at most.");
        }

        if (string.IsNullOrEmpty(request.Password) && string.IsNullOrEmpty(request.PrivateKey))
        {
            yield return new("missing-secret", "password", "Give a password or a private key.");
        }

        if (request.SnmpReadCommunity.Length == 0)
        {
            yield return new("missing-community", "snmpReadCommunity", "Give the community that may read.");
        }
    }

    private static async Task<IReadOnlyList<CredentialView>> ListAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await ViewsAsync(db, ct);
    }

    private static Task<List<CredentialView>> ViewsAsync(NpgsqlConnection db, CancellationToken ct) => db.QueryAsync(
        $"""
         select c.name, c.user_name, c.generation, c.updated_at, (select count(*)::int from switch w where w.credential = c.name) as switches
         from credential c order by c.name
         """,
        r => new CredentialView(r.Get<string>("name"), r.Get<string>("user_name"), r.Get<int>("generation"), r.Get<DateTimeOffset>("updated_at"), r.Get<int>("switches")),
        ct);
}
