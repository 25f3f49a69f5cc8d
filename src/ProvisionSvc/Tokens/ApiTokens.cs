using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Tokens;

/// <summary>An API token: 256 random bits behind a recognisable prefix; the database holds its SHA-256 only.</summary>
internal static class ApiToken
{
    public const string Prefix = "prv_";

    public static string Create() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    // A token is 256 random bits, so one round of SHA-256 is enough; it is no password.
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>Authenticates <c>Authorization: Bearer prv_…</c> against the stored hashes.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, NpgsqlDataSource dataSource)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "token";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(bearer, StringComparison.Ordinal))
        {
            return AuthenticateResult.NoResult();
        }

        await using var db = await dataSource.OpenConnectionAsync(Context.RequestAborted);
        var caller = await db.FirstAsync(
            $"select name, role, districts from api_token where hash = {ApiToken.Hash(header[bearer.Length..].Trim())} and revoked_at is null",
            r => new Caller(r.Get<string>("name"), r.Get<string>("role"), r.Get<int[]>("districts")),
            Context.RequestAborted);
        if (caller is null)
        {
            return AuthenticateResult.Fail("The token is unknown or revoked.");
        }

        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new(ClaimTypes.Name, caller.Name));
        identity.AddClaim(new(ClaimTypes.Role, caller.Role));
        identity.AddClaims(caller.Districts.Select(d => new Claim(Caller.DistrictClaim, d.ToString())));
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "unauthenticated",
            "Give a valid API token as \"Authorization: Bearer prv_…\" (the first one lies in admin.token in the state directory).").ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Forbidden($"Role {Context.User.FindFirstValue(ClaimTypes.Role)} may not do this.").ExecuteAsync(Context);
}
