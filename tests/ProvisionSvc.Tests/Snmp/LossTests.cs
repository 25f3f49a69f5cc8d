using System.Diagnostics;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Loss of every tenth, fifth, third datagram each way: misses as the number of tries predicts, and nothing falsely missing after three sweeps (reliability F37).</summary>
public sealed class LossTests(ITestOutputHelper output)
{
    private const int Agents = 200;
    private static readonly Mib Mib = Mib.Table(Oid.Parse("1.3.6.1.2.1.2.2.1"), 12, 7, 8);
    private static readonly SnmpColumns Columns = new(Oid.Parse("1.3.6.1.2.1.2.2.1.7"), Oid.Parse("1.3.6.1.2.1.2.2.1.8"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    public async Task Misses_are_those_that_the_number_of_tries_predicts(double loss)
    {
        const int Tries = 3;
        await using var client = new SnmpClient();
        var agents = Lossy(loss);
        var misses = 0;
        var worst = TimeSpan.Zero;
        await Parallel.ForEachAsync(agents, new ParallelOptions { MaxDegreeOfParallelism = Agents, CancellationToken = Ct }, async (agent, ct) =>
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                await client.GetAsync(agent.Target with { Timeout = TimeSpan.FromMilliseconds(400), MaxTimeout = TimeSpan.FromMilliseconds(400), Retries = Tries - 1 }, [Mib.All[0].Oid], ct);
            }
            catch (SnmpException exception) when (exception.Fault == SnmpFault.Timeout)
            {
                Interlocked.Increment(ref misses);
            }

            lock (agents)
            {
                worst = TimeSpan.FromTicks(Math.Max(worst.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
            }
        });

        // One try is lost when the question or the answer is; a question is missed when all its tries are.
        var predicted = Math.Pow(1 - ((1 - loss) * (1 - loss)), Tries);
        output.WriteLine($"loss {loss:0%} each way: {misses} of {Agents} missed, predicted {predicted * Agents:0.0}; worst case {worst.TotalSeconds:0.00} s");
        var spread = 5 * Math.Sqrt(Agents * predicted * (1 - predicted));
        Assert.InRange(misses, (predicted * Agents) - spread - 1, (predicted * Agents) + spread + 1);
        await EndAsync(agents);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(0.3)]
    public async Task Every_table_is_whole_within_three_sweeps(double loss)
    {
        await using var client = new SnmpClient();
        var agents = Lossy(loss);
        var left = agents.ToList();
        for (var sweep = 1; sweep <= 3; sweep++)
        {
            var missing = new List<ScriptedAgent>();
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = Agents, CancellationToken = Ct }, async (agent, ct) =>
            {
                var target = agent.Target with { Timeout = TimeSpan.FromMilliseconds(100), MaxTimeout = TimeSpan.FromMilliseconds(200), Retries = 7 };
                var sink = new Counter();
                var isWhole = false;
                try
                {
                    isWhole = (await client.ReadCellsAsync(target, Columns, sink, SnmpReadLimits.Default, ct)).Complete;
                }
                catch (SnmpException exception) when (exception.Fault == SnmpFault.Timeout)
                {
                    // Missed this time.
                }

                if (!isWhole)
                {
                    lock (missing)
                    {
                        missing.Add(agent);
                    }

                    return;
                }

                Assert.Equal(24, sink.Cells); // what says complete is complete
            });
            output.WriteLine($"loss {loss:0%} each way, sweep {sweep}: {missing.Count} of {left.Count} not whole, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s, {client.Statistics.Retries} retries so far");
            left = missing;
        }

        Assert.Empty(left);
        await EndAsync(agents);
    }

    private static ScriptedAgent[] Lossy(double loss) =>
        [.. Enumerable.Range(0, Agents).Select(seed =>
        {
            var random = new Random(seed);
            return new ScriptedAgent(call => random.NextDouble() < loss || random.NextDouble() < loss ? Task.CompletedTask : call.SendAsync(Mib.Answer(call.Request)));
        })];

    private static async Task EndAsync(ScriptedAgent[] agents)
    {
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }
    }

    private sealed class Counter : ISnmpCellSink
    {
        public int Cells { get; private set; }

        public void OnCell(int column, ReadOnlySpan<uint> index, in SnmpCell cell) => Cells++;
    }
}
