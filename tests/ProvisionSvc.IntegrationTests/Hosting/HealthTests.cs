using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Hosting;

public sealed class HealthTests(ServiceFixture fixture, PostgresFixture postgres) : IClassFixture<ServiceFixture>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    public async Task The_doors_without_a_token_answer(string path)
    {
        using var anybody = fixture.Service.Client(null);
        using var answer = await anybody.GetAsync(path, _ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_first_token_is_an_administrator_and_its_file_is_for_its_owner_only()
    {
        var file = Path.Combine(fixture.Service.StateDirectory, "admin.token");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var tokens = await fixture.Service.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct);
        Assert.Contains(tokens, t => t is { Name: "administrator", Role: "administrator" });
    }

    [Fact]
    public async Task A_restart_keeps_tokens_and_data()
    {
        await using var service = await RunningTestService.StartAsync(postgres, _ct);
        using var before = await service.ClientAsync("auditor", _ct);
        await service.RestartAsync(_ct);
        using var after = await service.ClientAsync("auditor", _ct);
        Assert.NotEmpty(await after.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
    }

    [Fact]
    public async Task Killed_with_9_it_starts_again_in_the_same_state()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var state = Directory.CreateTempSubdirectory("provision-state-");
        await using (var first = await ServiceProcess.StartAsync(database, state.FullName, _ct))
        {
            await first.KillAsync();
        }

        await using (var second = await ServiceProcess.StartAsync(database, state.FullName, _ct))
        {
            Assert.NotEmpty(await second.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        }

        state.Delete(recursive: true);
    }
}
