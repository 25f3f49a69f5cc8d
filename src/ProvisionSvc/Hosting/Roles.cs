using System.Security.Claims;

namespace ProvisionSvc.Hosting;

/// <summary>The departments as roles. Administrator may do everything; auditor reads everything and changes nothing.</summary>
internal static class Roles
{
    public const string Sales = "sales";
    public const string Building = "building";
    public const string Business = "business";
    public const string Engineering = "engineering";
    public const string Auditor = "auditor";
    public const string Administrator = "administrator";

    public static readonly string[] All = [Sales, Building, Business, Engineering, Auditor, Administrator];

    /// <summary>Names the roles that may call an endpoint; the administrator always may.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(p => p.RequireRole([.. roles, Administrator]))
            .Fails(roles.Length < All.Length
                ? [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status503ServiceUnavailable]
                : [StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable]);

    /// <summary>Any role may read here.</summary>
    public static TBuilder ForReaders<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.For(All);
}

/// <summary>Who calls, with which role, and for which sales districts (empty = all).</summary>
internal sealed record Caller(string Name, string Role, IReadOnlyList<int> Districts)
{
    public const string DistrictClaim = "district";

    public bool MayTouch(int district) => Districts.Count == 0 || Districts.Contains(district);

    /// <summary>The districts as an SQL parameter: null stands for all.</summary>
    public int[]? DistrictFilter => Districts.Count == 0 ? null : [.. Districts];

    public static Caller Of(ClaimsPrincipal user) => new(
        user.Identity?.Name ?? throw new InvalidOperationException("An endpoint without authorization asked who calls."),
        user.FindFirstValue(ClaimTypes.Role) ?? "",
        [.. user.FindAll(DistrictClaim).Select(c => int.Parse(c.Value))]);
}
