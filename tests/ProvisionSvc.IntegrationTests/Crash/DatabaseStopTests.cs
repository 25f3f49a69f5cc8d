using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>F23: PostgreSQL is stopped at once in the middle of orders, and comes back. PROVISION_STOPS says how often (3).</summary>
public sealed class DatabaseStopTests(ITestOutputHelper output)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_nothing_is_accepted_and_afterwards_the_orders_go_on()
    {
        var stops = int.TryParse(Environment.GetEnvironmentVariable("PROVISION_STOPS"), out var asked) ? asked : 3;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PROVISION_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"PROVISION_STOPS={stops} PROVISION_SEED={seed}");
        Requires.That(PrivateCluster.IsInstalled, "no PostgreSQL server is installed (PGBIN, PATH, /usr/lib/postgresql/*/bin).");
        var random = new Random(seed);
        var folder = PrivateDatabase.CreateFolder();
        var directory = Path.Combine(folder.FullName, "pg");
        var cluster = await PrivateCluster.StartAsync(directory, NullLogger.Instance, _ct);
        try
        {
            await cluster.CreateDatabaseAsync("provision", null, _ct);
            await using var lab = await CrashLab.StartAsync(
                3, TimeSpan.FromMilliseconds(30), _ct,
                $"{CrashLab.External}{cluster.ServiceConnectionString()}", $"--ConnectionStrings:ProvisionOwner={cluster.OwnerConnectionString()}");
            var ports = lab.City.Switches.Take(2).SelectMany(s => lab.FreePorts(s).Select((ifName, i) => (Switch: s, IfName: ifName, Round: i)));
            var free = new Queue<(SimSwitch Switch, string IfName, int Round)>(ports.OrderBy(p => p.Round));
            for (var stop = 0; stop < stops; stop++)
            {
                var since = lab.City.WriteLog.Entries[^1].Sequence;
                var requests = Enumerable.Range(0, 3).Select(i => (Port: free.Dequeue(), i)).Select(p => lab.Activation(p.Port.Switch, p.Port.IfName, $"STOP-{stop:D3}-{p.i}")).ToList();
                foreach (var request in requests[..2])
                {
                    using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", request, _ct);
                    await answer.Created<OrderView>(_ct);
                }

                var moment = TimeSpan.FromMilliseconds(random.Next(1500));
                await Task.Delay(moment, _ct);
                PrivateDatabase.Signal(PrivateDatabase.PostmasterOf(directory)!.Value, "QUIT");
                await RefusedAsync(lab, requests[2]);
                await cluster.DisposeAsync();
                cluster = await PrivateCluster.StartAsync(directory, NullLogger.Instance, _ct);

                var back = Stopwatch.StartNew();
                var orders = new List<OrderView>();
                foreach (var request in requests)
                {
                    orders.Add(await lab.CompletedAsync(await AcceptedAsync(lab, request), TimeSpan.FromSeconds(60), _ct));
                }

                output.WriteLine($"stopped {moment.TotalMilliseconds:F0} ms after the orders; all done {back.Elapsed.TotalSeconds:F1} s after the database was back");
                foreach (var order in orders)
                {
                    await Verdict.PortIsItsIntentAsync(lab, order, _ct);
                }

                await Verdict.WritesAreAsPlannedAsync(lab, since, orders, _ct);
            }
        }
        finally
        {
            await cluster.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private async Task RefusedAsync(CrashLab lab, PlaceOrderRequest request)
    {
        for (var i = 0; i < 5; i++)
        {
            using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", request, _ct);
            var problem = await answer.Problem(HttpStatusCode.ServiceUnavailable, _ct);
            Assert.Equal("database-unavailable", problem.Code);
        }

        using var ready = await lab.Api.GetAsync("/readyz", _ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var alive = await lab.Api.GetAsync("/healthz", _ct);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    /// <summary>Tries with the same key until it is accepted; connections that died with the database may still answer 503.</summary>
    private async Task<long> AcceptedAsync(CrashLab lab, PlaceOrderRequest request)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", request, _ct);
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.ReadAsync<OrderView>(answer.StatusCode, _ct)).Id;
            }

            await answer.Problem(HttpStatusCode.ServiceUnavailable, _ct);
            Assert.True(tries < 50, $"{request.ExternalId} was not accepted in 50 tries.");
            await Task.Delay(100, _ct);
        }
    }
}
