using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal.Ssh;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.Tests.Terminal;

namespace ProvisionSvc.IntegrationTests.Terminal;

/// <summary>The misbehaving switch behind a real sshd, in small (1,000 sessions: eng/bench.sh terminal).</summary>
[Collection(Floods)]
public sealed class MisbehavingOverSshTests
{
    /// <summary>Not beside a test that weighs this process: its own floods would be weighed too.</summary>
    public const string Floods = "floods";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_answer_is_given_to_another_line_and_nothing_reaches_another_port()
    {
        var socat = Requires.Program("socat", "socat");
        await using var sshd = await Sshd.StartAsync($"exec {socat} STDIO,raw,echo=0 UNIX-CONNECT:device.sock");
        var template = TemplateCatalog.Load(Checkout.File("device-templates")).OrThrow().Find("huawei-vrp5")!;
        var dialect = template.Dialect! with { Login = [], LineDeadline = TimeSpan.FromSeconds(1), LoginDeadline = TimeSpan.FromMinutes(1), MaxOutputBytes = 64 * 1024 };
        var (seed, answers, wrong, wrongPorts, strays) = (0, 0, 0, 0, 0);
        var devices = new SocketDevices(Path.Combine(sshd.Directory, "device.sock"), async line =>
        {
            var device = new MisbehavingSwitch(line, new Random(Interlocked.Increment(ref seed)));
            try
            {
                await device.RunAsync();
            }
            finally
            {
                Interlocked.Add(ref wrongPorts, device.WrongPorts);
                Interlocked.Add(ref strays, device.Strays);
            }
        });
        await using (devices)
        {
            await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Ct }, async (n, ct) =>
            {
                try
                {
                    var count = await BusySession.RunAsync(await new SshConnector(TimeProvider.System).OpenAsync(sshd.Endpoint(), dialect, ct), template, new Random(n), ct);
                    Interlocked.Add(ref answers, count.Answers);
                    Interlocked.Add(ref wrong, count.Wrong);
                }
                catch (DeviceException away) when (away.IsTransient)
                {
                    // A machine too busy to log in within a minute has shown nothing wrong.
                }
            });
        }

        Assert.Equal((0, 0, 0), (wrong, wrongPorts, strays));
        Assert.True(answers > 0, "No session ever came so far as to be answered.");
    }
}
