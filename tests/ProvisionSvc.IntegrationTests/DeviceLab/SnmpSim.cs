using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>Debian's snmpsim over copies of recordings in a folder of its own, on a free loopback port; a recording's name is its community.</summary>
internal sealed class SnmpSim : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly IPEndPoint _endPoint;
    private readonly Process _process;

    private SnmpSim(DirectoryInfo folder, IPEndPoint endPoint, Process process) => (_folder, _endPoint, _process) = (folder, endPoint, process);

    public SnmpTarget Target(string recording) => new(_endPoint) { Community = recording, Timeout = TimeSpan.FromSeconds(5) };

    public static async Task<SnmpSim> StartAsync(IReadOnlyList<string> files, CancellationToken ct)
    {
        var program = Requires.Program("snmpsimd", "snmpsim");
        var folder = Directory.CreateTempSubdirectory("snmpsim-");
        var (data, cache) = (folder.CreateSubdirectory("data"), folder.CreateSubdirectory("cache"));
        foreach (var file in files)
        {
            var copy = Path.Combine(data.FullName, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        if (Environment.IsPrivilegedProcess)
        {
            // As root it insists on becoming somebody else.
            using var chown = Process.Start("chown", ["-R", "nobody:nogroup", folder.FullName]);
            await chown.WaitForExitAsync(ct);
        }

        // Another test run may take the free port between our look and its bind: then it ends and another port is tried.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var endPoint = FreePort();
            var sim = new SnmpSim(folder, endPoint, Start(program, data.FullName, cache.FullName, endPoint));
            if (await sim.AnswersAsync(Path.GetFileNameWithoutExtension(files[0]), ct))
            {
                return sim;
            }

            await sim.StopAsync();
        }

        folder.Delete(recursive: true);
        throw new InvalidOperationException("snmpsimd did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private static Process Start(string program, string data, string cache, IPEndPoint endPoint)
    {
        string[] drop = Environment.IsPrivilegedProcess ? ["--process-user=nobody", "--process-group=nogroup"] : [];
        return Process.Start(new ProcessStartInfo(
            program, [.. drop, $"--data-dir={data}", $"--cache-dir={cache}", "--v2c-arch", $"--agent-udpv4-endpoint={endPoint}", "--logging-method=null"])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        })!;
    }

    private async Task<bool> AnswersAsync(string recording, CancellationToken ct)
    {
        // It indexes every recording before it answers.
        await using var client = new SnmpClient();
        for (var attempt = 0; attempt < 240 && !_process.HasExited; attempt++)
        {
            try
            {
                await client.GetAsync(Target(recording) with { Timeout = TimeSpan.FromMilliseconds(250), Retries = 0 }, [SystemMib.SysDescr], ct);
                return true;
            }
            catch (SnmpException exception) when (exception.IsTransient)
            {
                // Not up yet.
            }
        }

        return false;
    }

    private async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static IPEndPoint FreePort()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)free.LocalEndPoint!;
    }
}
