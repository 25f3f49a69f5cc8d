using System.Diagnostics;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Crash;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Load;

/// <summary>
/// How long an activation takes on an idle system, and how a midnight full of suspensions ends while somebody lights a line. Small here, where only the outcome is
/// checked; eng/bench.sh orders runs it large and prints the figures.
/// </summary>
public sealed class OrderLoadTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activations_one_after_the_other_on_an_idle_system()
    {
        var count = Setting("PROVISION_LOAD_ACTIVATIONS", 3);
        await using var lab = await CrashLab.StartAsync(Math.Max(2, count / 8), TimeSpan.FromMilliseconds(10), _ct, "--Lanes:LeaseTtl=00:00:15");
        var free = lab.City.Switches.SelectMany(s => lab.FreePorts(s).Take(10).Select((ifName, i) => (Switch: s, IfName: ifName, Round: i))).OrderBy(p => p.Round).Take(count).ToList();
        var seconds = new List<double>();
        foreach (var (port, i) in free.Select((p, i) => (p, i)))
        {
            seconds.Add((await ActivateAsync(lab, port.Switch, port.IfName, $"IDLE-{i:D4}")).TotalSeconds);
        }

        output.WriteLine($"activations={seconds.Count} activate_p50_s={Share(seconds, 0.5):0.00} activate_p95_s={Share(seconds, 0.95):0.00}");
        Assert.Equal(count, seconds.Count);
    }

    [Fact]
    public async Task A_midnight_of_suspensions_while_somebody_lights_a_line()
    {
        var (switches, suspensions) = (Setting("PROVISION_LOAD_SWITCHES", 6), Setting("PROVISION_LOAD_SUSPENSIONS", 18));
        await using var lab = await CrashLab.StartAsync(
            switches, TimeSpan.FromMilliseconds(5), _ct, "--Lanes:LeaseTtl=00:00:15", "--Orders:DarkeningPerHour=100000", "--Orders:DarkeningPerBuilding=100000", "--Polling:Interval=01:00:00");
        var perSwitch = (suspensions + switches - 1) / switches;
        var lines = lab.City.City.Services.GroupBy(s => s.Switch).SelectMany(g => g.Take(perSwitch)).Take(suspensions).ToList();
        Assert.Equal(suspensions, lines.Count);
        var midnight = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5 + (suspensions / 150.0));
        await Parallel.ForEachAsync(lines, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = _ct }, async (line, ct) =>
        {
            var request = new PlaceOrderRequest { ExternalId = $"MID-{line.CircuitId}"[..Math.Min(64, line.CircuitId.Length + 4)], Action = "suspend", Service = line.CircuitId, Hold = "unpaid", RequestedStart = midnight };
            using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", request, ct);
            await answer.Created<OrderView>(ct);
        });
        var spare = midnight - TimeProvider.System.GetUtcNow();
        Assert.True(spare > TimeSpan.Zero, $"The orders were accepted {-spare} after they were due: this measures nothing.");
        await Task.Delay(spare, _ct);

        var interactive = new List<double>();
        await using var database = lab.OpenDatabase();
        var free = new Queue<(SimSwitch Switch, string IfName)>(lab.City.Switches.Reverse().Select(s => (s, lab.FreePorts(s).First())));
        while (await OpenAsync(database) > 0)
        {
            Assert.True(TimeProvider.System.GetUtcNow() - midnight < Patience, $"{await OpenAsync(database)} orders are still open.");
            if (free.TryDequeue(out var port))
            {
                interactive.Add((await ActivateAsync(lab, port.Switch, port.IfName, $"DAY-{interactive.Count:D4}")).TotalSeconds);
            }

            await Task.Delay(500, _ct);
        }

        var (completed, last) = await EndsAsync(database);
        var rss = File.ReadLines($"/proc/{lab.Service.ProcessId}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var sessions = lab.City.WriteLog.Entries.Where(e => e.Kind == LogKind.Write && e.Field == "shutdown").GroupBy(e => e.Switch).Select(g => g.Select(e => e.Session).Distinct().Count()).ToList();
        output.WriteLine(
            $"suspensions={suspensions} switches={switches} midnight_s={(last - midnight).TotalSeconds:0.0} writing_sessions_per_switch={sessions.DefaultIfEmpty().Average():0.00} interactive={interactive.Count} "
            + $"midnight_interactive_p95_s={Share(interactive, 0.95):0.00} service_rss_kb={rss}");
        Assert.Equal(suspensions, completed);
        Assert.All(lines, line => Assert.False(lab.City.Control.State(line.Switch, line.IfName).AdminUp));
    }

    private async Task<TimeSpan> ActivateAsync(CrashLab lab, SimSwitch device, string ifName, string circuit)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", lab.Activation(device, ifName, circuit), _ct);
        var id = (await answer.Created<OrderView>(_ct)).Id;
        var order = await lab.CompletedAsync(id, Patience, _ct);
        Assert.Equal("proven", order.Reason);
        return Stopwatch.GetElapsedTime(started);
    }

    private async Task<int> OpenAsync(Npgsql.NpgsqlDataSource database)
    {
        await using var db = await database.OpenConnectionAsync(_ct);
        return await db.FirstAsync($"select count(*)::int as open from service_order where finished_at is null and action = 'suspend'", r => r.Get<int>("open"), _ct);
    }

    private async Task<(int Completed, DateTimeOffset Last)> EndsAsync(Npgsql.NpgsqlDataSource database)
    {
        await using var db = await database.OpenConnectionAsync(_ct);
        return await db.FirstAsync(
            $"select count(*)::int as completed, max(finished_at) as last from service_order where action = 'suspend' and state = 'completed'",
            r => (r.Get<int>("completed"), r.Get<DateTimeOffset>("last")), _ct);
    }

    private static double Share(List<double> seconds, double share) => seconds.Count == 0 ? 0 : seconds.Order().ElementAt(Math.Min(seconds.Count - 1, (int)(seconds.Count * share)));

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var set) ? set : usual;
}
