using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>What a customer of the lab can do: reach the gateway of its VLAN or not, and how fast.</summary>
public static partial class LabTraffic
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);
    private static int s_iperfPort = 5300;

    /// <summary>How many of <paramref name="count"/> pings to the gateway of the VLAN were answered.</summary>
    public static async Task<int> PingAsync(this RealLab lab, LabCustomer customer, int vlan, int count, CancellationToken ct)
    {
        var result = await lab.ExecAsync(customer.Namespace, ct,
            ["ping", "-n", "-c", $"{count}", "-i", "0.2", "-W", "1", lab.Description.Gateway.AddressIn(vlan)]);
        // "Network is unreachable" counts nothing at all.
        return Counts().Match(result.Output) is { Success: true } counts ? int.Parse(counts.Groups["received"].Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Pings the gateway ten times a second until told to stop: a neighbour that must not lose a packet.</summary>
    public static RunningPing StartPing(this RealLab lab, LabCustomer customer, int vlan) => new(BoundedCommand.Start(
        ["ip", "netns", "exec", customer.Namespace, "ping", "-n", "-i", "0.1", "-w", "600", lab.Description.Gateway.AddressIn(vlan)]));

    /// <summary>Megabits per second that arrive at the customer (or from it, at the gateway), by iperf3.</summary>
    public static async Task<double> MeasureAsync(
        this RealLab lab, LabCustomer customer, int vlan, Direction direction, Offer offer, TimeSpan duration, CancellationToken ct)
    {
        var port = $"{Interlocked.Increment(ref s_iperfPort)}";
        var seconds = $"{(int)duration.TotalSeconds}";
        using var server = BoundedCommand.Start(["ip", "netns", "exec", lab.Description.Gateway.Namespace, "iperf3", "-s", "-1", "-p", port, "--forceflush"]);
        try
        {
            await ListeningAsync(server, ct);
            var result = await BoundedCommand.RunAsync(duration + Margin, ct,
                ["ip", "netns", "exec", customer.Namespace, "iperf3", "-c", lab.Description.Gateway.AddressIn(vlan), "-p", port, "-t", seconds, "-J",
                 "--connect-timeout", "3000", .. offer.Arguments, .. direction == Direction.Down ? new[] { "-R" } : []]);
            using var report = JsonDocument.Parse(result.Succeeded());
            return report.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e6;
        }
        finally
        {
            server.Kill(entireProcessTree: true); // ends at once when it has ended already
        }
    }

    /// <summary>The switch needs a moment until the link is up for it too.</summary>
    public static async Task RequireAnswerAsync(this RealLab lab, LabCustomer customer, int vlan, CancellationToken ct)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if (await lab.PingAsync(customer, vlan, 1, ct) == 1)
            {
                return;
            }
        }

        Assert.Fail($"The gateway of VLAN {vlan} does not answer {customer.Namespace}.");
    }

    /// <summary>The sold rate arrives within 15 %. UDP, because the limiter polices. On a busy machine one measurement may fall short; three do not.</summary>
    public static async Task RequireSoldRateAsync(this RealLab lab, LabCustomer customer, int vlan, Direction direction, int soldMbps, CancellationToken ct)
    {
        List<double> seen = [];
        for (var tries = 0; tries < 3; tries++)
        {
            seen.Add(await lab.MeasureAsync(customer, vlan, direction, Offer.Udp(soldMbps * 3 / 2), TimeSpan.FromSeconds(4), ct));
            if (seen[^1] > soldMbps * 0.85 && seen[^1] < soldMbps * 1.15)
            {
                return;
            }
        }

        Assert.Fail($"{direction}: sold {soldMbps} Mbit/s, measured {string.Join(", ", seen.Select(s => $"{s:0.0}"))}.");
    }

    private static async Task ListeningAsync(Process server, CancellationToken ct)
    {
        while (await server.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("Server listening", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"iperf3 -s did not start: {await server.StandardError.ReadToEndAsync(ct)}");
    }

    [GeneratedRegex(@"(?<sent>\d+) packets transmitted, (?<received>\d+) received")]
    private static partial Regex Counts();

    /// <summary>Which way the measured traffic goes, seen from the customer.</summary>
    public enum Direction
    {
        Down,
        Up,
    }

    /// <summary>What is sent: TCP as fast as it goes, or UDP at a rate above the sold one.</summary>
    public sealed record Offer
    {
        private Offer(params IReadOnlyList<string> arguments) => Arguments = arguments;

        public static Offer Tcp { get; } = new();

        public IReadOnlyList<string> Arguments { get; }

        public static Offer Udp(int mbps) => new("-u", "-b", $"{mbps}M", "-l", "1400");
    }

    /// <summary>A ping that runs beside the test.</summary>
    public sealed class RunningPing(Process process) : IDisposable
    {
        private readonly Task<string> _output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);

        /// <summary>Interrupts it as a person would, for its own count.</summary>
        public async Task<(int Sent, int Received)> StopAsync(CancellationToken ct)
        {
            (await BoundedCommand.RunAsync(Margin, ct, ["kill", "-INT", $"{process.Id}"])).Succeeded();
            await process.WaitForExitAsync(ct).WaitAsync(Margin, ct);
            var text = await _output;
            var counts = Counts().Match(text);
            return counts.Success
                ? (int.Parse(counts.Groups["sent"].Value, CultureInfo.InvariantCulture), int.Parse(counts.Groups["received"].Value, CultureInfo.InvariantCulture))
                : throw new InvalidOperationException($"ping counted nothing: {text}");
        }

        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
