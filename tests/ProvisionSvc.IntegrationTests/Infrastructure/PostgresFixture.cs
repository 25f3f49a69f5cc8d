using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>
/// One private PostgreSQL for the whole test run, started by the first test that needs it. A template database is migrated once; every
/// <see cref="CreateDatabaseAsync"/> copies it (about 15 ms).
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "provision_template";

    private readonly SemaphoreSlim _starting = new(1);
    private DirectoryInfo? _folder;
    private PrivateCluster? _cluster;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A fresh, migrated, empty database. Skips or fails the test where no PostgreSQL server is installed.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken ct)
    {
        Requires.That(PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");
        var cluster = await StartedAsync(ct);
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await cluster.CreateDatabaseAsync(name, Template, ct);
        return new TestDatabase(name, cluster.OwnerConnectionString(name), cluster.ServiceConnectionString(name), cluster.OwnerConnectionString("postgres"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _folder?.Delete(recursive: true);
        _starting.Dispose();
    }

    private async Task<PrivateCluster> StartedAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_cluster is null)
            {
                _folder = Directory.CreateTempSubdirectory("provision-pg-");
                _cluster = await PrivateCluster.StartAsync(_folder.FullName, NullLogger.Instance, ct);
                await _cluster.CreateDatabaseAsync(Template, null, ct);
                await Migrate.RunAsync(_cluster.OwnerConnectionString(Template), NullLogger.Instance, ct);

                // A template is copied only while nobody is connected to it.
                NpgsqlConnection.ClearAllPools();
            }

            return _cluster;
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>A database of one test class. Disposing drops it, whoever is still connected.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _administration;

    internal TestDatabase(string name, string owner, string service, string administration)
    {
        Name = name;
        Owner = owner;
        Service = service;
        _administration = administration;
        DataSource = NpgsqlDataSource.Create(service);
    }

    public string Name { get; }

    /// <summary>Connection string of the role that owns the schema.</summary>
    public string Owner { get; }

    /// <summary>Connection string of the role that the service runs as.</summary>
    public string Service { get; }

    /// <summary>Connections as the service's role.</summary>
    public NpgsqlDataSource DataSource { get; }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await using var connection = new NpgsqlConnection(_administration);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"drop database {Name} with (force)", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
