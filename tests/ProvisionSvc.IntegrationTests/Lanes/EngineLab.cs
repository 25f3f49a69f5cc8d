using System.Net.Http.Json;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.Polling;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>
/// A city of simulated switches behind real sshd and SNMP, taken over by a running service: one for all tests of a class. Each test works on switches of its
/// own, so that what one does to its switch is nothing to the others.
/// </summary>
public class EngineLab(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-lab-");
    private LabHost? _lab;
    private RunningTestService? _service;
    private ExceptionDispatchInfo? _missing;
    private int _switchesGiven;

    public LabHost Lab => _lab ?? throw Missing();

    public RunningTestService Service => _service ?? throw Missing();

    public HttpClient Client => Service.Administrator;

    /// <summary>One building whose switches have most of their ports free.</summary>
    protected virtual (int Switches, int Buildings) Size => (12, 1);

    /// <summary>The families of its switches, dealt in turn.</summary>
    protected virtual IReadOnlyList<string> Families => ["huawei-vrp5"];

    /// <summary>Whether this switch is expected to be taken over.</summary>
    protected virtual bool IsAdopted(string switchName) => true;

    /// <summary>Settings beyond the ones that make everything quick; a later one wins.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    /// <summary>The city's only account that every test may use for lines of its own.</summary>
    public string Account => Lab.City.Accounts[0].Number;

    /// <summary>A switch that no other test of the class has been given.</summary>
    public string NextSwitch() => Lab.Switches[Interlocked.Increment(ref _switchesGiven) - 1].Name;

    /// <summary>The n-th customer port of the switch that carries nothing.</summary>
    public string FreePort(string switchName, int n = 0)
    {
        var taken = Lab.City.Services.Where(s => s.Switch == switchName).Select(s => s.IfName).ToHashSet();
        return Lab.Control.State(switchName).Ports.Where(p => p.Role == "customer" && !taken.Contains(p.IfName)).ElementAt(n).IfName;
    }

    /// <summary>The n-th line that was sold on the switch before it was taken over.</summary>
    public ProvisionSvc.DeviceLab.City.Service Sold(string switchName, int n = 0) => Lab.City.Services.Where(s => s.Switch == switchName).ElementAt(n);

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        try
        {
            Requires.That(LabHost.WhyNoSsh() is null, LabHost.WhyNoSsh() ?? "");
            _lab = await LabHost.StartAsync(
                new LabOptions
                {
                    StateDirectory = Path.Combine(_folder.FullName, "lab"), InventoryDirectory = Path.Combine(_folder.FullName, "inventory"),
                    Families = Families, Switches = Size.Switches, Buildings = Size.Buildings, Nodes = 1, OperLag = TimeSpan.FromMilliseconds(100),
                },
                ct);
            _service = await RunningTestService.StartAsync(postgres, ct, [.. Quick, .. Settings]);
            await SetCredentialAsync(await File.ReadAllTextAsync(Lab.PrivateKeyFile, ct), ct);
            await ImportAsync(ct);
            var adopted = await Client.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, ct);
            Assert.All(adopted.Switches.Where(s => IsAdopted(s.Switch)), s => Assert.True(s.Adopted, $"{s.Switch}: {s.Problem} {string.Join("; ", s.Differences)}"));
        }
        catch (Exception why) when (why is Xunit.Sdk.SkipException or Xunit.Sdk.FailException)
        {
            // A fixture cannot skip; the test that touches it can.
            _missing = ExceptionDispatchInfo.Capture(why);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>What the city's switches take.</summary>
    public virtual SetCredentialRequest Credential(string privateKey) =>
        new() { User = Lab.User, PrivateKey = privateKey, EnableSecret = Lab.EnableSecret, SnmpReadCommunity = Lab.ReadCommunity, SnmpWriteCommunity = Lab.WriteCommunity };

    public Task SetCredentialAsync(string privateKey, CancellationToken ct) => SetCredentialAsync(Credential(privateKey), ct);

    public Task<CredentialView> SetCredentialAsync(SetCredentialRequest request, CancellationToken ct) =>
        Client.PutAsync<CredentialView>("/api/v1/credentials/lab", request, ct);

    /// <summary>Reads every switch once, as a sweep does.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        await using (var db = await Service.Database.DataSource.OpenConnectionAsync(ct))
        {
            await PlanSweep.PlanAsync(db, TimeProvider.System.GetUtcNow(), Service.Get<IOptions<PollingOptions>>().Value, ct);
        }

        while (await ScalarAsync<bool>("select exists (select from sweep_shard where done_at is null)", ct))
        {
            await Task.Delay(50, ct);
        }
    }

    public async Task<OrderView> PlaceAsync(PlaceOrderRequest request, CancellationToken ct)
    {
        using var answer = await Client.PostAsJsonAsync("/api/v1/orders", request, ct);
        return await answer.Created<OrderView>(ct);
    }

    public Task<OrderView> OrderAsync(long id, CancellationToken ct) => Client.GetAsync<OrderView>($"/api/v1/orders/{id}", ct);

    /// <summary>Waits until the order is as wanted; shows the order where it never is.</summary>
    public async Task<OrderView> UntilAsync(long id, Func<OrderView, bool> wanted, CancellationToken ct, int seconds = 40)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds));
        var order = await OrderAsync(id, ct);
        while (!wanted(order))
        {
            Assert.False(patience.IsCancellationRequested, $"After {seconds} s the order is {Shown(order)}");
            await Task.Delay(50, ct);
            order = await OrderAsync(id, ct);
        }

        return order;
    }

    /// <summary>Waits for this state and reason; another end of the order fails at once.</summary>
    public async Task<OrderView> UntilAsync(long id, string state, string reason, CancellationToken ct, int seconds = 40)
    {
        var order = await UntilAsync(id, o => (o.State == state && o.Reason == reason) || o.FinishedAt is not null, ct, seconds);
        Assert.True(order.State == state && order.Reason == reason, $"Instead of {state}/{reason} the order is {Shown(order)}");
        return order;
    }

    public Task<OrderView> ProvenAsync(long id, CancellationToken ct, int seconds = 40) => UntilAsync(id, "completed", "proven", ct, seconds);

    /// <summary>Places the order and waits until it is completed, for one of these reasons (proven, where none is named).</summary>
    public async Task<OrderView> DoAsync(PlaceOrderRequest request, CancellationToken ct, params IReadOnlyList<string> reasons)
    {
        var order = await UntilAsync((await PlaceAsync(request, ct)).Id, o => o.FinishedAt is not null, ct);
        Assert.True(order.State == "completed" && (reasons.Count == 0 ? order.Reason == "proven" : reasons.Contains(order.Reason)), $"The order is {Shown(order)}");
        return order;
    }

    /// <summary>Whatever waits for its time is due now.</summary>
    public async Task HurryAsync(string switchName, CancellationToken ct)
    {
        await SqlAsync($"update order_item set not_before = now() where finished_at is null and switch_id = (select id from switch where name = '{switchName}')", ct);
        await SqlAsync($"update lane set due_at = now() where switch_id = (select id from switch where name = '{switchName}')", ct);
    }

    public async Task<IReadOnlyList<AlarmView>> AlarmsAsync(string about, CancellationToken ct) =>
        [.. (await Client.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", ct)).Where(a => a.What.Contains(about, StringComparison.Ordinal))];

    public async Task<int> SqlAsync(string sql, CancellationToken ct)
    {
        await using var command = Service.Database.DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = Service.Database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task ImportAsync(CancellationToken ct)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Lab.InventoryDirectory!, "*.csv"))
        {
            files[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, ct);
        }

        await Client.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, ct);
    }

    private static string Shown(OrderView order) =>
        $"{order.Action} {order.State}/{order.Reason} ({order.ReasonText}) {string.Join("; ", order.Items.Select(i => $"{i.IfName} {i.State}/{i.Reason} {i.Detail} attempts {i.Attempts}"))}";

    private static IReadOnlyList<string> Quick =>
    [
        "--Provision:ManagementPrefixes:0=127.0.0.0/8",
        "--Lanes:LeaseTtl=00:00:04", "--Lanes:LeaseMargin=00:00:01", "--Lanes:Sweep=00:00:00.2", "--Lanes:ProofPatience=00:00:02",
        "--Orders:DarkeningPerHour=10000", "--Orders:DarkeningPerBuilding=10000", "--Polling:Interval=01:00:00",
    ];

    private InvalidOperationException Missing()
    {
        _missing?.Throw();
        return new InvalidOperationException("The lab has not been started.");
    }
}

/// <summary>The same asked in SNMPv3: one user reads, another one writes.</summary>
public class V3EngineLab(PostgresFixture postgres) : EngineLab(postgres)
{
    public override SetCredentialRequest Credential(string privateKey) => new()
    {
        User = Lab.User, PrivateKey = privateKey, SnmpV3 = new() { Reader = User("lab-reader", Lab.V3Password), Writer = User("lab-writer", Lab.V3Password) },
    };

    public static SnmpUserRequest User(string name, string password) =>
        new() { User = name, AuthProtocol = "sha256", AuthPassword = password, PrivProtocol = "aes128", PrivPassword = password };
}

/// <summary>The same with two switches.</summary>
public sealed class SmallEngineLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (2, 1);
}
