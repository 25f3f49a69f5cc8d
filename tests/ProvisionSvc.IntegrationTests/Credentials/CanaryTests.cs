using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>
/// I13, T15: a service at the most talkative log level does orders, failures and logins with wrong secrets, on switches of which some say our secrets back; then
/// everything it wrote anywhere is searched for each secret, in every dress.
/// </summary>
public sealed class CanaryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-canary-");
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly StringBuilder _answers = new();
    private LabHost? _lab;
    private ServiceProcess? _service;
    private NpgsqlDataSource? _database;

    private LabHost Lab => _lab!;

    private HttpClient Client => _service!.Administrator;

    [Fact]
    public async Task No_secret_is_in_an_answer_a_log_line_the_database_or_a_file_in_any_dress()
    {
        Requires.That(LabHost.WhyNoSsh() is null, LabHost.WhyNoSsh() ?? "");
        _lab = await LabHost.StartAsync(
            new LabOptions { StateDirectory = Path.Combine(_folder.FullName, "lab"), InventoryDirectory = Path.Combine(_folder.FullName, "inventory"), Switches = 7, Buildings = 1, Nodes = 1 }, _ct);
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        _database = database.DataSource;
        var state = Path.Combine(_folder.FullName, "state");
        _secrets["credential key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        IReadOnlyCollection<string> output;
        await using (_service = await ServiceProcess.StartAsync(
            database, state, _ct, "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Npgsql=Trace", "--Provision:ManagementPrefixes:0=127.0.0.0/8",
            "--Polling:Interval=00:00:02", "--Orders:DarkeningPerHour=1000", "--Orders:DarkeningPerBuilding=1000", "--Lanes:ProofPatience=00:00:02", $"--PROVISION_CREDENTIAL_KEY={_secrets["credential key"]}"))
        {
            await SetUpAsync();
            await WorkAsync();
            await GoWrongAsync();
            await LookAsync();
            output = _service.Output;
        }

        _secrets["administrator's token"] = (await File.ReadAllTextAsync(Path.Combine(state, "admin.token"), _ct)).Trim();
        var written = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["log"] = string.Join('\n', output), ["answers"] = _answers.ToString(), ["database"] = await database.DumpAsync(_ct), ["state directory"] = await FilesAsync(state),
        };

        // That much was said at all, and the hostile switches were heard.
        Assert.True(output.Count > 1000, "The log was not at trace level.");
        Assert.Contains("***", written["database"]);
        Assert.Contains("***", written["answers"]);
        Assert.Contains("refused the login", written["database"]);
        var found = (from secret in _secrets from place in written from dress in Dresses(secret.Value) where place.Value.Contains(dress, StringComparison.OrdinalIgnoreCase) select $"{secret.Key} in {place.Key}: {Around(place.Value, dress)}").ToList();
        Assert.True(found.Count == 0, string.Join("\n\n", found));
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>A secret with letters that URLs, JSON and HTML write otherwise.</summary>
    private string Canary(string what) => _secrets[what] = $"cAnary+{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}/&<{_secrets.Count}";

    private async Task SetUpAsync()
    {
        var key = await File.ReadAllTextAsync(Lab.PrivateKeyFile, _ct);
        _secrets["private key"] = key.Split('\n')[2];
        var reader = new SnmpUserRequest
        {
            User = "lab-reader", AuthProtocol = "sha256", AuthPassword = Canary("reader's auth password"), PrivProtocol = "aes128", PrivPassword = Canary("reader's priv password"),
        };
        var writer = new SnmpUserRequest
        {
            User = "lab-writer", AuthProtocol = "sha1", AuthPassword = Canary("writer's auth password"), PrivProtocol = "aes256", PrivPassword = Canary("writer's priv password"),
        };
        foreach (var one in Lab.Switches)
        {
            Lab.SetUsers(
                one.Name,
                new LabUser(new UsmUser("lab-reader", AuthProtocol.HmacSha256, reader.AuthPassword, PrivProtocol.Aes128, reader.PrivPassword!), MayWrite: false),
                new LabUser(new UsmUser("lab-writer", AuthProtocol.HmacSha1, writer.AuthPassword, PrivProtocol.Aes256, writer.PrivPassword!), MayWrite: true));
        }

        var credential = new SetCredentialRequest
        {
            User = Lab.User, PrivateKey = key, Password = Canary("password"), EnableSecret = Canary("enable secret"), SnmpV3 = new() { Reader = reader, Writer = writer },
        };
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/lab", credential, _ct));
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/v2c", credential with { SnmpV3 = null, SnmpReadCommunity = Canary("read community"), SnmpWriteCommunity = Canary("write community") }, _ct));
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/password", credential with { PrivateKey = null, Password = Canary("wrong password") }, _ct));
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/unreadable", credential with { PrivateKeyPassphrase = Canary("passphrase"), PrivateKey = $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Canary("broken key")}\n-----END OPENSSH PRIVATE KEY-----\n" }, _ct));
        var files = Directory.GetFiles(Lab.InventoryDirectory!, "*.csv").ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        await TellAsync(Client.PostAsJsonAsync("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, _ct));
        await TellAsync(Client.PostAsJsonAsync("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, _ct));

        // The one answer that shows a token is not kept.
        using var created = await Client.PostAsJsonAsync("/api/v1/tokens", new CreateTokenRequest { Name = "canary", Role = "sales" }, _ct);
        _secrets["token"] = (await created.Content.ReadFromJsonAsync<CreatedTokenView>(_ct))!.Token;
        using var sales = new HttpClient { BaseAddress = Client.BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", _secrets["token"]) } };
        await TellAsync(sales.GetAsync("/api/v1/switches", _ct));
        await TellAsync(sales.GetAsync("/api/v1/credentials", _ct));
        sales.DefaultRequestHeaders.Authorization = new("Bearer", Canary("no token at all").Replace("<", "", StringComparison.Ordinal));
        await TellAsync(sales.GetAsync("/api/v1/switches", _ct));
    }

    private async Task WorkAsync()
    {
        var name = Lab.Switches[0].Name;
        await SwitchAsync(name, "admin_status_by = 'snmp'");
        await OrderAsync(Place.Suspend(Sold(name)));
        await OrderAsync(Place.Resume(Sold(name)));
        await OrderAsync(Place.Suspend(Sold(Lab.Switches[1].Name)));

        // The next generation, which no switch takes.
        var next = new SetCredentialRequest
        {
            User = Lab.User, Password = Canary("next password"), SnmpV3 = new() { Reader = new() { User = "lab-reader", AuthProtocol = "sha512", AuthPassword = Canary("next auth password") } },
        };
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/lab", next, _ct));
        await TellAsync(Client.PostAsync("/api/v1/credentials/lab/prove", null, _ct));
        await TellAsync(Client.PostAsync("/api/v1/credentials/reseal", null, _ct));
        await TellAsync(Client.PostAsJsonAsync("/api/v1/credentials/lab/unlock", new UnlockCredentialRequest("for the test"), _ct));
    }

    private async Task GoWrongAsync()
    {
        // A hostile switch says our secrets back: as its words, in log lines, as a port's name.
        var hostile = Lab.Switches[2].Name;
        var said = $"Error: {_secrets["password"]} {_secrets["enable secret"]} {_secrets["reader's auth password"]} {_secrets["writer's priv password"]}";
        Lab.Control.EditPort(hostile, Port(hostile, 1), p => p with { Description = _secrets["password"] });
        Lab.Control.Tell(hostile, new Fault.LogLine(new Regex("display"), said));
        Lab.Control.Tell(hostile, new Fault.Reject(new Regex("^shutdown$"), said));
        await OrderAsync(Place.Suspend(Sold(hostile)));
        await OrderAsync(Place.Suspend(Sold(hostile, 1)));
        await TellAsync(Client.GetAsync($"/api/v1/ports?switch={hostile}&live=true", _ct));
        await TellAsync(Client.PostAsJsonAsync($"/api/v1/switches/{hostile}/snmp", new ReadAgentRequest { Operation = "table", Oids = ["ifAlias"] }, _ct));
        await TellAsync(Client.PostAsJsonAsync("/api/v1/orders?dryRun=true", Place.Suspend(Sold(hostile, 1)), _ct));
        var unsaved = Lab.Switches[3].Name;
        Lab.Control.Tell(unsaved, new Fault.SaveFails(said));
        await TellAsync(Client.PostAsJsonAsync("/api/v1/orders", Place.Suspend(Sold(unsaved)), _ct));

        // Wrong secrets, over each way.
        foreach (var (at, credential) in new[] { (4, "v2c"), (5, "password"), (6, "unreadable") })
        {
            var name = Lab.Switches[at].Name;
            await SwitchAsync(name, $"credential = '{credential}'");
            await TellAsync(Client.PostAsJsonAsync("/api/v1/orders", Place.Suspend(Sold(name)), _ct));
            await TellAsync(Client.PostAsJsonAsync($"/api/v1/switches/{name}/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysName.0"] }, _ct));
        }

        // What cannot be a credential, and what cannot be JSON.
        await TellAsync(Client.PutAsJsonAsync("/api/v1/credentials/lab", new { user = "u", password = new[] { Canary("misplaced") }, snmpReadCommunity = _secrets["misplaced"] + "\n", privateKey = _secrets["misplaced"] }, _ct));
        await TellAsync(Client.PutAsync("/api/v1/credentials/lab", new StringContent($"{{\"user\":\"u\",\"password\":\"{_secrets["misplaced"]}", Encoding.UTF8, "application/json"), _ct));
        await UntilAsync("select count(distinct reason) >= 2 from order_item where state in ('held', 'inProgress') and reason in ('credential', 'unsaved')");
    }

    private async Task LookAsync()
    {
        var orders = (await Client.GetAsync<OrderListView>("/api/v1/orders?limit=100", _ct)).Orders.Select(o => $"/api/v1/orders/{o.Id}");
        string[] paths = ["credentials", "credentials/lab", "tokens", "switches", "orders", "drift", "nodes", "alarms", "alarms?open=true"];
        var ports = Lab.Switches.SelectMany(s => new[] { $"/api/v1/ports?switch={s.Name}", $"/api/v1/ports/events?switch={s.Name}" });
        foreach (var path in paths.Select(p => $"/api/v1/{p}").Concat(orders).Concat(ports).Append("/metrics"))
        {
            await TellAsync(Client.GetAsync(path, _ct));
        }
    }

    private string Sold(string name, int n = 0) => Lab.City.Services.Where(s => s.Switch == name).ElementAt(n).CircuitId;

    private string Port(string name, int n) => Lab.City.Services.Where(s => s.Switch == name).ElementAt(n).IfName;

    private async Task SwitchAsync(string name, string set)
    {
        await using var command = _database!.CreateCommand($"update switch set {set} where name = '{name}'");
        await command.ExecuteNonQueryAsync(_ct);
    }

    /// <summary>Places the order, and waits until it is done one way or another.</summary>
    private async Task OrderAsync(PlaceOrderRequest request)
    {
        using var answer = await Client.PostAsJsonAsync("/api/v1/orders", request, _ct);
        var id = (await answer.Created<OrderView>(_ct)).Id;
        await UntilAsync($"select finished_at is not null or state = 'held' from service_order where id = {id}");
    }

    private async Task UntilAsync(string sql)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var command = _database!.CreateCommand(sql);
            if (await command.ExecuteScalarAsync(_ct) is true)
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"Never true: {sql}");
            await Task.Delay(50, _ct);
        }
    }

    private async Task TellAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        _answers.AppendLine(answer.Headers.ToString()).AppendLine(await answer.Content.ReadAsStringAsync(_ct));
    }

    /// <summary>Everything the service keeps beside the database, but for the token that it gave to its administrator.</summary>
    private static async Task<string> FilesAsync(string directory)
    {
        var texts = new StringBuilder();
        foreach (var file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "admin.token"))
        {
            texts.AppendLine(file).AppendLine(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        return texts.ToString();
    }

    /// <summary>Plain, as URLs and JSON write it, in hex, and in base64 at each of the three offsets (without the characters that neighbours would change).</summary>
    private static IEnumerable<string> Dresses(string secret)
    {
        var octets = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return System.Net.WebUtility.HtmlEncode(secret);
        yield return JsonSerializer.Serialize(secret)[1..^1];
        yield return Convert.ToHexString(octets);
        for (var offset = 0; offset < 3; offset++)
        {
            yield return Convert.ToBase64String([.. new byte[offset], .. octets])[(offset == 0 ? 0 : 4)..^4];
        }
    }

    private static string Around(string text, string found)
    {
        var at = text.IndexOf(found, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 100)..Math.Min(text.Length, at + found.Length + 60)];
    }
}
