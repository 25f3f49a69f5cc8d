using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>Net-SNMP's own agent on a free loopback port with a folder of its own; read-write as "private", read-only as "public".</summary>
public sealed class NetSnmpAgent : IAsyncLifetime
{
    private const string Program = "/usr/sbin/snmpd";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-snmpd-");
    private Process? _process;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
        {
            return;
        }

        var configuration = Path.Combine(_folder.FullName, "snmpd.conf");
        await File.WriteAllTextAsync(configuration, "rwcommunity private 127.0.0.1\nrocommunity public 127.0.0.1\n");

        // Another test run may take the free port between our look and snmpd's bind: then snmpd ends and another port is tried.
        for (var attempt = 0; attempt < 5 && !await StartAsync(configuration); attempt++)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Skips the test where snmpd is not installed; fails it where everything must be there.</summary>
    public void Require()
    {
        if (!File.Exists(Program))
        {
            const string Reason = $"{Program} is missing: install Debian's package snmpd (eng/setup.sh does).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1", Reason);
            Assert.Fail(Reason);
        }

        Assert.True(_process is { HasExited: false }, "snmpd did not start: " + File.ReadAllText(Path.Combine(_folder.FullName, "log")));
    }

    private async Task<bool> StartAsync(string configuration)
    {
        using (var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            EndPoint = (IPEndPoint)free.LocalEndPoint!;
        }

        var start = new ProcessStartInfo(Program, ["-f", "-Lf", Path.Combine(_folder.FullName, "log"), "-C", "-c", configuration, $"udp:{EndPoint}"])
        {
            Environment =
            {
                ["SNMP_PERSISTENT_DIR"] = Path.Combine(_folder.FullName, "state"),
                ["SNMPCONFPATH"] = _folder.FullName,
                ["MIBS"] = "",
            },
        };
        _process = Process.Start(start);
        await using var client = new SnmpClient();
        for (var attempt = 0; attempt < 100 && _process is { HasExited: false }; attempt++)
        {
            try
            {
                await client.GetAsync(new SnmpTarget(EndPoint) { Timeout = TimeSpan.FromMilliseconds(100), Retries = 0 }, [SystemMib.SysUpTime], CancellationToken.None);
                return true;
            }
            catch (SnmpException exception) when (exception.IsTransient)
            {
                // Not up yet.
            }
        }

        await StopAsync();
        return false;
    }

    private async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }
}
