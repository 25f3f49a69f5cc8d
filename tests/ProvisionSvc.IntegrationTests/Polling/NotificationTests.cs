using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Polling.Notifications;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Polling;

/// <summary>A city whose service hears notifications.</summary>
public sealed class NotifiedLab(PostgresFixture postgres) : EngineLab(postgres)
{
    public const int ReadingsPerSecond = 20;

    protected override (int Switches, int Buildings) Size => (8, 1);

    protected override IReadOnlyList<string> Settings =>
        ["--Notifications:Listen=127.0.0.1:0", "--Notifications:Refresh=00:00:01", "--Notifications:Pause=00:00:01", $"--Notifications:ReadingsPerSecond={ReadingsPerSecond}"];
}

/// <summary>Notifications bring a reading forward and do nothing else; a flood of them takes nothing from the orders (F46, T3).</summary>
public sealed class NotificationTests(NotifiedLab lab, ITestOutputHelper output) : IClassFixture<NotifiedLab>
{
    private static readonly Oid ColdStart = new(1, 3, 6, 1, 6, 3, 1, 1, 5, 1);
    private static readonly Oid LinkDown = new(1, 3, 6, 1, 6, 3, 1, 1, 5, 3);
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private HearNotifications Ears => lab.Service.Get<HearNotifications>();

    [Fact]
    public async Task A_switch_that_says_link_down_is_read_at_once_and_not_with_the_next_sweep()
    {
        var name = lab.NextSwitch();
        var line = lab.Sold(name);
        await HeardAsync(name);
        using var mouth = new TrapSender(Ears.EndPoint!, AddressOf(name));
        mouth.Send(ColdStart); // the first reading of a port is no event
        await EventuallyAsync(async () => (await lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}", _ct)).All(p => p.OperStatus is not null));

        lab.Lab.Control.SetEquipment(name, line.IfName, false);
        await Task.Delay(200, _ct); // the agent shows it after its own lag
        mouth.Send(LinkDown);
        await EventuallyAsync(async () => (await lab.Client.GetAsync<IReadOnlyList<PortEventView>>($"/api/v1/ports/events?switch={name}", _ct))
            .Any(e => e is { Kind: "operStatus", After: "down" } && e.IfName == line.IfName));
    }

    [Fact]
    public async Task What_comes_from_outside_the_inventory_is_counted_and_causes_nothing()
    {
        await HeardAsync(lab.NextSwitch());
        using var read = new ReadingsCount();
        var before = Ears.Statistics;
        using var stranger = new TrapSender(Ears.EndPoint!, IPAddress.Parse("127.200.0.9"));
        for (var i = 0; i < 50; i++)
        {
            stranger.Send(LinkDown);
        }

        await EventuallyAsync(() => Task.FromResult(Ears.Statistics.UnknownSource - before.UnknownSource == 50));
        Assert.Equal(before.Accepted, Ears.Statistics.Accepted);
        Assert.Equal(0, read.Total);
    }

    /// <summary>PROVISION_TRAP_RATE per second (20,000) for PROVISION_TRAP_SECONDS (2): eng/bench.sh snmp-traps sends 50,000 for 10 s.</summary>
    [Fact]
    public async Task A_flood_of_notifications_loses_no_order_and_causes_no_more_readings_than_its_rate()
    {
        var (rate, seconds) = (Setting("PROVISION_TRAP_RATE", 20_000), Setting("PROVISION_TRAP_SECONDS", 2));
        var (victim, floods) = (lab.NextSwitch(), lab.Lab.Switches.Select(s => s.Name).ToList());
        await HeardAsync(victim);
        var quiet = await OrderPairAsync(victim);

        using var read = new ReadingsCount();
        using var process = Process.GetCurrentProcess();
        var (before, memory, started) = (Ears.Statistics, GC.GetTotalMemory(forceFullCollection: true), Stopwatch.GetTimestamp());
        using var flood = new TrapFlood(Ears.EndPoint!, [.. floods.Select(AddressOf), .. Enumerable.Range(1, 24).Select(i => IPAddress.Parse($"127.201.0.{i}"))], LinkDown, rate, rate * seconds);
        var orders = new List<TimeSpan>();
        do
        {
            orders.Add(await OrderPairAsync(victim));
        }
        while (!flood.IsOver);

        await flood.EndAsync();
        var lasted = Stopwatch.GetElapsedTime(started);
        await SettledAsync();
        var after = Ears.Statistics;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        output.WriteLine(
            $"sent={flood.Sent} seconds={flood.Lasted.TotalSeconds:0.0} received={after.Received - before.Received} accepted={after.Accepted - before.Accepted} unknown={after.UnknownSource - before.UnknownSource} "
            + $"limited={after.RateLimited - before.RateLimited} readings={read.Total} orders={orders.Count * 2} pair_ms_quiet={quiet.TotalMilliseconds:0} "
            + $"pair_ms_flood={orders.Select(o => o.TotalMilliseconds).Order().ElementAt(orders.Count / 2):0} grown_kib={grown / 1024} rss_kb={Environment.WorkingSet / 1024}");

        Assert.Equal(after.Received - before.Received, Fates(after) - Fates(before)); // every datagram that came ended in one counter
        Assert.True(after.UnknownSource > before.UnknownSource && after.RateLimited > before.RateLimited);
        Assert.InRange(read.Total, 1, (int)((lasted.TotalSeconds + 2) * NotifiedLab.ReadingsPerSecond));
        Assert.InRange(grown, long.MinValue, 64L << 20);
    }

    private static long Fates(SnmpNotificationStatistics s) => s.Accepted + s.Malformed + s.NotAuthentic + s.UnknownSource + s.RateLimited + s.TooManySources;

    /// <summary>Suspends and resumes a line; both proven.</summary>
    private async Task<TimeSpan> OrderPairAsync(string name)
    {
        var started = Stopwatch.GetTimestamp();
        await lab.DoAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.DoAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>The receiver knows the switch: the first trap of an address that it does not know yet is lost.</summary>
    private async Task HeardAsync(string name)
    {
        using var mouth = new TrapSender(Ears.EndPoint!, AddressOf(name));
        var before = Ears.Statistics.Accepted;
        await EventuallyAsync(() =>
        {
            mouth.Send(new Oid(1, 3, 6, 1, 6, 3, 1, 1, 5, 5)); // authenticationFailure: nothing follows from it
            return Task.FromResult(Ears.Statistics.Accepted > before);
        });
        await SettledAsync();
    }

    private async Task SettledAsync()
    {
        long received;
        do
        {
            received = Ears.Statistics.Received;
            await Task.Delay(200, _ct);
        }
        while (Ears.Statistics.Received != received);
    }

    private async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private IPAddress AddressOf(string name) => lab.Lab.Switches.Single(s => s.Name == name).Address;

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var set) ? set : usual;

    /// <summary>Switches that were read, whatever for.</summary>
    private sealed class ReadingsCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _total;

        public ReadingsCount()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "provision.switches.swept")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _total, value));
            _listener.Start();
        }

        public int Total => (int)Interlocked.Read(ref _total);

        public void Dispose() => _listener.Dispose();
    }
}
