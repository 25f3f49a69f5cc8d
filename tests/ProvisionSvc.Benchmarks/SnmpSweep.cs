using System.Diagnostics;
using System.Net;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Benchmarks;

/// <summary>Five columns of every port of thousands of agents into typed readings, sweep after sweep in one process: the first is the cold one.</summary>
internal static class SnmpSweep
{
    private const uint FirstAgent = 0x7F010001; // 127.1.0.1
    private static readonly SnmpColumns Columns = new(IfMib.IfAdminStatus, IfMib.IfOperStatus, IfMib.IfHCInOctets, IfMib.IfHCOutOctets, IfMib.IfAlias);

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (agents, window, sweeps) = (options.Int("agents", 4_000), options.Int("window", 200), options.Int("sweeps", 4));
        var security = options.Text("v3", "no") == "yes" ? new SnmpV3Security(SnmpAgentsV3.User) : null;
        await using var client = new SnmpClient(new SnmpClientOptions
        {
            Sockets = options.Int("sockets", 1),
            ReceiveBuffer = 32 << 20,
            Transport = Enum.Parse<SnmpTransport>(options.Text("transport", nameof(SnmpTransport.Best))),
        });
        var targets = new SnmpTarget[agents];
        var readings = new PortReadings[agents];
        for (var i = 0; i < agents; i++)
        {
            targets[i] = new SnmpTarget(new IPEndPoint(IPAddress.HostToNetworkOrder((int)(FirstAgent + (uint)i)) & 0xFFFFFFFFL, options.Int("port", 1161)))
            {
                Security = security,
                Timeout = TimeSpan.FromMilliseconds(options.Int("timeout", 1_000)),
            };
            readings[i] = new PortReadings();
        }

        var expected = options.Int("ports", 52) * Columns.Oids.Count;
        using var types = options.Text("types", "no") == "yes" ? new AllocatedTypes() : null;
        var hasFailed = false;
        using var process = Process.GetCurrentProcess();
        for (var sweep = 1; sweep <= sweeps; sweep++)
        {
            var (cpu, allocated, started) = (Cpu(process), GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
            var next = -1;
            var failed = 0;
            var loops = new Task[window];
            for (var i = 0; i < window; i++)
            {
                loops[i] = LoopAsync();
            }

            await Task.WhenAll(loops);
            var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var (used, bytes) = (Cpu(process) - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
            hasFailed |= failed > 0;
            Console.WriteLine(
                $"sweep={sweep} devices={agents} failed={failed} wall={wall:0.0000} dev_s={agents / wall:0} cpu={used:0.0000} cpu_per_1000dev={used / agents * 1000:0.0000} "
                + $"alloc_per_device={(double)bytes / agents:0} retries={client.Statistics.Retries} transport=\"{client.Transport}\" rss_kb={Environment.WorkingSet / 1024}");

            async Task LoopAsync()
            {
                while (Interlocked.Increment(ref next) is var i && i < agents)
                {
                    try
                    {
                        var read = await client.ReadCellsAsync(targets[i], Columns, readings[i], SnmpReadLimits.Default, ct);
                        if (!read.Complete || read.Cells != expected)
                        {
                            Interlocked.Increment(ref failed);
                        }
                    }
                    catch (SnmpException exception)
                    {
                        Interlocked.Increment(ref failed);
                        await Console.Error.WriteLineAsync(exception.Message);
                    }
                }
            }
        }

        return hasFailed ? 3 : 0;
    }

    private static double Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>What a poller keeps of a switch: numbers and short texts, nothing per message.</summary>
    private sealed class PortReadings : ISnmpCellSink
    {
        private const int MostPorts = 64;
        private const int AliasSize = 32;
        private readonly Port[] _ports = new Port[MostPorts];
        private readonly byte[] _aliases = new byte[MostPorts * AliasSize];

        public void OnCell(int column, ReadOnlySpan<uint> index, in SnmpCell cell)
        {
            if (index is not [< MostPorts and var ifIndex])
            {
                return;
            }

            ref var port = ref _ports[ifIndex];
            switch (column)
            {
                case 0: port.Admin = (byte)cell.Number; break;
                case 1: port.Oper = (byte)cell.Number; break;
                case 2: port.In = cell.Unsigned; break;
                case 3: port.Out = cell.Unsigned; break;
                default:
                    var length = Math.Min(cell.Octets.Length, AliasSize);
                    cell.Octets[..length].CopyTo(_aliases.AsSpan((int)ifIndex * AliasSize));
                    port.AliasLength = (byte)length;
                    break;
            }
        }

        private struct Port
        {
            public ulong In;
            public ulong Out;
            public byte Admin;
            public byte Oper;
            public byte AliasLength;
        }
    }
}
