using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Hosting;

/// <summary>Walks every endpoint that the service has: who may call it is named at the endpoint, approved here, and true over HTTP.</summary>
public sealed class EndpointTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    /// <summary>Who may do what. A new endpoint is added here on purpose, never by accident. "*" is every role; the administrator may do everything.</summary>
    private const string Approved = """
        GET /api/v1/alarms *
        GET /api/v1/alarms/{id:long} *
        POST /api/v1/alarms/{id:long}/acknowledge business engineering
        GET /api/v1/audit auditor
        GET /api/v1/audit/anchors auditor
        GET /api/v1/audit/verify auditor
        POST /api/v1/billing/events business
        GET /api/v1/budget/raises *
        POST /api/v1/budget/raises business engineering
        POST /api/v1/budget/raises/{id:long}/end business engineering
        PUT /api/v1/buildings/{name}/maintenance engineering
        GET /api/v1/calendar *
        POST /api/v1/calendar/imports business engineering
        GET /api/v1/credentials auditor engineering
        POST /api/v1/credentials/reseal
        GET /api/v1/credentials/{name} auditor engineering
        PUT /api/v1/credentials/{name} engineering
        POST /api/v1/credentials/{name}/prove engineering
        POST /api/v1/credentials/{name}/retire engineering
        POST /api/v1/credentials/{name}/unlock engineering
        GET /api/v1/drift *
        GET /api/v1/events *
        GET /api/v1/freezes *
        POST /api/v1/freezes business engineering
        POST /api/v1/freezes/{id:long}/end business engineering
        POST /api/v1/inventory/imports engineering
        GET /api/v1/nodes *
        GET /api/v1/nodes/{name} *
        PUT /api/v1/nodes/{name}/maintenance engineering
        PUT /api/v1/nodes/{name}/pace engineering
        GET /api/v1/orders *
        POST /api/v1/orders business engineering sales
        GET /api/v1/orders/{id:long} *
        POST /api/v1/orders/{id:long}/answer engineering
        POST /api/v1/orders/{id:long}/approve business engineering
        GET /api/v1/orders/{id:long}/evidence auditor business engineering
        POST /api/v1/orders/{id:long}/cancel business engineering sales
        POST /api/v1/orders/{id:long}/reject business engineering
        POST /api/v1/orders/{id:long}/release business engineering
        POST /api/v1/orders/{id:long}/undo business engineering
        POST /api/v1/orders/bulk business engineering
        GET /api/v1/pauses *
        POST /api/v1/pauses business engineering
        POST /api/v1/pauses/{id:long}/end business engineering
        GET /api/v1/ports *
        GET /api/v1/ports/events *
        POST /api/v1/qualifications *
        GET /api/v1/services/{circuitId} *
        POST /api/v1/services/adopt engineering
        GET /api/v1/switches *
        GET /api/v1/switches/{name} *
        GET /api/v1/switches/{name}/configuration auditor engineering
        GET /api/v1/switches/{name}/configuration/diff auditor engineering
        GET /api/v1/switches/{name}/configurations auditor engineering
        PUT /api/v1/switches/{name}/mode engineering
        GET /api/v1/switches/{name}/ports/{ifName}/plan business engineering sales
        POST /api/v1/switches/{name}/sample engineering
        POST /api/v1/switches/{name}/snmp engineering
        POST /api/v1/switches/{name}/trust engineering
        POST /api/v1/switches/{name}/trust-engine engineering
        POST /api/v1/switches/{name}/unlock engineering
        GET /api/v1/templates *
        POST /api/v1/templates/check auditor engineering
        POST /api/v1/templates/{name}/try engineering
        GET /api/v1/tokens auditor
        POST /api/v1/tokens
        DELETE /api/v1/tokens/{name}
        GET /api/v1/webhooks auditor engineering
        POST /api/v1/webhooks
        DELETE /api/v1/webhooks/{name}
        POST /api/v1/webhooks/{name}/replay engineering
        GET /api/v1/windows *
        POST /api/v1/windows engineering
        DELETE /api/v1/windows/{id:long} engineering
        """;

    private static readonly string[] Anonymous = ["/healthz", "/readyz", "/metrics", "/openapi/{documentName}.json", "/docs"];

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public void Every_endpoint_names_its_roles_as_approved()
    {
        var named = Endpoints()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(e => $"{Method(e)} {Path(e)} {(AllowedRoles(e) is var roles && roles.Count == Roles.All.Length ? "*" : string.Join(' ', roles.Except([Roles.Administrator]).Order(StringComparer.Ordinal)))}".TrimEnd());
        Assert.Equal(Approved.Split('\n').Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_a_few_doors_open_without_a_token() => Assert.Empty(
        Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && !Anonymous.Any(a => Path(e).StartsWith(a, StringComparison.Ordinal))).Select(Path));

    [Fact]
    public void The_auditor_changes_nothing() => Assert.Equal(
        ["POST /api/v1/templates/check", "POST /api/v1/qualifications"],
        Endpoints().Where(e => Method(e) != "GET" && AllowedRoles(e).Contains(Roles.Auditor)).Select(e => $"{Method(e)} {Path(e)}"));

    [Theory]
    [InlineData(null)]
    [InlineData("prv_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("' or true --")]
    public async Task Without_a_valid_token_every_endpoint_answers_401(string? token)
    {
        using var stranger = fixture.Service.Client(token is null ? null : Uri.EscapeDataString(token));
        foreach (var endpoint in Guarded())
        {
            var problem = await CallAsync(stranger, endpoint);
            Assert.True(problem.Status == HttpStatusCode.Unauthorized, $"{Method(endpoint)} {Path(endpoint)}: {problem.Status}");
            Assert.Contains("\"code\":\"unauthenticated\"", problem.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing()
    {
        using var former = await fixture.Service.ClientAsync(Roles.Auditor, _ct, 9);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(former, Guarded().First(e => Path(e) == "/api/v1/nodes"))).Status);
        using var revoked = await fixture.Service.Administrator.DeleteAsync("/api/v1/tokens/test-auditor-9", _ct);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CallAsync(former, Guarded().First(e => Path(e) == "/api/v1/nodes"))).Status);
    }

    [Theory]
    [InlineData(Roles.Sales)]
    [InlineData(Roles.Building)]
    [InlineData(Roles.Business)]
    [InlineData(Roles.Engineering)]
    [InlineData(Roles.Auditor)]
    [InlineData(Roles.Administrator)]
    public async Task A_role_gets_through_where_it_may_and_403_everywhere_else(string role)
    {
        using var client = await fixture.Service.ClientAsync(role, _ct);
        foreach (var endpoint in Guarded())
        {
            var (status, body) = await CallAsync(client, endpoint);
            var refused = status == HttpStatusCode.Forbidden;
            Assert.True(refused != AllowedRoles(endpoint).Contains(role), $"{role}: {Method(endpoint)} {Path(endpoint)}: {status} {body}");
            Assert.True((int)status < 500, $"{role}: {Method(endpoint)} {Path(endpoint)}: {status} {body}");
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "unknown-path")]
    [InlineData("GET", "/api/v1/orders/abc", HttpStatusCode.NotFound, "unknown-path")]
    [InlineData("DELETE", "/api/v1/nodes", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/api/v1/ports/events?limit=many", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("GET", "/api/v1/ports/events?limit=0", HttpStatusCode.UnprocessableEntity, null)]
    [InlineData("GET", "/api/v1/ports", HttpStatusCode.UnprocessableEntity, null)]
    [InlineData("GET", "/api/v1/nodes/a%0Ab", HttpStatusCode.NotFound, "unknown-node")]
    [InlineData("GET", "/api/v1/ports?switch=a%00b", HttpStatusCode.UnprocessableEntity, "unprintable-character")]
    [InlineData("POST", "/api/v1/nodes", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task What_cannot_be_asked_is_answered_with_a_problem(string method, string path, HttpStatusCode status, string? code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await fixture.Service.Administrator.SendAsync(request, _ct);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Problem(status, _ct);
        Assert.Equal(code ?? problem.Code, problem.Code);
    }

    private IEnumerable<RouteEndpoint> Endpoints() => fixture.Service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private List<RouteEndpoint> Guarded() => [.. Endpoints().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)];

    private static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Single() ?? "GET";

    private static IReadOnlyList<string> AllowedRoles(RouteEndpoint endpoint) =>
        [.. endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.Requirements.OfType<RolesAuthorizationRequirement>()).SelectMany(r => r.AllowedRoles).Distinct()];

    private async Task<(HttpStatusCode Status, string Body)> CallAsync(HttpClient client, RouteEndpoint endpoint)
    {
        var path = new[] { "{name}", "{ifName}", "{circuitId}" }.Aggregate(
            Path(endpoint).Replace("{id:long}", "4711", StringComparison.Ordinal), (path, variable) => path.Replace(variable, "nobody", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(Method(endpoint)), path);
        if (request.Method != HttpMethod.Get)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _ct);

        // A stream of events has no end.
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(_ct));
    }
}
