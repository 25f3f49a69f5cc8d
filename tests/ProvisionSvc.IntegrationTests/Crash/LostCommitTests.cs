using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.City;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>F15, T24: the answer to a tenth of all COMMITs is lost while clients order. PROVISION_POSTS says how many orders (300).</summary>
public sealed class LostCommitTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int Clients = 8;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ConcurrentDictionary<HttpStatusCode, int> _statuses = new();
    private int _broken;

    [Fact]
    public async Task No_order_is_lost_or_doubled_when_the_answer_to_a_COMMIT_is()
    {
        var posts = int.TryParse(Environment.GetEnvironmentVariable("PROVISION_POSTS"), out var asked) ? asked : 300;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PROVISION_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"PROVISION_POSTS={posts} PROVISION_SEED={seed}");
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        await using var cutter = new CommitCutter(database.Service, seed);
        var state = Directory.CreateTempSubdirectory("provision-state-");
        await using (var service = await ServiceProcess.StartAsync(database, state.FullName, _ct, $"{CrashLab.External}{cutter.ConnectionString}", "--Provision:ManagementPrefixes:0=127.0.0.0/8"))
        {
            // Imported switches are observed: orders are accepted and held, nothing goes to a switch.
            var (free, account) = await ImportAsync(service.Administrator, posts, state.FullName);
            cutter.Share = 0.1;
            var keys = new ConcurrentQueue<PlaceOrderRequest>(free.Select((p, i) => Activation(p, account, $"LOST-{i:D5}")));
            var answers = new ConcurrentBag<OrderView>();
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => OrderAsync(service.Administrator, keys, answers)));
            cutter.Share = 0;

            output.WriteLine($"{cutter.Cut} of {cutter.Commits} COMMIT answers lost; answers: {string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{(int)s.Key} {s.Value}"))}, broken connections {_broken}");
            Assert.True(cutter.Cut > posts / 50, "Hardly an answer was lost: this tried nothing.");
            Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable }, _statuses.Keys.ToHashSet());
            Assert.Equal(posts, answers.Select(a => a.ExternalId).Distinct().Count());
            await EveryAnswerExistsOnceAsync(database, answers, posts);
        }

        state.Delete(recursive: true);
    }

    private async Task OrderAsync(HttpClient api, ConcurrentQueue<PlaceOrderRequest> keys, ConcurrentBag<OrderView> answers)
    {
        while (keys.TryDequeue(out var request))
        {
            for (var tries = 1; ; tries++)
            {
                Assert.True(tries < 50, $"{request.ExternalId} was not accepted in 50 tries.");
                try
                {
                    using var answer = await api.PostAsJsonAsync("/api/v1/orders", request, _ct);
                    _statuses.AddOrUpdate(answer.StatusCode, 1, (_, n) => n + 1);
                    if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                    {
                        answers.Add(await answer.ReadAsync<OrderView>(answer.IsSuccessStatusCode ? answer.StatusCode : HttpStatusCode.Created, _ct));
                        break;
                    }
                }
                catch (HttpRequestException)
                {
                    // As a client sees it: nobody knows; the same key again.
                    Interlocked.Increment(ref _broken);
                }
            }
        }
    }

    private async Task EveryAnswerExistsOnceAsync(TestDatabase database, ConcurrentBag<OrderView> answers, int posts)
    {
        await using var db = await database.DataSource.OpenConnectionAsync(_ct);
        var rows = await db.QueryAsync($"select id, external_id from service_order", r => (Id: r.Get<long>("id"), Key: r.Get<string>("external_id")), _ct);
        Assert.Equal(posts, rows.Count);
        Assert.Equal(posts, rows.DistinctBy(r => r.Key).Count());
        var kept = rows.ToHashSet();
        Assert.All(answers, a => Assert.Contains((a.Id, a.ExternalId), kept));
        foreach (var (what, count) in await EffectsAsync(db))
        {
            Assert.True(count == posts, $"{count} {what} instead of {posts}");
        }

        var vlans = await db.FirstAsync(
            $"select count(distinct a.vlan)::int as vlans from service_attachment a join service s on s.id = a.service_id where s.circuit_id like 'LOST-%'", r => r.Get<int>("vlans"), _ct);
        Assert.Equal(posts, vlans);
    }

    private Task<List<(string What, int Count)>> EffectsAsync(NpgsqlConnection db) => db.QueryAsync(
        $"""
         select 'services' as what, count(*)::int as n from service where circuit_id like 'LOST-%'
         union all select 'attachments', count(*)::int from service_attachment a join service s on s.id = a.service_id where s.circuit_id like 'LOST-%'
         union all select 'items', count(*)::int from order_item
         union all select 'accepted in the audit', count(*)::int from audit where action = 'order.accept'
         union all select 'intents', count(*)::int from port_intent where alias like 'LOST-%'
         """,
        r => (r.Get<string>("what"), r.Get<int>("n")),
        _ct);

    private async Task<(IReadOnlyList<(SwitchPlan Switch, string IfName)> Free, string Account)> ImportAsync(HttpClient api, int ports, string folder)
    {
        // About ten free ports a switch, one node for all, so that VLANs are contended too.
        var city = CityBuilder.Build(Math.Max(40, ports / 8), 1, 20, 1, new([127, 20, 0, 0]));
        var inventory = Path.Combine(folder, "inventory");
        await InventoryWriter.WriteAsync(city with { Nodes = [city.Nodes[0] with { UplinkMbps = 1_000_000 }] }, inventory, 1161, 1022, "", _ct);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(inventory))
        {
            files[Path.GetFileName(file)] = await File.ReadAllTextAsync(file, _ct);
        }

        await api.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, _ct);
        var used = city.Services.Select(s => (s.Switch, s.IfName)).ToHashSet();
        var free = city.Switches.SelectMany(s => s.Model.Interfaces.Where(i => i.Role == PortRole.Customer && !used.Contains((s.Name, i.Name))).Select(i => (s, i.Name))).ToList();
        Assert.True(free.Count >= ports, $"The city has {free.Count} free ports.");
        return (free[..ports], city.Accounts[0].Number);
    }

    private static PlaceOrderRequest Activation((SwitchPlan Switch, string IfName) port, string account, string key) => new()
    {
        ExternalId = key, Action = "activate", Service = key, Account = account, Building = port.Switch.Building,
        Switch = port.Switch.Name, IfName = port.IfName, RateDownMbps = 1, RateUpMbps = 1,
    };
}
