using System.Diagnostics;
using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;

namespace ProvisionSvc.Benchmarks;

/// <summary>Five lines and a save on many switches, by our sessions or by SSH.NET alone; or several orders on one switch.</summary>
internal sealed class SshRun(Options options)
{
    public const string IfName = "GigabitEthernet0/0/1";

    /// <summary>What is typed at a port; the way there and back is four lines more.</summary>
    public static readonly IReadOnlyList<string> Lines = ["port link-type access", "port default vlan 1007", "undo qos lr outbound", "description C-1007", "undo shutdown"];

    private readonly LoadedTemplate _template = TemplateCatalog.Load(options.Text("templates", "device-templates")).OrThrow().Find("huawei-vrp5")!;
    private readonly SshConnector _connector = new(TimeProvider.System) { ConnectTimeout = TimeSpan.FromSeconds(60) };

    private TerminalEndpoint Endpoint { get; } = new(
        "sw-1", IPAddress.Loopback, options.Int("port", 0),
        new TerminalLogin(Environment.UserName, null, new Secret(File.ReadAllText(options.Text("key", "")))), options.Text("host-key", ""));

    /// <summary>Devices at once; CPU seconds of this process from after the warm-up to the last logout.</summary>
    public async Task<int> DevicesAsync(CancellationToken ct)
    {
        var (devices, parallel) = (options.Int("devices", 200), options.Int("parallel", 50));
        Func<CancellationToken, Task<TimeSpan>> one = options.Text("by", "ours") == "bare" ? new BareSsh(Endpoint).RunAsync : OursAsync;
        await ManyAsync(one, Math.Min(parallel, 50), Math.Min(parallel, 50), ct);
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var (cpu, since) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
        var (failed, opening) = await ManyAsync(one, devices, parallel, ct);
        var wall = Stopwatch.GetElapsedTime(since).TotalSeconds;
        self.Refresh();
        Console.WriteLine(
            $"by={options.Text("by", "ours")} devices={devices} parallel={parallel} cpu_per_100={(self.TotalProcessorTime - cpu).TotalSeconds * 100 / devices:0.000} " +
            $"wall={wall:0.00} dev_s={devices / wall:0.0} open_ms={opening:0} failed={failed}");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>As a lane does it, without its database: a session reads and writes each order's port, a second one reads them back and saves.</summary>
    public async Task<int> BatchAsync(CancellationToken ct)
    {
        await OrdersAsync(1, ct);
        foreach (var orders in new[] { 1, options.Int("orders", 20) })
        {
            var since = Stopwatch.GetTimestamp();
            await OrdersAsync(orders, ct);
            Console.WriteLine($"orders={orders} wall={Stopwatch.GetElapsedTime(since).TotalSeconds:0.000}");
        }

        return 0;
    }

    private async Task OrdersAsync(int orders, CancellationToken ct)
    {
        await using (var session = await OpenAsync(_template.Dialect!, ct))
        {
            for (var order = 1; order <= orders; order++)
            {
                await session.ReadAsync(Port(order), ct);
                await WriteAsync(session, Port(order), ct);
            }
        }

        await using var fresh = await OpenAsync(_template.Dialect!, ct);
        for (var order = 1; order <= orders; order++)
        {
            await fresh.ReadAsync(Port(order), ct);
        }

        await SaveAsync(fresh, Port(1), ct);
        await fresh.ShowSavedAsync(Port(1), ct);
    }

    private async Task<TimeSpan> OursAsync(CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        await using var session = await OpenAsync(_template.Dialect! with { LoginDeadline = TimeSpan.FromSeconds(60) }, ct);
        var opened = Stopwatch.GetElapsedTime(since);
        await WriteAsync(session, Port(1), ct);
        await SaveAsync(session, Port(1), ct);
        return opened;
    }

    private async Task<SwitchSession> OpenAsync(TerminalDialect dialect, CancellationToken ct) =>
        new(await _connector.OpenAsync(Endpoint, dialect, ct), _template, () => { });

    private static async Task WriteAsync(SwitchSession session, PortName port, CancellationToken ct)
    {
        if (await session.MoveToAsync(LineScope.Port, port, ct) is { } stopped)
        {
            throw new InvalidOperationException(stopped.ToString());
        }

        foreach (var line in Lines)
        {
            if (await session.TypeAsync(line, ct) is not LineResult.Confirmed)
            {
                throw new InvalidOperationException($"\"{line}\" was not confirmed.\n{session.Transcript}");
            }
        }
    }

    private static async Task SaveAsync(SwitchSession session, PortName port, CancellationToken ct)
    {
        if (await session.SaveAsync(port, ct) is { } refused)
        {
            throw new InvalidOperationException($"Not saved: {refused}");
        }
    }

    private static PortName Port(int order) => new("sw-1", $"GigabitEthernet0/0/{order}");

    private static async Task<(int Failed, double MedianOpening)> ManyAsync(Func<CancellationToken, Task<TimeSpan>> one, int devices, int parallel, CancellationToken ct)
    {
        var failed = 0;
        var openings = new System.Collections.Concurrent.ConcurrentBag<TimeSpan>();
        await Parallel.ForAsync(0, devices, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = ct }, async (_, token) =>
        {
            try
            {
                openings.Add(await one(token));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Interlocked.Increment(ref failed);
                await Console.Error.WriteLineAsync(e.Message);
            }
        });
        return (failed, openings.IsEmpty ? 0 : openings.Order().ElementAt(openings.Count / 2).TotalMilliseconds);
    }
}
