using System.Net;
using System.Text.RegularExpressions;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Api;

/// <summary>The page at /docs asks nobody outside.</summary>
public sealed partial class DocsPageTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_and_all_that_it_names_come_from_here()
    {
        using var anybody = fixture.Service.Client(null);
        var page = await anybody.GetStringAsync("/docs/", _ct);
        Assert.DoesNotMatch(Outside(), page);
        var named = Named().Matches(page).Select(m => m.Groups["what"].Value).Append("favicon.svg").Distinct().ToList();
        Assert.Contains("scalar.js", named);
        foreach (var what in named)
        {
            using var answer = await anybody.GetAsync($"/docs/{what}", _ct);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"/docs/{what}: {answer.StatusCode}");
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(_ct));
        }

        // Where the page looks for the document, seen from /docs/.
        Assert.Contains("\"url\":\"openapi/v1.json\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browser_is_told_to_fetch_from_here_only()
    {
        using var anybody = fixture.Service.Client(null);
        using var answer = await anybody.GetAsync("/docs/", _ct);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?:|\\*", policy);
    }

    [GeneratedRegex(@"(https?:)?//[\w-]+(\.[\w-]+)+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Outside();

    [GeneratedRegex(@"(src|href)=""(?<what>[^""]+)""|from '\./(?<what>[^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
