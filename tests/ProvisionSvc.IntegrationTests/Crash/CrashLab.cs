using System.Diagnostics;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>
/// A city in this process and the service in one of its own, which can be killed with -9 and started again in the same state directory, private
/// PostgreSQL and all.
/// </summary>
internal sealed class CrashLab : IAsyncDisposable
{
    /// <summary>Given as a setting, the service uses that database instead of a private one.</summary>
    public const string External = "--ConnectionStrings:Provision=";

    private readonly DirectoryInfo _folder;
    private readonly IReadOnlyList<string> _settings;
    private ServiceProcess? _service;

    private CrashLab(DirectoryInfo folder, LabHost city, IReadOnlyList<string> settings) => (_folder, City, _settings) = (folder, city, settings);

    public LabHost City { get; }

    public ServiceProcess Service => _service ?? throw new InvalidOperationException("The service does not run.");

    public HttpClient Api => Service.Administrator;

    public string StateDirectory => Path.Combine(_folder.FullName, "s");

    public string PostgresLog => Path.Combine(StateDirectory, "postgres", "postgres.log");

    /// <summary>Starts the city and the service, and takes every switch over. The switches answer each line after <paramref name="perLine"/>.</summary>
    public static async Task<CrashLab> StartAsync(int switches, TimeSpan perLine, CancellationToken ct, params IReadOnlyList<string> settings)
    {
        var missing = LabHost.WhyNoSsh();
        Requires.That(missing is null, missing ?? "");
        Requires.That(ProvisionSvc.Database.PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");
        var folder = PrivateDatabase.CreateFolder();
        var city = await LabHost.StartAsync(
            new LabOptions
            {
                StateDirectory = Path.Combine(folder.FullName, "lab"), InventoryDirectory = Path.Combine(folder.FullName, "inventory"),
                Switches = switches, Buildings = switches, Nodes = 1,
            },
            ct);
        var lab = new CrashLab(folder, city, settings);
        try
        {
            await lab.StartServiceAsync(ct);
            await lab.TakeOverAsync(ct);
            city.Control.Tell("*", new Fault.Slow(perLine));
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async Task StartServiceAsync(CancellationToken ct) => _service = await ServiceProcess.StartAloneAsync(
        StateDirectory, ct,
        ["--Provision:ManagementPrefixes:0=127.0.0.0/8", "--Lanes:LeaseTtl=00:00:03", "--Lanes:LeaseMargin=00:00:01", .. _settings]);

    /// <summary>kill -9; its PostgreSQL ends by itself.</summary>
    public async Task KillAsync()
    {
        await Service.KillAsync();
        await Service.DisposeAsync();
        _service = null;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        var code = await Service.TerminateAsync(ct);
        await Service.DisposeAsync();
        _service = null;
        return code;
    }

    /// <summary>The service's database, as its own role; only while it runs.</summary>
    public NpgsqlDataSource OpenDatabase() => NpgsqlDataSource.Create(
        _settings.FirstOrDefault(s => s.StartsWith(External, StringComparison.Ordinal))?[External.Length..] ?? PrivateDatabase.Of(StateDirectory, "provision"));

    /// <summary>The customer ports of a switch that carry nothing, in the switch's order.</summary>
    public IEnumerable<string> FreePorts(SimSwitch device)
    {
        var used = City.City.Services.Where(s => s.Switch == device.Name).Select(s => s.IfName).ToHashSet(StringComparer.Ordinal);
        return device.Model.Interfaces.Where(i => i.Role == PortRole.Customer && !used.Contains(i.Name)).Select(i => i.Name);
    }

    public PlaceOrderRequest Activation(SimSwitch device, string ifName, string circuit) => new()
    {
        ExternalId = circuit, Action = "activate", Service = circuit, Account = City.City.Accounts[0].Number,
        Building = device.Plan.Building, Switch = device.Name, IfName = ifName, RateDownMbps = 100, RateUpMbps = 50, Why = "crash test",
    };

    /// <summary>Follows an order until it is <c>completed</c>; another ending, or none in time, fails the test.</summary>
    public async Task<OrderView> CompletedAsync(long order, TimeSpan patience, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var view = await Api.GetAsync<OrderView>($"/api/v1/orders/{order}", ct);
            if (view.FinishedAt is not null || clock.Elapsed > patience)
            {
                Assert.True(view.State == "completed", $"Order {order} is {view.State}/{view.Reason}: {view.Items[0].Detail}\n{string.Join('\n', Service.Output)}");
                return view;
            }

            await Task.Delay(50, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            // Its PostgreSQL leaves the folder with it.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _service.TerminateAsync(patience.Token);
            await _service.DisposeAsync();
        }

        await City.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task TakeOverAsync(CancellationToken ct)
    {
        await Api.PutAsync<CredentialView>(
            "/api/v1/credentials/lab",
            new SetCredentialRequest
            {
                User = City.User, PrivateKey = await File.ReadAllTextAsync(City.PrivateKeyFile, ct),
                SnmpReadCommunity = City.ReadCommunity, SnmpWriteCommunity = City.WriteCommunity,
            },
            ct);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(City.InventoryDirectory!))
        {
            files[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, ct);
        }

        await Api.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, ct);
        var adopted = await Api.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, ct);
        Assert.All(adopted.Switches, s => Assert.True(s.Adopted, $"{s.Switch}: {s.Problem}"));
    }
}
