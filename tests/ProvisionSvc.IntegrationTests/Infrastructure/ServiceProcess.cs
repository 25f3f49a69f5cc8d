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
    public static async Task<ServiceProcess> StartAsync(TestDatabase database, string stateDirectory, CancellationToken ct, params IReadOnlyList<string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "ProvisionSvc.dll"),
            .. RunningTestService.Arguments(database, stateDirectory),
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
            .. settings,
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
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
            var token = (await File.ReadAllTextAsync(Path.Combine(stateDirectory, "admin.token"), ct)).Trim();
            service.Administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        return service;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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
