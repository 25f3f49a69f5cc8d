using System.Diagnostics;
using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;
using ProvisionSvc.Tests.Terminal;

namespace ProvisionSvc.Benchmarks;

/// <summary>Sessions with a switch that misbehaves: over an in-process stream in virtual time, or through a real sshd.</summary>
internal sealed class TerminalCampaign(Options options)
{
    private readonly LoadedTemplate _template = TemplateCatalog.Load(options.Text("templates", "device-templates")).OrThrow().Find("huawei-vrp5")!;
    private readonly int _sessions = options.Int("sessions", 1000);
    private readonly int _seed = options.Int("seed", 1);
    private long _answers;
    private long _wrong;
    private long _wrongPorts;
    private long _strays;
    private long _doubts;
    private long _unopened;
    private long _done;
    private long _base;
    private long _most;

    public async Task<int> RunAsync(CancellationToken ct)
    {
        var since = Stopwatch.GetTimestamp();
        var path = Path.Combine(Path.GetTempPath(), $"provision-{Environment.ProcessId}-{_seed}.sock");
        var ssh = options.Text("port", "") is { Length: > 0 } port ? Endpoint(int.Parse(port)) : null;
        var sockets = ssh is null ? null : new SocketDevices(options.Text("socket", path), MisbehaveAsync);
        try
        {
            await Parallel.ForAsync(0, _sessions, new ParallelOptions { MaxDegreeOfParallelism = options.Int("parallel", Environment.ProcessorCount), CancellationToken = ct }, async (n, token) =>
            {
                await (ssh is null ? InProcessAsync(_seed + (n * 4), token) : OverSshAsync(ssh, _seed + (n * 4), token));
                Weigh();
            });
        }
        finally
        {
            await (sockets?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        Console.WriteLine(
            $"sessions={_sessions} way={(ssh is null ? "stream" : "sshd")} answers={_answers} doubts={_doubts} unopened={_unopened} wrong={_wrong} wrong_ports={_wrongPorts} strays={_strays} " +
            $"grown_mib={Math.Max(0, _most - _base) / 1024.0 / 1024.0:0.0} seconds={Stopwatch.GetElapsedTime(since).TotalSeconds:0}");
        return _wrong + _wrongPorts + _strays == 0 && _most - _base <= 64L * 1024 * 1024 ? 0 : 1;
    }

    private async ValueTask InProcessAsync(int seed, CancellationToken ct)
    {
        var (chunks, chances) = (new Random(seed), new Random(seed + 1));
        MisbehavingSwitch? device = null;
        var line = new ScriptedDevice(d => (device = new(d, chances)).RunAsync()) { ChunkSize = () => chunks.Next(1, 60) };
        await CountAsync(await line.LoginAsync(Dialect, ct), seed, ct);
        Note(device!);
    }

    private async ValueTask OverSshAsync(TerminalEndpoint endpoint, int seed, CancellationToken ct)
    {
        try
        {
            var impatient = Dialect with { LineDeadline = TimeSpan.FromSeconds(2) };
            await CountAsync(await new SshConnector(TimeProvider.System).OpenAsync(endpoint, impatient, ct), seed, ct);
        }
        catch (DeviceException closed)
        {
            await Console.Error.WriteLineAsync(closed.Message);
            Interlocked.Increment(ref _unopened);
        }
    }

    private async Task MisbehaveAsync(IDeviceEnd line)
    {
        var device = new MisbehavingSwitch(line, new Random(_seed + (int)Interlocked.Increment(ref _done)));
        try
        {
            await device.RunAsync();
        }
        finally
        {
            Note(device);
        }
    }

    private async Task CountAsync(ITerminalSession session, int seed, CancellationToken ct)
    {
        var count = await BusySession.RunAsync(session, _template, new Random(seed + 2), ct);
        Interlocked.Add(ref _answers, count.Answers);
        Interlocked.Add(ref _wrong, count.Wrong);
        Interlocked.Add(ref _doubts, count.Doubts);
    }

    private void Note(MisbehavingSwitch device)
    {
        Interlocked.Add(ref _wrongPorts, device.WrongPorts);
        Interlocked.Add(ref _strays, device.Strays);
    }

    /// <summary>Resident memory after the first twentieth, when all is compiled and warm, is what the rest is compared with.</summary>
    private void Weigh()
    {
        var weighed = Interlocked.Increment(ref _weighed);
        if (weighed == Math.Max(1, _sessions / 20))
        {
            _base = _most = Environment.WorkingSet;
        }
        else if (_base > 0 && weighed % 50 == 0)
        {
            _most = Math.Max(_most, Environment.WorkingSet);
        }
    }

    private long _weighed;

    private TerminalDialect Dialect => _template.Dialect! with { Login = [], MaxOutputBytes = 64 * 1024 };

    private TerminalEndpoint Endpoint(int port) => new(
        "sw-12", IPAddress.Loopback, port, new TerminalLogin(Environment.UserName, null, new Secret(File.ReadAllText(options.Text("key", "")))), options.Text("host-key", ""));
}
