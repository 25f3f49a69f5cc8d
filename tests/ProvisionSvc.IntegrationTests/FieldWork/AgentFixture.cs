using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.FieldWork;

/// <summary>The service over a small simulated city's agents, imported with the credential that they answer to.</summary>
public sealed class AgentFixture(PostgresFixture postgres) : ServiceFixture(postgres), IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-field-");
    private LabHost? _lab;
    private bool _imported;

    public LabHost Lab => _lab ?? throw new InvalidOperationException("The lab was not started.");

    // Sweeps would ask the agents beside the tests.
    protected override IReadOnlyList<string> Settings =>
        ["--Provision:ManagementPrefixes:0=127.0.0.0/8", "--Provision:Role=api", "--FieldWork:MaxTime=00:00:05", "--FieldWork:MaxRows=2000", "--FieldWork:MaxOids=30"];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        await InitializeAsync();
        _lab = await LabHost.StartAsync(
            new LabOptions { StateDirectory = Path.Combine(_folder.FullName, "state"), Switches = 3, Buildings = 3, Nodes = 1, Ssh = false, InventoryDirectory = Path.Combine(_folder.FullName, "csv") }, ct);
    }

    /// <summary>Imports the city once; a test calls it because a fixture cannot skip.</summary>
    public async Task<RunningTestService> ReadyAsync(CancellationToken ct)
    {
        var service = Service;
        if (_imported)
        {
            return service;
        }

        await service.Administrator.PutAsync<CredentialView>(
            "/api/v1/credentials/lab", new SetCredentialRequest { User = "lab", Password = "unused", SnmpReadCommunity = Lab.ReadCommunity }, ct);
        var files = Directory.GetFiles(Lab.InventoryDirectory!).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);

        // A lab without sshd has no SSH port; nobody logs in here.
        files["switches.csv"] = files["switches.csv"].Replace($",{Lab.SnmpPort},0,", $",{Lab.SnmpPort},22,", StringComparison.Ordinal);
        await service.Administrator.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, ct);
        _imported = true;
        return service;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
