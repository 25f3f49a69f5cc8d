using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>T20: kill -9 in every step from one generation to the next; all switches are reached after each.</summary>
public sealed class RotationKillTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Switches = 8;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-rotation-");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private LabHost? _lab;
    private TestDatabase? _database;
    private ServiceProcess? _service;

    private LabHost Lab => _lab!;

    private ServiceProcess Service => _service!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Both_generations_stay_usable_whenever_the_service_is_killed()
    {
        Requires.That(LabHost.WhyNoSsh() is null, LabHost.WhyNoSsh() ?? "");
        _lab = await LabHost.StartAsync(
            new LabOptions { StateDirectory = Path.Combine(_folder.FullName, "lab"), InventoryDirectory = Path.Combine(_folder.FullName, "inventory"), Switches = Switches, Buildings = 1, Nodes = 1 }, _ct);
        _database = await postgres.CreateDatabaseAsync(_ct);
        await StartAsync();
        await SetAsync(Lab.V3Password);
        var files = Directory.GetFiles(Lab.InventoryDirectory!, "*.csv").ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        await Service.Administrator.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, _ct);
        await AllAnswerAsync();
        Assert.Equal(Switches, (await ProveAsync()).Proven);

        // The next one is set.
        await SetAsync("the-next-secret");
        await KillAsync();
        await AllAnswerAsync();
        Assert.Equal([1, 2], (await ShowAsync()).Generations.Select(g => g.Generation));

        // Half of the switches are changed, and it dies amid the proof.
        Change(Lab.Switches.Take(Switches / 2));
        var proving = Service.Administrator.PostAsync("/api/v1/credentials/lab/prove", null, _ct);
        await UntilAsync($"select exists (select from switch_credential where generation = 2)");
        await KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => proving);
        await AllAnswerAsync();
        Assert.Equal([1, 2], (await ShowAsync()).Generations.Select(g => g.Generation));

        // The other half, and it dies amid that.
        Change(Lab.Switches.Skip(Switches / 2));
        await UntilAsync($"select (select count(*) from switch_credential where generation = 2 and channel = 'snmp') > {Switches / 2}");
        await KillAsync();
        await AllAnswerAsync();

        // The proof retires the old one, and it dies at once.
        var proof = await ProveAsync();
        await KillAsync();
        Assert.Equal((Switches, 2), (proof.Proven, proof.Credential.Generation));
        await AllAnswerAsync();
        Assert.Equal(2, Assert.Single((await ShowAsync()).Generations).Generation);
        Assert.Empty(await Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct));
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartAsync() => _service = await ServiceProcess.StartAsync(
        _database!, Path.Combine(_folder.FullName, "state"), _ct, "--Provision:ManagementPrefixes:0=127.0.0.0/8", "--Polling:Interval=00:00:01", "--Polling:ShardPatience=00:00:03");

    private async Task KillAsync()
    {
        await Service.KillAsync();
        await Service.DisposeAsync();
        await StartAsync();
    }

    private async Task SetAsync(string password) => await Service.Administrator.PutAsync<CredentialView>(
        "/api/v1/credentials/lab",
        new SetCredentialRequest
        {
            User = Lab.User, PrivateKey = await File.ReadAllTextAsync(Lab.PrivateKeyFile, _ct),
            SnmpV3 = new() { Reader = V3EngineLab.User("lab-reader", password), Writer = V3EngineLab.User("lab-writer", password) },
        },
        _ct);

    private void Change(IEnumerable<ProvisionSvc.DeviceLab.Switches.SimSwitch> switches)
    {
        foreach (var one in switches)
        {
            Lab.SetUsers(one.Name, RotationTests.Users("the-next-secret"));
        }
    }

    private Task<CredentialView> ShowAsync() => Service.Administrator.GetAsync<CredentialView>("/api/v1/credentials/lab", _ct);

    private async Task<CredentialProofView> ProveAsync()
    {
        using var answer = await Service.Administrator.PostAsync("/api/v1/credentials/lab/prove", null, _ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<CredentialProofView>(_ct))!;
    }

    /// <summary>Every switch has answered a sweep that began after now.</summary>
    private async Task AllAnswerAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await UntilAsync($"select count(*) = {Switches} from switch where last_answer_at > '{now:O}' and misses = 0");
    }

    private async Task UntilAsync(string sql)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            await using var command = _database!.DataSource.CreateCommand(sql);
            if ((bool)(await command.ExecuteScalarAsync(_ct))!)
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"Never true: {sql}\n{string.Join('\n', Service.Output.TakeLast(20))}");
            await Task.Delay(20, _ct);
        }
    }
}
