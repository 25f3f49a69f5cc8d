using System.Diagnostics;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>The service with a private PostgreSQL: every way in which the two may end and start.</summary>
public sealed class PrivateClusterTests(ITestOutputHelper output) : IDisposable
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _folder = PrivateDatabase.CreateFolder();

    private string State => Path.Combine(_folder.FullName, "s");

    private string TokenFile => Path.Combine(State, "admin.token");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Killed_with_9_its_PostgreSQL_stops_cleanly_and_a_start_at_once_works()
    {
        await using (var first = await StartAsync())
        {
            await first.KillAsync();
        }

        var clock = Stopwatch.StartNew();
        await using var second = await StartAsync();
        output.WriteLine($"up again {clock.Elapsed.TotalSeconds:F1} s after kill -9");
        Assert.NotEmpty(await second.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        var log = await File.ReadAllTextAsync(PrivateDatabase.LogOf(State), _ct);
        Assert.Contains("database system is shut down", log);
        Assert.DoesNotContain("not properly shut down", log);
        await StopAsync(second);
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_0_and_leaves_no_process()
    {
        await using var service = await StartAsync();
        var tree = PrivateDatabase.TreeOf(service.ProcessId);
        Assert.Contains(PrivateDatabase.PostmasterOf(Path.Combine(State, "postgres"))!.Value, tree);
        Assert.Equal(0, await service.TerminateAsync(_ct));
        Assert.DoesNotContain(tree, PrivateDatabase.IsAlive);
        Assert.Null(PrivateDatabase.PostmasterOf(Path.Combine(State, "postgres")));
        Assert.DoesNotContain(service.Output, l => l.Contains("fail:", StringComparison.Ordinal) || l.Contains("Unhandled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_service_in_the_same_state_directory_is_refused_in_one_sentence_at_once()
    {
        await using var first = await StartAsync();
        var clock = Stopwatch.StartNew();
        var said = await RefusedAsync();
        Assert.Contains("in use", said);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed} to say so.");
        Assert.NotEmpty(await first.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        await StopAsync(first);
    }

    [Fact]
    public async Task A_data_folder_of_another_major_version_is_refused_in_one_sentence()
    {
        await using (var first = await StartAsync())
        {
            await StopAsync(first);
        }

        var version = Path.Combine(State, "postgres", "data", "PG_VERSION");
        var own = await File.ReadAllTextAsync(version, _ct);
        await File.WriteAllTextAsync(version, "9\n", _ct);
        var said = await RefusedAsync();
        Assert.Contains("was made by PostgreSQL 9", said);
        Assert.Contains("pg_upgrade", said);

        await File.WriteAllTextAsync(version, own, _ct);
        await using var again = await StartAsync();
        await StopAsync(again);
    }

    [Fact]
    public async Task A_pid_file_left_by_a_machine_that_lost_power_does_not_keep_it_from_starting()
    {
        await using (var first = await StartAsync())
        {
            await StopAsync(first);
        }

        // The number belongs to somebody else now: this test.
        var file = Path.Combine(State, "postgres", "data", "postmaster.pid");
        await File.WriteAllTextAsync(file, $"{Environment.ProcessId}\n{Path.GetDirectoryName(file)}\n1700000000\n5432\n\n\n", _ct);
        await using var again = await StartAsync();
        await StopAsync(again);
    }

    [Fact]
    public async Task Killed_while_it_makes_its_database_it_makes_another_one()
    {
        var starting = StartAsync();
        var postgres = Path.Combine(State, "postgres");
        int? victim = null;
        while (victim is null && !starting.IsCompleted)
        {
            await Task.Delay(5, _ct);
            victim = Directory.Exists(postgres) && Directory.GetDirectories(postgres, "data*").Length > 0
                ? PrivateDatabase.TreeOf(Environment.ProcessId).FirstOrDefault(IsThisService)
                : null;
        }

        Assert.NotNull(victim);
        PrivateDatabase.Signal(victim.Value, "KILL");
        await Assert.ThrowsAsync<InvalidOperationException>(() => starting);
        await using var service = await StartAsync();
        Assert.NotEmpty(await service.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        await StopAsync(service);

        bool IsThisService(int pid) =>
            pid != Environment.ProcessId && File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").Contains($"StateDirectory={State}\0", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_state_directory_works_too_and_leaves_nothing_elsewhere()
    {
        string[] StandIns() => [.. Directory.GetDirectories("/run", "provision-*"), .. Directory.GetDirectories(Path.GetTempPath(), "provision-????????????")];
        var before = StandIns();
        var state = Path.Combine(_folder.FullName, new string('d', 60), new string('e', 60));
        await using var service = await ServiceProcess.StartAloneAsync(state, _ct);
        Assert.NotEmpty(await service.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        var standIn = Assert.Single(StandIns().Except(before), d => Directory.GetFileSystemEntries(d, ".s.PGSQL*").Length > 0);
        await StopAsync(service);
        Assert.False(Directory.Exists(standIn));
    }

    [Fact]
    public async Task The_service_runs_as_a_role_that_owns_nothing()
    {
        await using var service = await StartAsync();
        Assert.NotEmpty(await service.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct));
        await using (var owner = new NpgsqlConnection(PrivateDatabase.Of(State, "provision_owner")))
        {
            await owner.OpenAsync(_ct);
            var users = await owner.QueryAsync(
                $"select distinct usename::text as name from pg_stat_activity where application_name = 'provisionsvc' and datname = 'provision'",
                r => r.Get<string>("name"), _ct);
            Assert.Equal("provision", Assert.Single(users));
            var owned = await owner.QueryAsync(
                $"select c.relname::text as name from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ('provision', 'provision_service')", r => r.Get<string>("name"), _ct);
            Assert.Empty(owned);
        }

        await StopAsync(service);
    }

    [Fact]
    public async Task The_first_start_alone_writes_the_administrator_token_for_its_owner_only()
    {
        string token;
        await using (var first = await StartAsync())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
            token = await File.ReadAllTextAsync(TokenFile, _ct);
            Assert.DoesNotContain(first.Output, l => l.Contains(token.Trim(), StringComparison.Ordinal));
            await StopAsync(first);
        }

        await using (var second = await StartAsync())
        {
            Assert.Equal(token, await File.ReadAllTextAsync(TokenFile, _ct));
            File.Delete(TokenFile);
            await StopAsync(second);
        }

        // Without the file nobody reads a token from it: this start only has to come up.
        await using var third = await StartAsync(token);
        Assert.False(File.Exists(TokenFile));
        Assert.Equal("administrator", Assert.Single(await third.Administrator.GetAsync<IReadOnlyList<TokenView>>("/api/v1/tokens", _ct)).Name);
        await StopAsync(third);
    }

    private Task<ServiceProcess> StartAsync(string? token = null)
    {
        Requires.That(PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");
        return ServiceProcess.StartAloneAsync(State, _ct, token: token);
    }

    private async Task StopAsync(ServiceProcess service) => Assert.Equal(0, await service.TerminateAsync(_ct));

    /// <summary>Starts what must not start; returns what it said, which is one line.</summary>
    private async Task<string> RefusedAsync()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync());
        var said = Assert.Single(refused.Message.Split('\n'), l => l.Contains("provisionsvc does not start:", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        output.WriteLine(said);
        return said;
    }
}
