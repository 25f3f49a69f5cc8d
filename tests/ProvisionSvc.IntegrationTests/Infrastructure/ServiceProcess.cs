using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>The service as a process of its own: its whole output is kept, and it can be killed with -9.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process, string stateDirectory)
    {
        _process = process;
        StateDirectory = stateDirectory;
    }

    public string StateDirectory { get; }

    /// <summary>Speaks with the administrator's token.</summary>
    public HttpClient Administrator { get; } = new();

    public int ProcessId => _process.Id;

    /// <summary>Every line written to standard output and error so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts and waits until it listens. The state directory belongs to the caller, who may start again in it.</summary>
    /// <param name="settings">More command-line settings; a later one wins.</param>
    public static Task<ServiceProcess> StartAsync(TestDatabase database, string stateDirectory, CancellationToken ct, params IReadOnlyList<string> settings) =>
        StartAsync([.. RunningTestService.Arguments(database, stateDirectory), .. settings], stateDirectory, ct);

    /// <summary>Starts with a private PostgreSQL in the state directory and waits until it listens.</summary>
    /// <param name="token">The administrator's token, where its file is gone.</param>
    /// <param name="environment">Environment variables beyond our own.</param>
    public static Task<ServiceProcess> StartAloneAsync(
        string stateDirectory, CancellationToken ct, IReadOnlyList<string>? settings = null, string? token = null, IReadOnlyDictionary<string, string>? environment = null) => StartAsync(
        [
            "--urls=http://127.0.0.1:0", "--ConnectionStrings:Provision=", "--ConnectionStrings:ProvisionOwner=", $"--Provision:StateDirectory={stateDirectory}",
            "--Logging:LogLevel:Default=Warning", .. settings ?? [],
        ],
        stateDirectory, ct, token, environment);

    private static async Task<ServiceProcess> StartAsync(
        IReadOnlyList<string> arguments, string stateDirectory, CancellationToken ct, string? token = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "ProvisionSvc.dll"),
            .. arguments,
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        var service = new ServiceProcess(process, stateDirectory);
        process.OutputDataReceived += (_, line) => service.Take(line.Data);
        process.ErrorDataReceived += (_, line) => service.Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var ended = process.WaitForExitAsync(ct);
            if (await Task.WhenAny(service._listening.Task, ended) == ended)
            {
                throw new InvalidOperationException($"The service ended: {string.Join('\n', service._output)}");
            }

            service.Administrator.BaseAddress = await service._listening.Task;
            token ??= await File.ReadAllTextAsync(Path.Combine(stateDirectory, "admin.token"), ct);
            service.Administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        return service;
    }

    /// <summary>It has ended, whoever ended it.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP and SIGCONT: as a virtual machine is frozen, or a garbage collection without an end.</summary>
    public async Task SignalAsync(string signal, CancellationToken ct)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {ProcessId}"]);
        await kill.WaitForExitAsync(ct);
    }

    /// <summary>Waits until it ends by itself. Returns the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as systemd and containers stop a service. Returns the exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {ProcessId}"]);
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Administrator.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://[0-9.]+:[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
