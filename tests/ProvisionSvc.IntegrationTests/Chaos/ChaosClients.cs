using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Chaos;

/// <summary>What a client was told: this key is this order.</summary>
internal sealed record Acknowledged(long Id, PlaceOrderRequest Request);

/// <summary>
/// Clients that order at random on a few lines, so that orders meet on ports (F16). They behave as a good client must: after an error the same key again, until it is
/// answered; and as a nervous one does: the same order twice, the same key with another body.
/// </summary>
internal sealed class ChaosClients(ChaosLab lab, ChaosPlan plan)
{
    private static readonly string[] Holds = ["unpaid", "customer", "abuse"];
    private readonly ConcurrentBag<Acknowledged> _told = [];
    private readonly ConcurrentBag<string> _violations = [];
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private readonly SemaphoreSlim _room = new(0);
    private int _broken;

    private sealed record Line(string Switch, string IfName)
    {
        public string Circuit { get; set; } = "";

        public int Generation { get; set; }
    }

    public IReadOnlyCollection<Acknowledged> Told => _told;

    public IReadOnlyCollection<string> Violations => _violations;

    public string Figures => $"answers {string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{(int)a.Key}: {a.Value}"))}, broken connections: {_broken}";

    /// <summary>Another share of the orders may be placed.</summary>
    public void Allow(int orders) => _room.Release(orders);

    /// <summary>Places all orders of the plan as they are allowed.</summary>
    public async Task RunAsync(int clients, CancellationToken ct)
    {
        var random = new Random(plan.Seed + 1);
        var used = lab.City.City.Services.ToLookup(s => s.Switch);
        var lines = lab.City.Switches.SelectMany(s => Lines(s, used[s.Name].ToList())).ToList();
        var work = Enumerable.Range(0, plan.Orders).Select(i => (Number: i, Line: lines[random.Next(lines.Count)], Dice: random.Next(100), Hold: Holds[random.Next(Holds.Length)], Nerves: random.Next(10)));
        var queue = new ConcurrentQueue<(int Number, Line Line, int Dice, string Hold, int Nerves)>(work);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (queue.TryDequeue(out var next))
            {
                await _room.WaitAsync(ct);
                await OrderAsync(Request(next.Line, next.Number, next.Dice, next.Hold), next.Nerves, ct);
            }
        }));
    }

    /// <summary>One new line on the switch's first free port.</summary>
    public Task ActivateAsync(SimSwitch device, CancellationToken ct)
    {
        var sold = lab.City.City.Services.Where(s => s.Switch == device.Name).ToList();
        return OrderAsync(Request(Lines(device, sold).First(l => l.Circuit.Length == 0), 0, 0, ""), 9, ct);
    }

    private static IEnumerable<Line> Lines(SimSwitch device, List<ProvisionSvc.DeviceLab.City.Service> sold)
    {
        foreach (var service in sold.Take(2))
        {
            yield return new Line(device.Name, service.IfName) { Circuit = service.CircuitId };
        }

        var free = device.Model.Interfaces.Where(i => i.Role == PortRole.Customer && sold.TrueForAll(s => s.IfName != i.Name)).Select(i => i.Name);
        foreach (var ifName in free.Take(2))
        {
            yield return new Line(device.Name, ifName);
        }
    }

    private PlaceOrderRequest Request(Line line, int number, int dice, string hold)
    {
        var key = $"CH-{number:D5}";
        lock (line)
        {
            if (line.Circuit.Length == 0)
            {
                line.Circuit = $"{line.Switch}-{line.IfName.Split('/')[^1]}-{line.Generation++}".ToUpperInvariant();
                return new()
                {
                    ExternalId = key, Action = "activate", Service = line.Circuit, Account = lab.City.City.Accounts[0].Number, Building = lab.City.Find(line.Switch).Plan.Building,
                    Switch = line.Switch, IfName = line.IfName, RateDownMbps = 100, RateUpMbps = 50, Why = "chaos",
                };
            }

            var circuit = line.Circuit;
            switch (dice)
            {
                case < 45:
                    return new() { ExternalId = key, Action = "suspend", Service = circuit, Hold = hold, Why = "chaos" };
                case < 90:
                    return new() { ExternalId = key, Action = "resume", Service = circuit, Hold = hold, Why = "chaos" };
                default:
                    line.Circuit = "";
                    return new() { ExternalId = key, Action = "disconnect", Service = circuit, Why = "chaos" };
            }
        }
    }

    private async Task OrderAsync(PlaceOrderRequest request, int nerves, CancellationToken ct)
    {
        if (await PostAsync(request, ct) is not { } id)
        {
            return;
        }

        _told.Add(new(id, request));
        if (nerves < 2 && await PostAsync(request, ct) is var again && again != id)
        {
            _violations.Add($"I2: {request.ExternalId} was order {id}, then {again}");
        }

        if (nerves == 2 && await PostAsync(request with { Why = "another body" }, ct) is { } other)
        {
            _violations.Add($"I2: {request.ExternalId} with another body was accepted as {other}");
        }
    }

    /// <summary>Until it is answered; null where it was refused.</summary>
    private async Task<long?> PostAsync(PlaceOrderRequest request, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            Assert.True(tries < 600, $"{request.ExternalId} was not answered in 600 tries.");
            try
            {
                using var answer = await lab.Api.Client.PostAsJsonAsync("/api/v1/orders", request, ct);
                _answers.AddOrUpdate(answer.StatusCode, 1, (_, n) => n + 1);
                switch (answer.StatusCode)
                {
                    case HttpStatusCode.Created or HttpStatusCode.OK:
                        return (await answer.ReadAsync<OrderView>(answer.StatusCode, ct)).Id;
                    case HttpStatusCode.UnprocessableEntity or HttpStatusCode.Conflict:
                        return null;
                    case HttpStatusCode.ServiceUnavailable:
                        break;
                    default:
                        _violations.Add($"{request.ExternalId}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
                        return null;
                }
            }
            catch (Exception away) when (away is HttpRequestException or InvalidOperationException or ObjectDisposedException || (away is TaskCanceledException && !ct.IsCancellationRequested))
            {
                // Nobody knows: the API was killed, or is being started again.
                Interlocked.Increment(ref _broken);
            }

            await Task.Delay(100, ct);
        }
    }
}
