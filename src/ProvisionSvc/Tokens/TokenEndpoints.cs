using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Tokens;

internal static class TokenEndpoints
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorization();
        return services;
    }

    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapPost("/tokens", CreateAsync).WithName("createToken").Fails(409).Takes<CreateTokenRequest>().For(Roles.Administrator)
            .WithSummary("Create an API token; its text is shown once.");
        api.MapGet("/tokens", ListAsync).WithName("listTokens").For(Roles.Auditor).WithSummary("List tokens without their text.");
        api.MapDelete("/tokens/{name}", RevokeAsync).WithName("revokeToken").Fails(404).For(Roles.Administrator)
            .WithSummary("Revoke a token at once.");
    }

    /// <summary>Writes the first administrator token into a file that only its owner can read, unless any token exists.</summary>
    public static async Task EnsureFirstTokenAsync(NpgsqlDataSource dataSource, string file, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var token = ApiToken.Create();
        var created = await db.ExecuteAsync(
            $"""
             insert into api_token (name, role, districts, hash, created_at, created_by)
             select 'administrator', {Roles.Administrator}, {Array.Empty<int>()}, {ApiToken.Hash(token)}, {now}, 'first start'
             where not exists (select from api_token)
             on conflict do nothing
             """,
            ct);
        if (created == 0)
        {
            return;
        }

        // The file first: a token that nobody can read is worse than a file without a token.
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var writer = new StreamWriter(file, options))
        {
            await writer.WriteLineAsync(token.AsMemory(), ct);
        }

        await tx.CommitAsync(ct);
    }

    private static async Task<Results<Created<CreatedTokenView>, ProblemHttpResult>> CreateAsync(
        Body<CreateTokenRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var faults = Faults(body.Value).ToList();
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        var token = ApiToken.Create();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var added = await db.ExecuteAsync(
            $"""
             insert into api_token (name, role, districts, hash, created_at, created_by)
             values ({body.Value.Name}, {body.Value.Role}, {body.Value.Districts.ToArray()}, {ApiToken.Hash(token)}, {clock.GetUtcNow()}, {Caller.Of(user).Name})
             on conflict do nothing
             """,
            ct);
        if (added == 0)
        {
            return Problems.Conflict("token-exists", $"There is a token named \"{body.Value.Name}\" already; choose another name.");
        }

        await db.WriteAuditAsync(clock.GetUtcNow(), Caller.Of(user).Name, "token.create", body.Value.Name, new { body.Value.Role, body.Value.Districts }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Created((string?)null, new CreatedTokenView(body.Value.Name, body.Value.Role, body.Value.Districts, token));
    }

    private static IEnumerable<Fault> Faults(CreateTokenRequest request)
    {
        if (request.Name.Length is 0 or > 64 || request.Name.Any(char.IsControl))
        {
            yield return new("invalid-name", "name", "A token's name has 1 to 64 printable characters.");
        }

        if (!Roles.All.Contains(request.Role))
        {
            yield return new("unknown-role", "role", $"\"{request.Role}\" is not a role; known are {string.Join(", ", Roles.All)}.");
        }
    }

    private static async Task<IReadOnlyList<TokenView>> ListAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select name, role, districts, created_at, revoked_at from api_token order by name",
            r => new TokenView(r.Get<string>("name"), r.Get<string>("role"), r.Get<int[]>("districts"), r.Get<DateTimeOffset>("created_at"), r.Get<DateTimeOffset?>("revoked_at")),
            ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string name, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await db.ExecuteAsync($"update api_token set revoked_at = {clock.GetUtcNow()} where name = {name} and revoked_at is null", ct) == 0)
        {
            return Problems.NotFound("token", name);
        }

        await db.WriteAuditAsync(clock.GetUtcNow(), Caller.Of(user).Name, "token.revoke", name, new { }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
