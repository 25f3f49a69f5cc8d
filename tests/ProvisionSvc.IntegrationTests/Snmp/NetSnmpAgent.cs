using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>Net-SNMP's own agent on a free loopback port with a folder of its own; read-write as "private", read-only as "public".</summary>
public sealed class NetSnmpAgent : IAsyncLifetime
{
    private const string Program = "/usr/sbin/snmpd";
    private const string AuthPassword = "authpassword";
    private const string PrivPassword = "privpassword";

    /// <summary>One user for no security, one for each authentication alone, one for each pair that Net-SNMP has: those are all of ours.</summary>
    public static IReadOnlyList<UsmUser> Users { get; } =
    [
        new("nobody-special"),
        .. Enum.GetValues<AuthProtocol>().Where(auth => auth != AuthProtocol.None).SelectMany(auth => Enum.GetValues<PrivProtocol>().Select(priv =>
            new UsmUser($"u-{auth}-{priv}", auth, AuthPassword, priv, priv == PrivProtocol.None ? "" : PrivPassword))),
    ];

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
        var users = Users.Select(user => $"createUser {user.Name}{ConfigurationOf(user)}\nrwuser {user.Name} {(user.Auth == AuthProtocol.None ? "noauth" : user.Priv == PrivProtocol.None ? "auth" : "priv")}");
        await File.WriteAllLinesAsync(configuration, ["rwcommunity private 127.0.0.1", "rocommunity public 127.0.0.1", .. users]);

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

    /// <summary>A user as Net-SNMP's tools want it.</summary>
    public static string[] ToolArguments(UsmUser user) => user.Level switch
    {
        SecurityLevel.NoAuthNoPriv => ["-v3", "-l", "noAuthNoPriv", "-u", user.Name],
        SecurityLevel.AuthNoPriv => ["-v3", "-l", "authNoPriv", "-u", user.Name, "-a", NameOf(user.Auth), "-A", AuthPassword],
        _ => ["-v3", "-l", "authPriv", "-u", user.Name, "-a", NameOf(user.Auth), "-A", AuthPassword, "-x", NameOf(user.Priv), "-X", PrivPassword],
    };

    private static string ConfigurationOf(UsmUser user) => user.Level switch
    {
        SecurityLevel.NoAuthNoPriv => "",
        SecurityLevel.AuthNoPriv => $" {NameOf(user.Auth)} {AuthPassword}",
        _ => $" {NameOf(user.Auth)} {AuthPassword} {NameOf(user.Priv)} {PrivPassword}",
    };

    private static string NameOf(AuthProtocol auth) => auth switch
    {
        AuthProtocol.HmacMd5 => "MD5",
        AuthProtocol.HmacSha1 => "SHA",
        AuthProtocol.HmacSha224 => "SHA-224",
        AuthProtocol.HmacSha256 => "SHA-256",
        AuthProtocol.HmacSha384 => "SHA-384",
        _ => "SHA-512",
    };

    private static string NameOf(PrivProtocol priv) => priv switch
    {
        PrivProtocol.Des => "DES",
        PrivProtocol.Aes128 => "AES",
        PrivProtocol.Aes192 => "AES-192",
        PrivProtocol.Aes256 => "AES-256",
        PrivProtocol.Aes192Reeder => "AES-192-C",
        _ => "AES-256-C",
    };

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
