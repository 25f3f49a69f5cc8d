using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab.Faults;

namespace ProvisionSvc.IntegrationTests.Chaos;

/// <summary>What is broken in a run, in which order, by whom: drawn from the seed.</summary>
internal sealed record ChaosPlan(int Seed, int Orders, int Kills, int Pauses, int Stops)
{
    public static ChaosPlan FromEnvironment() => new(
        Setting("PROVISION_SEED", Random.Shared.Next()), Setting("PROVISION_CHAOS_ORDERS", 40), Setting("PROVISION_CHAOS_KILLS", 4), Setting("PROVISION_CHAOS_PAUSES", 2),
        Setting("PROVISION_CHAOS_STOPS", 1));

    public override string ToString() =>
        $"PROVISION_SEED={Seed} PROVISION_CHAOS_ORDERS={Orders} PROVISION_CHAOS_KILLS={Kills} PROVISION_CHAOS_PAUSES={Pauses} PROVISION_CHAOS_STOPS={Stops}";

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var set) ? set : usual;
}

/// <summary>Breaks things one after the other, each for its time, and mends them.</summary>
internal sealed partial class ChaosFaults(ChaosLab lab, ChaosPlan plan)
{
    private readonly Random _random = new(plan.Seed);
    private readonly List<Task> _underWay = [];
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> Done => _done;

    public int Count => plan.Kills + plan.Pauses + plan.Stops + (2 * Others);

    private int Others => (plan.Kills + plan.Pauses) / 2;

    /// <summary>Each fault lets <paramref name="next"/> know that it has begun.</summary>
    public async Task RunAsync(Action next, CancellationToken ct)
    {
        List<string> kinds =
        [
            .. Enumerable.Repeat("kill", plan.Kills), .. Enumerable.Repeat("pause", plan.Pauses), .. Enumerable.Repeat("stop the database", plan.Stops),
            .. Enumerable.Range(0, Others).Select(i => ((string[])["cut from the database", "lose COMMIT answers"])[i % 2]),
            .. Enumerable.Range(0, Others).Select(i => ((string[])["cut a terminal", "reboot a switch", "fail saves", "lose SNMP", "hang a line"])[i % 5]),
        ];
        foreach (var kind in kinds.OrderBy(_ => _random.Next()).ToList())
        {
            var breaking = BreakAsync(kind, ct);
            _done[kind] = _done.GetValueOrDefault(kind) + 1;
            next();
            if (kind == "stop the database")
            {
                // Alone: without a database nothing else is tried.
                await breaking;
            }

            _underWay.Add(breaking);
            await Task.Delay(_random.Next(300, 1_200), ct);
            _underWay.Add(ReviveAsync(ct));
        }

        await Task.WhenAll(_underWay);
    }

    /// <summary>Nothing is broken any more and everybody is there, without failpoints.</summary>
    public async Task MendAsync(CancellationToken ct)
    {
        lab.City.Control.Clear("*");
        foreach (var member in lab.Members)
        {
            member.IsSpared = true;
            member.Database.Share = 0;
            member.Database.Speak();
        }

        await ReviveAsync(ct);
    }

    private Task ReviveAsync(CancellationToken ct) => Task.WhenAll(lab.Members.Select(m => m.StartAsync(ct)));

    private async Task BreakAsync(string kind, CancellationToken ct)
    {
        var worker = lab.Workers[_random.Next(lab.Workers.Count)];
        var member = _random.Next(6) == 0 ? lab.Api : worker;
        var device = lab.City.Switches[_random.Next(lab.City.Switches.Count)].Name;
        var time = TimeSpan.FromMilliseconds(_random.Next(500, 6_000));
        var moment = (DropMoment)_random.Next(3);
        switch (kind)
        {
            case "kill":
                await member.KillAsync(ct);
                break;
            case "pause":
                await worker.PauseAsync(time, ct);
                break;
            case "stop the database":
                await lab.StopDatabaseAsync(time / 6, ct);
                break;
            case "cut from the database":
                worker.Database.FallSilent();
                await Task.Delay(time, ct);
                worker.Database.Speak();
                break;
            case "lose COMMIT answers":
                member.Database.Share = 0.3;
                await Task.Delay(time / 3, ct);
                member.Database.Share = 0;
                break;
            case "cut a terminal":
                lab.City.Control.Tell("*", new Fault.Drop(moment, Writing()) { Nth = _random.Next(1, 4), Times = 1 });
                break;
            case "hang a line":
                lab.City.Control.Tell(device, new Fault.Hang(Writing()) { Times = 1 });
                break;
            case "reboot a switch":
                await lab.City.Control.RebootAsync(device, renumber: _random.Next(2) == 0, time / 4, ct);
                break;
            case "fail saves":
                var failing = new Fault.SaveFails("Error: the flash is full.");
                lab.City.Control.Tell(device, failing);
                await Task.Delay(time, ct);
                lab.City.Find(device).Faults.Remove(failing);
                break;
            case "lose SNMP":
                var losing = new Fault.SnmpLoss(30);
                lab.City.Control.Tell(device, losing);
                await Task.Delay(time, ct);
                lab.City.Find(device).Faults.Remove(losing);
                break;
            default:
                throw new InvalidOperationException($"Nobody knows how to {kind}.");
        }
    }

    [GeneratedRegex("^(shutdown|undo shutdown|port default|vlan batch|qos lr|undo qos|description|undo description|undo port|save|y)", RegexOptions.CultureInvariant)]
    private static partial Regex Writing();
}
