using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>
/// F19: the service killed with -9 in every step of activations, and started again. PROVISION_KILLS says how often (8), PROVISION_SEED makes a run repeatable.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan PerLine = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private sealed record Victim(PlaceOrderRequest Request, SimSwitch Device)
    {
        public long Order { get; set; }
    }

    [Fact]
    public async Task Killed_at_any_moment_of_an_activation_it_completes_and_proves_the_order_after_a_restart()
    {
        var kills = Setting("PROVISION_KILLS", 8);
        var seed = Setting("PROVISION_SEED", Random.Shared.Next());
        output.WriteLine($"PROVISION_KILLS={kills} PROVISION_SEED={seed}");

        // Chooses moments, nothing secret; seeded so that a run can be repeated.
        var random = new Random(seed);
        await using var lab = await CrashLab.StartAsync(4 + (kills / 6), PerLine, _ct);
        var free = lab.City.Switches.ToDictionary(s => s, s => new Queue<string>(lab.FreePorts(s)));
        var whole = await UndisturbedAsync(lab, free);
        output.WriteLine($"an activation takes {whole.TotalMilliseconds:F0} ms undisturbed");

        var seen = new List<string>();
        var continued = new List<double>();
        var completed = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            // Those with the most room, so that a campaign does not run out of ports.
            var devices = lab.City.Switches.OrderByDescending(s => free[s].Count).Take(3).ToList();
            Assert.All(devices, d => Assert.NotEmpty(free[d]));

            var since = lab.City.WriteLog.Entries[^1].Sequence;
            var before = devices.ToDictionary(d => d, d => d.Running);
            var victims = devices.Select((d, i) => new Victim(lab.Activation(d, free[d].Dequeue(), $"KILL-{kill:D4}-{i}"), d)).ToList();
            var moment = whole * ((kill + random.NextDouble()) / kills) * 1.1;
            var clock = Stopwatch.StartNew();
            await PlaceAsync(lab.Api, victims, whole / victims.Count, moment, clock, random);
            await lab.KillAsync();
            clock.Restart();
            var at = Stopwatch.GetTimestamp();
            var death = TimeProvider.System.GetUtcNow();
            var phases = victims.Select(v => Phase(lab, v, since)).ToList();
            seen.AddRange(phases);
            await lab.StartServiceAsync(_ct);
            var started = clock.Elapsed;

            var orders = new List<OrderView>();
            foreach (var victim in victims)
            {
                orders.Add(await CompletedAsync(lab, victim));
            }

            var last = clock.Elapsed;
            foreach (var (victim, order, phase) in victims.Zip(orders, phases).Where(v => v.Third is not ("saved" or "not yet accepted")))
            {
                var again = lab.City.WriteLog.Entries.First(e => e.Kind == LogKind.Open && e.Switch == victim.Device.Name && e.Time > death).Time;
                continued.Add((again - death).TotalSeconds);
                completed.Add((order.FinishedAt!.Value - death).TotalSeconds);
            }

            output.WriteLine($"kill {kill + 1} after {moment.TotalMilliseconds:F0} ms: {string.Join(", ", phases)}; up again in {started.TotalSeconds:F1} s, all done in {last.TotalSeconds:F1} s");
            foreach (var order in orders)
            {
                await Verdict.PortIsItsIntentAsync(lab, order, _ct);
            }

            foreach (var (device, config) in before)
            {
                Verdict.OnlyTheseChanged(device, config, [.. victims.Where(v => v.Device == device).Select(v => v.Request.IfName!)]);
            }

            await Verdict.WritesAreAsPlannedAsync(lab, since, orders, _ct);
        }

        output.WriteLine($"steps hit: {string.Join(", ", seen.GroupBy(s => s).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"))}");
        output.WriteLine($"kill to first contact with the switch: {Figures(continued)}; kill to completed: {Figures(completed)}");
        var log = await File.ReadAllTextAsync(lab.PostgresLog, _ct);
        Assert.DoesNotContain("not properly shut down", log);
        Assert.DoesNotContain("PANIC", log);
    }

    [Fact]
    public async Task Stopped_in_order_again_and_again_amid_one_activation_it_goes_on_at_once_and_never_counts_as_crashed()
    {
        await using var lab = await CrashLab.StartAsync(1, TimeSpan.FromMilliseconds(150), _ct, "--Lanes:LeaseTtl=00:01:00", "--Lanes:WatchdogAfter=00:03:00");
        var device = lab.City.Switches[0];
        var since = lab.City.WriteLog.Entries[^1].Sequence;
        var request = lab.Activation(device, lab.FreePorts(device).First(), "TERM-1");
        using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", request, _ct);
        var id = (await answer.Created<OrderView>(_ct)).Id;
        for (var stop = 1; stop <= 4; stop++)
        {
            // In the middle: the switch has been spoken to since the start.
            var heard = lab.City.WriteLog.Entries.Count;
            while (lab.City.WriteLog.Entries.Count < heard + 6)
            {
                await Task.Delay(20, _ct);
            }

            Assert.Equal(0, await lab.StopAsync(_ct));
            await lab.StartServiceAsync(_ct);
        }

        // The lease lasts a minute: only one that was given back lets it go on before that.
        var order = await lab.CompletedAsync(id, TimeSpan.FromSeconds(45), _ct);
        await Verdict.PortIsItsIntentAsync(lab, order, _ct);
        await Verdict.WritesAreAsPlannedAsync(lab, since, [order], _ct);
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    private static string Figures(List<double> seconds) => seconds.Count == 0 ? "none"
        : $"median {seconds.Order().ElementAt(seconds.Count / 2):F1} s, longest {seconds.Max():F1} s of {seconds.Count}";

    private async Task<TimeSpan> UndisturbedAsync(CrashLab lab, Dictionary<SimSwitch, Queue<string>> free)
    {
        var device = lab.City.Switches[0];
        var clock = Stopwatch.StartNew();
        using var answer = await lab.Api.PostAsJsonAsync("/api/v1/orders", lab.Activation(device, free[device].Dequeue(), "WARM-UP"), _ct);
        var order = await answer.Created<OrderView>(_ct);
        var done = await lab.CompletedAsync(order.Id, Patience, _ct);
        await Verdict.PortIsItsIntentAsync(lab, done, _ct);
        return clock.Elapsed;
    }

    /// <summary>One order after the other, so that a kill meets each in another step; waits until the moment has come.</summary>
    private async Task PlaceAsync(HttpClient api, List<Victim> victims, TimeSpan apart, TimeSpan moment, Stopwatch clock, Random random)
    {
        foreach (var victim in victims)
        {
            if (clock.Elapsed > moment && victim.Order == 0 && victims[0].Order != 0)
            {
                break;
            }

            using var answer = await api.PostAsJsonAsync("/api/v1/orders", victim.Request, _ct);
            victim.Order = (await answer.Created<OrderView>(_ct)).Id;
            var pause = apart * (0.5 + random.NextDouble());
            var left = moment - clock.Elapsed;
            await Task.Delay(left < TimeSpan.Zero ? TimeSpan.Zero : pause < left ? pause : left, _ct);
        }

        if (moment - clock.Elapsed is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, _ct);
        }
    }

    /// <summary>How far the order had come, as its switch saw it.</summary>
    private static string Phase(CrashLab lab, Victim victim, long since)
    {
        var log = lab.City.WriteLog.Entries.Where(e => e.Sequence > since && e.Switch == victim.Device.Name).ToList();
        var writes = log.Count(e => e.Kind == LogKind.Write && e.Field != "startup");
        return victim.Order == 0 ? "not yet accepted"
            : log.Exists(e => e.Field == "startup") ? "saved"
            : log.Count(e => e.Kind == LogKind.Open) > 1 ? "being proven"
            : writes > 0 ? $"{writes} written"
            : log.Count > 0 ? "being read"
            : "accepted";
    }

    /// <summary>As a client that never got its answer: the same key again, the same order.</summary>
    private async Task<OrderView> CompletedAsync(CrashLab lab, Victim victim)
    {
        using var again = await lab.Api.PostAsJsonAsync("/api/v1/orders", victim.Request, _ct);
        var order = await again.ReadAsync<OrderView>(victim.Order == 0 ? HttpStatusCode.Created : HttpStatusCode.OK, _ct);
        Assert.True(victim.Order == 0 || victim.Order == order.Id, $"{victim.Request.ExternalId} became order {order.Id} after it was {victim.Order}.");
        return await lab.CompletedAsync(order.Id, Patience, _ct);
    }
}
