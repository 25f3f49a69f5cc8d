using Microsoft.Extensions.Logging.Abstractions;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Database;

public sealed class PrivateClusterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("provision-cluster-");

    public ValueTask InitializeAsync()
    {
        Requires.That(PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");

        // The server runs as another user when we are root: it has to pass through.
        File.SetUnixFileMode(_state.FullName, (UnixFileMode)0b111_101_101);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _state.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_a_connection_string_it_brings_its_own_database_which_survives_kill_9()
    {
        await using var unused = await postgres.CreateDatabaseAsync(_ct);
        for (var start = 1; start <= 2; start++)
        {
            await using var service = await ServiceProcess.StartAsync(
                unused, _state.FullName, _ct, "--ConnectionStrings:Provision=", "--ConnectionStrings:ProvisionOwner=", "--Provision:ManagementPrefixes:0=127.0.0.0/8");
            var view = await SmallCity.Default.ImportAsync(service.Administrator, _ct);
            Assert.Equal(start == 1 ? 24 : 0, view.Counts.Single(c => c.Kind == "ports").Added);
            await service.KillAsync();
        }

        // The supervisor stops the server when the pipe from the killed service closes.
        var pid = Path.Combine(_state.FullName, "postgres", "data", "postmaster.pid");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (File.Exists(pid))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task A_folder_of_another_major_version_is_refused_in_one_sentence_and_left_as_it_is()
    {
        var data = Directory.CreateDirectory(Path.Combine(_state.FullName, "data"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "PG_VERSION"), "9\n", _ct);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PrivateCluster.StartAsync(_state.FullName, NullLogger.Instance, _ct));
        Assert.Contains("made by PostgreSQL 9", refused.Message);
        Assert.Contains("pg_upgrade", refused.Message);
        Assert.Single(data.GetFileSystemInfos());
    }

    [Fact]
    public async Task It_listens_on_no_network_and_its_socket_is_for_its_owner_only()
    {
        await using var cluster = await PrivateCluster.StartAsync(_state.FullName, NullLogger.Instance, _ct);
        await using var connection = new Npgsql.NpgsqlConnection(cluster.OwnerConnectionString("postgres"));
        await connection.OpenAsync(_ct);
        Assert.Equal("", await connection.FirstAsync($"select current_setting('listen_addresses') as a", r => r.Get<string>("a"), _ct));
        var sockets = await connection.FirstAsync($"select current_setting('unix_socket_directories') as a", r => r.Get<string>("a"), _ct);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(sockets!));
    }
}
