using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Crash;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Chaos;

/// <summary>
/// A city in this process, one PostgreSQL, an API process and several worker processes, each behind a way to the database of its own: everything that the
/// contract says may break can be broken alone.
/// </summary>
internal sealed class ChaosLab : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly string _postgres;
    private readonly List<Member> _workers = [];
    private PrivateCluster _cluster;
    private Member? _api;

    private ChaosLab(DirectoryInfo folder, string postgres, PrivateCluster cluster, LabHost city, NpgsqlDataSource database) =>
        (_folder, _postgres, _cluster, City, Database) = (folder, postgres, cluster, city, database);

    public LabHost City { get; }

    /// <summary>Straight to the server, past every fault of the ways there.</summary>
    public NpgsqlDataSource Database { get; }

    public Member Api => _api ?? throw new InvalidOperationException("The API has not been started.");

    public IReadOnlyList<Member> Workers => _workers;

    public IEnumerable<Member> Members => [Api, .. _workers];

    public static async Task<ChaosLab> StartAsync(int switches, int workers, IReadOnlyDictionary<string, string>? workerEnvironment, CancellationToken ct)
    {
        var missing = LabHost.WhyNoSsh();
        Requires.That(missing is null, missing ?? "");
        Requires.That(PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");
        var folder = PrivateDatabase.CreateFolder();
        var postgres = Path.Combine(folder.FullName, "pg");
        var cluster = await PrivateCluster.StartAsync(postgres, NullLogger.Instance, ct);
        await cluster.CreateDatabaseAsync("provision", null, ct);
        var city = await LabHost.StartAsync(
            new LabOptions
            {
                StateDirectory = Path.Combine(folder.FullName, "lab"), InventoryDirectory = Path.Combine(folder.FullName, "inventory"),
                Switches = switches, Buildings = Math.Max(1, switches / 2), Nodes = 1, OperLag = TimeSpan.FromMilliseconds(200),
            },
            ct);
        var lab = new ChaosLab(folder, postgres, cluster, city, NpgsqlDataSource.Create(cluster.ServiceConnectionString()));
        try
        {
            lab._api = lab.NewMember("api", null);
            await lab._api.StartAsync(ct);
            await lab.TakeOverAsync(ct);
            for (var i = 1; i <= workers; i++)
            {
                lab._workers.Add(lab.NewMember($"worker{i}", workerEnvironment));
            }

            await Task.WhenAll(lab._workers.Select(w => w.StartAsync(ct)));
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGQUIT to the postmaster: no checkpoint, no goodbye; then the server is started again.</summary>
    public async Task StopDatabaseAsync(TimeSpan down, CancellationToken ct)
    {
        PrivateDatabase.Signal(PrivateDatabase.PostmasterOf(_postgres)!.Value, "QUIT");
        await _cluster.DisposeAsync();
        await Task.Delay(down, ct);
        _cluster = await PrivateCluster.StartAsync(_postgres, NullLogger.Instance, ct);
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _api is null ? _workers : [.. Members])
        {
            await member.DisposeAsync();
        }

        await Database.DisposeAsync();
        await City.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Member NewMember(string name, IReadOnlyDictionary<string, string>? environment)
    {
        var service = new CommitCutter(_cluster.ServiceConnectionString(), name.Sum(c => c));
        var owner = new NpgsqlConnectionStringBuilder(service.ConnectionString) { Username = new NpgsqlConnectionStringBuilder(_cluster.OwnerConnectionString()).Username };
        return new Member(
            name, service, Path.Combine(_folder.FullName, name),
            [
                $"--Provision:Role={(_api is null ? "api" : "worker")}", $"{CrashLab.External}{service.ConnectionString}", $"--ConnectionStrings:ProvisionOwner={owner.ConnectionString}",
                $"--Provision:CredentialKeyFile={Path.Combine(_folder.FullName, "credentials.key")}", "--Provision:ManagementPrefixes:0=127.0.0.0/8",
                "--Lanes:LeaseTtl=00:00:03", "--Lanes:LeaseMargin=00:00:01", "--Lanes:Sweep=00:00:00.5", "--Lanes:ProofPatience=00:00:04", "--Polling:Interval=01:00:00",
                "--Orders:DarkeningPerHour=100000", "--Orders:DarkeningPerBuilding=100000",

                // An item that is hit by chance again and again is not to be mistaken for one that kills its worker (F48 has tests of its own).
                "--Lanes:MaxCrashes=100",
            ],
            _api, environment);
    }

    private async Task TakeOverAsync(CancellationToken ct)
    {
        var api = Api.Client;
        await api.PutAsync<CredentialView>(
            "/api/v1/credentials/lab",
            new SetCredentialRequest
            {
                User = City.User, PrivateKey = await File.ReadAllTextAsync(City.PrivateKeyFile, ct), SnmpReadCommunity = City.ReadCommunity, SnmpWriteCommunity = City.WriteCommunity,
            },
            ct);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(City.InventoryDirectory!))
        {
            files[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, ct);
        }

        await api.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, ct);
        var adopted = await api.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, ct);
        Assert.All(adopted.Switches, s => Assert.True(s.Adopted, $"{s.Switch}: {s.Problem}"));
    }
}

/// <summary>A process of the service with its own way to the database; it is started again when it has ended.</summary>
internal sealed class Member(
    string name, CommitCutter database, string stateDirectory, IReadOnlyList<string> settings, Member? api, IReadOnlyDictionary<string, string>? environment) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private ServiceProcess? _process;

    public string Name => name;

    public CommitCutter Database => database;

    /// <summary>Failpoints and the like; without them from the next start on.</summary>
    public bool IsSpared { get; set; }

    public int Started { get; private set; }

    public HttpClient Client => _process?.Administrator ?? throw new InvalidOperationException($"{name} does not run.");

    public IReadOnlyCollection<string> Output => _process?.Output ?? [];

    /// <summary>Starts it unless it runs; tries again where the database is away.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            while (_process is null || _process.HasExited)
            {
                if (_process is { } ended)
                {
                    _process = null;
                    await ended.DisposeAsync();
                }

                try
                {
                    var token = api is null ? null : await File.ReadAllTextAsync(Path.Combine(api.StateDirectory, "admin.token"), ct);
                    _process = await ServiceProcess.StartAloneAsync(stateDirectory, ct, settings, token, IsSpared ? null : environment);
                    Started++;
                }
                catch (InvalidOperationException)
                {
                    // It ended at the start: no database yet, or a failpoint.
                    await Task.Delay(200, ct);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public string StateDirectory => stateDirectory;

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_process is { HasExited: false } running)
            {
                await running.KillAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public int ProcessId => _process?.ProcessId ?? throw new InvalidOperationException($"{name} does not run.");

    public Task SignalAsync(string signal, CancellationToken ct) => _process?.SignalAsync(signal, ct) ?? throw new InvalidOperationException($"{name} does not run.");

    public async Task PauseAsync(TimeSpan time, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_process is { HasExited: false } running)
            {
                await running.SignalAsync("STOP", ct);
                await Task.Delay(time, ct);
                await running.SignalAsync("CONT", ct);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await database.DisposeAsync();
        _turn.Dispose();
    }
}
