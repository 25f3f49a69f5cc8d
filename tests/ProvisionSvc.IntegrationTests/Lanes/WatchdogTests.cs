using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>A worker whose lane loop hangs ends itself, for its supervisor to start it again (F52).</summary>
public sealed class WatchdogTests(PostgresFixture postgres)
{
    private static readonly string[] Quick = ["--Lanes:LeaseTtl=00:00:02", "--Lanes:LeaseMargin=00:00:00.5", "--Lanes:Sweep=00:00:00.2", "--Lanes:WatchdogAfter=00:00:04"];

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_without_a_thread_to_run_its_lanes_says_so_and_ends()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var state = Directory.CreateTempSubdirectory("provision-watchdog-");
        var starve = Path.Combine(state.FullName, "starve");
        try
        {
            await using var service = await ServiceProcess.StartAloneAsync(
                state.FullName, _ct, [.. RunningTestService.Arguments(database, state.FullName), .. Quick], token: null,
                new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(WatchdogTests).Assembly.Location, ["STARVE_WHEN"] = starve });
            await File.WriteAllTextAsync(starve, "", _ct);

            Assert.Equal(137, await service.EndAsync(_ct)); // SIGKILL: no orderly end, which would need the threads that are missing.
            Assert.Contains(service.Output, l => l.Contains("watchdog: the lane loop has been silent for", StringComparison.Ordinal));
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_worker_that_lives_is_left_alone()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var state = Directory.CreateTempSubdirectory("provision-watchdog-");
        try
        {
            await using var service = await ServiceProcess.StartAsync(database, state.FullName, _ct, Quick);
            await Task.Delay(TimeSpan.FromSeconds(7), _ct);
            using var answer = await service.Administrator.GetAsync("/readyz", _ct);
            Assert.True(answer.IsSuccessStatusCode);
            Assert.DoesNotContain(service.Output, l => l.Contains("watchdog", StringComparison.Ordinal));
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }
}
