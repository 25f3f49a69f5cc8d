using System.Net;
using System.Text;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Api;

/// <summary>Bodies that are no order: each is answered with a problem that has a code and names every fault.</summary>
public sealed class BadBodyTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "malformed-json")]
    [InlineData("{", "malformed-json")]
    [InlineData("{}}", "malformed-json")]
    [InlineData("null", "malformed-json")]
    [InlineData("[]", "malformed-json")]
    [InlineData("\"activate\"", "malformed-json")]
    [InlineData("{'externalId': 'x'}", "malformed-json")]
    [InlineData("{\"externalId\": NaN}", "malformed-json")]
    [InlineData("\u0000", "malformed-json")]
    public async Task What_is_no_JSON_object_is_said_so(string body, string code) => Assert.Equal(code, Assert.Single((await RefusedAsync(body)).Faults).Code);

    [Fact]
    public async Task Deep_nesting_is_refused_not_followed() =>
        Assert.Equal("malformed-json", Assert.Single((await RefusedAsync(new string('[', 100_000))).Faults).Code);

    [Fact]
    public async Task Every_fault_is_said_at_once()
    {
        var problem = await RefusedAsync("""
            { "externalId": 7, "action": null, "ACTION": "activate", "rateDownMbps": "100", "vlan": 1.5, "price": 0, "vlan": 3, "requestedStart": "tomorrow", "rateEnforcedElsewhere": "no" }
            """);
        Assert.Equal("invalid-request", problem.Code);
        Assert.Equal(
            ["double-member vlan", "unknown-member ACTION", "unknown-member price", "wrong-type action", "wrong-type externalId", "wrong-type rateDownMbps",
                "wrong-type rateEnforcedElsewhere", "wrong-type requestedStart", "wrong-type vlan"],
            problem.Faults.Select(f => $"{f.Code} {f.Field}").Order(StringComparer.Ordinal));
        Assert.All(problem.Faults, f => Assert.NotEmpty(f.Message));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task Another_media_type_is_refused(string type)
    {
        using var content = new StringContent("{}", Encoding.UTF8, type);
        using var answer = await fixture.Service.Administrator.PostAsync("/api/v1/orders", content, _ct);
        Assert.Equal("unsupported-media-type", (await answer.Problem(HttpStatusCode.UnsupportedMediaType, _ct)).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_refused(bool chunked)
    {
        // Kestrel's own limit of 30 MB; only an import may be larger.
        using var content = new ByteArrayContent(new byte[31_000_000]);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        // Waits for the answer before it sends all, as curl does; the server hangs up on what it has refused.
        request.Headers.ExpectContinue = true;
        using var answer = await fixture.Service.Administrator.SendAsync(request, _ct);
        var problem = await answer.Problem(HttpStatusCode.RequestEntityTooLarge, _ct);
        Assert.Equal("too-large", problem.Code);
    }

    private async Task<ProblemView> RefusedAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await fixture.Service.Administrator.PostAsync("/api/v1/orders", content, _ct);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct);
        Assert.Equal("invalid-request", problem.Code);
        return problem;
    }
}
