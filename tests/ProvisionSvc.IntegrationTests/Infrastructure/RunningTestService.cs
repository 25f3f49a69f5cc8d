using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>The real service in this process, on a free loopback port, over a database and a state directory of its own.</summary>
public sealed class RunningTestService : IAsyncDisposable
{
    private readonly DirectoryInfo _state;
    private readonly IReadOnlyList<string> _settings;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private RunningService? _running;
    private HttpClient? _administrator;

    private RunningTestService(TestDatabase database, DirectoryInfo state, IReadOnlyList<string> settings)
    {
        Database = database;
        _state = state;
        _settings = settings;
    }

    public TestDatabase Database { get; }

    public string StateDirectory => _state.FullName;

    public Uri BaseAddress => new(Running.Application.Urls.First());

    /// <summary>Speaks with the administrator's token.</summary>
    public HttpClient Administrator => _administrator ?? throw new InvalidOperationException("The service is stopped.");

    /// <summary>The container of the running service, to look at what no endpoint shows.</summary>
    public IServiceProvider Services => Running.Application.Services;

    private RunningService Running => _running ?? throw new InvalidOperationException("The service is stopped.");

    /// <param name="settings">More command-line settings, e.g. <c>--Provision:ManagementPrefixes:0=127.0.0.0/8</c>; a later one wins.</param>
    public static async Task<RunningTestService> StartAsync(PostgresFixture postgres, CancellationToken ct, params IReadOnlyList<string> settings)
    {
        var database = await postgres.CreateDatabaseAsync(ct);
        var service = new RunningTestService(database, Directory.CreateTempSubdirectory("provision-state-"), settings);
        try
        {
            await service.StartAsync(ct);
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        return service;
    }

    /// <summary>Starts again after <see cref="StopAsync"/>: same database, same state directory, perhaps another port.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        _running = await ServiceHost.StartAsync([.. Arguments(Database, StateDirectory), .. _settings], ct);
        _administrator = Client((await File.ReadAllTextAsync(Path.Combine(StateDirectory, "admin.token"), ct)).Trim());
    }

    public async Task StopAsync()
    {
        _administrator?.Dispose();
        _administrator = null;
        if (_running is { } running)
        {
            _running = null;
            await running.DisposeAsync();
        }
    }

    public async Task RestartAsync(CancellationToken ct)
    {
        await StopAsync();
        await StartAsync(ct);
    }

    /// <summary>A client of another role; the token is made the first time.</summary>
    public async Task<HttpClient> ClientAsync(string role, CancellationToken ct, params IReadOnlyList<int> districts)
    {
        var name = $"test-{role}-{string.Join('-', districts)}";
        if (!_tokens.TryGetValue(name, out var token))
        {
            var request = new CreateTokenRequest { Name = name, Role = role, Districts = districts };
            using var answer = await Administrator.PostAsJsonAsync("/api/v1/tokens", request, ct);
            token = (await answer.Created<CreatedTokenView>(ct)).Token;
            _tokens[name] = token;
        }

        return Client(token);
    }

    /// <summary>A client with this token, or with none.</summary>
    public HttpClient Client(string? token) => new()
    {
        BaseAddress = BaseAddress,
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        _state.Delete(recursive: true);
    }

    /// <summary>The settings that every test service gets; also for one in a process of its own (<see cref="ServiceProcess"/>).</summary>
    internal static IReadOnlyList<string> Arguments(TestDatabase database, string stateDirectory) =>
    [
        "--urls=http://127.0.0.1:0",
        $"--ConnectionStrings:Provision={database.Service}",
        $"--ConnectionStrings:ProvisionOwner={database.Owner}",
        $"--Provision:StateDirectory={stateDirectory}",
        "--Lanes:WatchdogAfter=00:00:00", // It would end the process that the tests run in.
        "--Logging:LogLevel:Default=Warning",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning",
    ];
}
