using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Benchmarks;

/// <summary>
/// Hostile texts through every template (T7): as what a device shows in each field, as a port's name, as a circuit id. Whatever is then sent to a switch is
/// exactly what was planned, with the template's own lines around it, and holds no control byte.
/// </summary>
internal static class Hostile
{
    private static readonly string[] Traps =
    [
        "x\nreload", "{port}", "{value}", "$(reboot)", "`id`", "a;b", "' || reboot '", "up\nshutdown", "1007\nundo shutdown", "١٠", " 7", "+7", "7\0", "10 to 20\nreload", "all",
        "none\r\n", "1-4094;reboot", "\u0003", "\u001a", "\u001b[2J", "?", "\t", "|", "&&reboot", "\u2028reload", "trunk\n", "access;reload", "up", "down", "trunk", "access",
    ];

    private const string Pieces = "\n\r\0\u001b\u0003\u001a\t?;|&$`'\"!#{}()<>\\ \u2028\u0085ab01-,to";

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (count, random) = (options.Int("count", 100_000), new Random(options.Int("seed", 1)));
        var (sent, planned, control, refused, wrong) = (0L, 0L, 0L, 0L, 0L);
        var templates = TemplateCatalog.Load(options.Text("templates", "device-templates")).OrThrow().Templates;
        foreach (var loaded in templates)
        {
            for (var i = 0; i < count && !ct.IsCancellationRequested; i++)
            {
                var port = new PortName("sw1", random.Next(20) == 0 ? Text(random) : PortOf(loaded.Name));
                var outcome = MakePlan.For(loaded.Template, port, PortRole.Customer, Intent(loaded.Template, random), Reading(random));
                if (outcome is not PlanOutcome.Planned(var plan))
                {
                    refused++;
                    continue;
                }

                foreach (var run in new[] { plan, MakePlan.Reverse(plan) })
                {
                    var lines = run.Opening.Concat(run.Steps.SelectMany(s => s.Lines)).Concat(run.Closing).ToList();
                    var terminal = new Recorder();
                    await using var session = new SwitchSession(terminal, loaded, () => { });
                    var own = 0;
                    foreach (var line in lines)
                    {
                        var before = terminal.Lines.Count;
                        await session.MoveToAsync(line.Scope, port, ct);
                        own += terminal.Lines.Count - before;
                        await session.TypeAsync(line.Text, ct);
                        wrong += terminal.Lines[^1] == line.Text ? 0 : 1;
                    }

                    planned += lines.Count;
                    sent += terminal.Lines.Count - own;
                    control += terminal.Lines.Count(l => l.Any(c => c is < ' ' or > '~'));
                    control += run.Text.Count(c => char.IsControl(c) && c != '\n');
                }
            }
        }

        var ok = sent == planned && control == 0 && wrong == 0 && planned > 0 && !ct.IsCancellationRequested;
        Console.WriteLine($"templates={templates.Count} texts={(long)count * templates.Count} refused={refused} planned={planned} sent={sent} control={control} wrong={wrong} ok={(ok ? 1 : 0)}");
        return ok ? 0 : 1;
    }

    private static string PortOf(string family) => family switch
    {
        "cisco-ios" => "Gi1/0/7",
        "dlink-des" => "1/7",
        "frr" or "open-vswitch" => "p7",
        "h3c-comware" => "GigabitEthernet1/0/7",
        "huawei-vrp5" => "GigabitEthernet0/0/7",
        "huawei-vrp8" => "10GE1/0/7",
        "juniper-junos" => "ge-0/0/7",
        "mikrotik-routeros" => "ether7",
        "ruijie-rgos" => "Gi0/7",
        "zte-zxr10" => "gei-0/1/1/7",
        _ => "Port7",
    };

    private static PortIntent Intent(DeviceTemplate template, Random random)
    {
        var rates = template.Fields.ContainsKey(IntentField.RateDown);
        var trunk = template.CanTrunk && random.Next(3) == 0;
        return new(
            random.Next(2) == 0 ? AdminStatus.Up : AdminStatus.Down,
            !trunk && template.Fields.ContainsKey(IntentField.AccessVlan) ? new VlanId(random.Next(1, 4095)) : null,
            rates ? Bandwidth.FromKbps(random.Next(1, 1_000_000)) : null,
            rates ? Bandwidth.FromKbps(random.Next(1, 1_000_000)) : null,
            CircuitId.TryParse(Text(random), out var circuit) ? circuit : CircuitId.Parse("C-1"),
            !rates)
        {
            Trunk = trunk ? new(VlanSet.Of(random.Next(1, 4095), random.Next(1, 4095))) : null,
            Ours = VlanSet.All,
        };
    }

    private static PortReading Reading(Random random) => new(Enum.GetValues<IntentField>()
        .Where(_ => random.Next(5) > 0)
        .ToDictionary(f => f, _ => random.Next(6) == 0 ? null : Text(random)));

    private static string Text(Random random) => random.Next(3) == 0
        ? Traps[random.Next(Traps.Length)]
        : string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    /// <summary>Takes every line and keeps it.</summary>
    private sealed class Recorder : ITerminalSession
    {
        public List<string> Lines { get; } = [];

        public string SwitchName => "sw1";

        public int LocalPort => 0;

        public string Host => "sw1";

        public string Banner => "";

        public string Transcript => "";

        public Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null)
        {
            Lines.Add(line);
            return Task.FromResult<LineResult>(new LineResult.Confirmed(""));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
