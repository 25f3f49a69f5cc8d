using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ProvisionSvc.Tests.Cli;

/// <summary>The command as a process of its own, over a real connection.</summary>
public sealed class ProcessTests : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _url;
    private readonly Task _serving;

    public ProcessTests()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        _url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        _listener.Prefixes.Add($"{_url}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    [Fact]
    public async Task It_prints_to_a_file_without_colour_and_exits_0()
    {
        using var process = Start("alarm", "list");

        Assert.Equal("no alarms\n", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_watch_cleanly()
    {
        using var process = Start("order", "watch", "17");
        Assert.Contains("inProgress", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("provision: interrupted\n", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(130, process.ExitCode);
    }

    private Process Start(params string[] args)
    {
        // A shell starts background jobs with SIGINT ignored, and so would be whatever they start.
        var dotnet = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        var start = new ProcessStartInfo("env", ["--default-signal=INT", dotnet])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "provision.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["PROVISION_URL"] = _url;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment.Remove("LC_ALL");
        start.Environment.Remove("PROVISION_TOKEN_FILE");
        return Process.Start(start)!;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var text = context.Request.Url!.AbsolutePath.EndsWith("/alarms", StringComparison.Ordinal)
                    ? "[]" : JsonSerializer.Serialize(Some.Order("inProgress"), JsonSerializerOptions.Web);
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over, or the process was interrupted while it was answered.
        }
    }
}
