using System.Text.Json;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Api;

/// <summary>The API's document: committed, and good enough to make a client from.</summary>
public sealed class OpenApiTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private static readonly string[] Tags =
        ["Alarms", "Audit", "Billing", "Configurations", "Credentials", "Events", "Field work", "Inventory", "Orders", "Qualification", "Scheduling", "Templates", "Tokens"];

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_committed_document_is_what_the_service_says()
    {
        var said = (await DocumentTextAsync()).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var committed = Checkout.File("docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("PROVISION_UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(committed, said, _ct);
            return;
        }

        var kept = File.Exists(committed) ? await File.ReadAllTextAsync(committed, _ct) : "";
        if (said != kept)
        {
            var beside = Path.Combine(AppContext.BaseDirectory, "openapi.json");
            await File.WriteAllTextAsync(beside, said, _ct);
            Assert.Fail($"docs/openapi.json is not what the service says. Run eng/openapi.sh, look at the difference and commit it. The service's own: {beside}");
        }
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_the_tag_of_its_slice()
    {
        var operations = await OperationsAsync();
        Assert.All(operations, o =>
        {
            Assert.Matches("^[a-z][A-Za-z]+$", Text(o.Value, "operationId"));
            Assert.NotEmpty(Text(o.Value, "summary"));
            Assert.Contains(Assert.Single(o.Value.GetProperty("tags").EnumerateArray()).GetString(), Tags);
        });
        Assert.Distinct(operations.Select(o => Text(o.Value, "operationId")));
        Assert.Equal(Tags, operations.Select(o => o.Value.GetProperty("tags")[0].GetString()!).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_how_it_succeeds_and_how_it_refuses()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            var responses = operation.GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => r.Value);
            Assert.True(responses.Keys.Any(s => s[0] == '2'), $"{name} never succeeds");
            var expected = new List<string> { "401", "503" };
            if (operation.TryGetProperty("requestBody", out _))
            {
                expected.AddRange(["413", "415", "422"]);
            }

            if (name.Contains('{') && !name.StartsWith("put /api/v1/credentials/", StringComparison.Ordinal))
            {
                expected.Add("404");
            }

            Assert.True(expected.TrueForAll(responses.ContainsKey), $"{name} says {string.Join(' ', responses.Keys)}, not {string.Join(' ', expected.Where(e => !responses.ContainsKey(e)))}");
            Assert.All(responses.Where(r => r.Key[0] is '4' or '5'), r => Assert.Equal(
                "#/components/schemas/ProblemView",
                r.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString()));
            Assert.All(responses.Where(r => r.Key is "200" or "201"), r => Assert.True(r.Value.TryGetProperty("content", out _), $"{name} does not say what {r.Key} holds"));
        }
    }

    [Fact]
    public async Task Every_request_member_is_explained_or_named_so_that_it_explains_itself_and_numbers_are_numbers()
    {
        using var document = JsonDocument.Parse(await DocumentTextAsync());
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        var order = schemas.GetProperty("PlaceOrderRequest");
        Assert.All(order.GetProperty("properties").EnumerateObject(), p => Assert.True(p.Value.TryGetProperty("description", out _), $"{p.Name} is not explained"));
        Assert.Equal(["externalId", "action"], order.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        var strange = schemas.EnumerateObject()
            .Where(s => s.Value.TryGetProperty("properties", out _))
            .SelectMany(s => s.Value.GetProperty("properties").EnumerateObject().Select(p => (Name: $"{s.Name}.{p.Name}", p.Value)))
            .Where(p => p.Value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array
                && type.EnumerateArray().Select(t => t.GetString()).Contains("string") && type.EnumerateArray().Any(t => t.GetString() is "integer" or "number"))
            .Select(p => p.Name);
        Assert.Empty(strange);
        Assert.All(schemas.EnumerateObject(), s => Assert.True(s.Value.TryGetProperty("description", out _), $"{s.Name} is not explained"));
    }

    private static string Text(JsonElement operation, string member) => operation.TryGetProperty(member, out var text) ? text.GetString() ?? "" : "";

    private async Task<string> DocumentTextAsync()
    {
        using var anybody = fixture.Service.Client(null);
        return await anybody.GetStringAsync("/openapi/v1.json", _ct);
    }

    private async Task<List<(string Name, JsonElement Value)>> OperationsAsync()
    {
        using var document = JsonDocument.Parse(await DocumentTextAsync());
        return [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name} {p.Name}", o.Value.Clone())))];
    }
}
