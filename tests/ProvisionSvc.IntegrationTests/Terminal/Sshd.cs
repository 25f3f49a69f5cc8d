using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Core;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.IntegrationTests.Terminal;

/// <summary>A real OpenSSH server on a free loopback port, with its own host key, its own client key and a directory of its own.</summary>
public sealed class Sshd : IAsyncDisposable
{
    private readonly Process _process;

    private Sshd(string directory, int port, Process process) => (Directory, Port, _process) = (directory, port, process);

    /// <summary>Removed at the end; the forced command runs in it.</summary>
    public string Directory { get; }

    public int Port { get; }

    public string HostKey { get; private init; } = "";

    public Secret ClientKey { get; private init; } = new("");

    public TerminalLogin Login => new(Environment.UserName, null, ClientKey);

    /// <summary>The server's own log.</summary>
    public string Log
    {
        get
        {
            using var reader = new StreamReader(new FileStream(Path.Combine(Directory, "log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <summary>How often anybody tried to authenticate; asking which methods there are ("none") is no attempt.</summary>
    public int AuthenticationAttempts => Log.Split('\n').Count(l =>
        l.Contains("userauth-request for user", StringComparison.Ordinal) && !l.Contains("method none", StringComparison.Ordinal));

    public TerminalEndpoint Endpoint(string name = "sw-test") => new(name, IPAddress.Loopback, Port, Login, HostKey);

    /// <summary>Starts a server whose every session runs <paramref name="command"/>; skips the test where there is no sshd.</summary>
    public static async Task<Sshd> StartAsync(string command, params string[] options)
    {
        var program = new[] { "/usr/sbin/sshd", "/usr/local/sbin/sshd" }.FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1", "openssh-server is not installed.");
            throw new InvalidOperationException("openssh-server is not installed, and PROVISION_REQUIRE_ALL is set.");
        }

        if (Environment.IsPrivilegedProcess)
        {
            System.IO.Directory.CreateDirectory("/run/sshd"); // where sshd drops its privileges
        }

        var directory = System.IO.Directory.CreateTempSubdirectory("provision-sshd-").FullName;
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(directory, "host"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(directory, "client"));
        File.Copy(Path.Combine(directory, "client.pub"), Path.Combine(directory, "authorized_keys"));
        var fingerprint = await RunAsync("ssh-keygen", "-lf", Path.Combine(directory, "host.pub"));
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            await File.WriteAllLinesAsync(Path.Combine(directory, "config"),
            [
                .. options,
                $"ListenAddress 127.0.0.1:{port}", $"HostKey {directory}/host", $"AuthorizedKeysFile {directory}/authorized_keys", $"PidFile none",
                "UsePAM no", "StrictModes no", "PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
                "DisableForwarding yes", "MaxStartups 1000", "MaxSessions 1000", "LogLevel DEBUG1", "PrintMotd no", "PrintLastLog no", "UseDNS no",
                $"AllowUsers {Environment.UserName}@127.0.0.0/8", $"ForceCommand cd {directory} && {command}",
            ]);
            var process = Process.Start(new ProcessStartInfo(program, ["-D", "-f", Path.Combine(directory, "config"), "-E", Path.Combine(directory, "log")]))!;
            if (await ListensAsync(port, process))
            {
                return new Sshd(directory, port, process)
                {
                    HostKey = fingerprint.Split(' ')[1],
                    ClientKey = new Secret(await File.ReadAllTextAsync(Path.Combine(directory, "client"))),
                };
            }

            Assert.True(attempt < 3, "sshd does not start: " + await File.ReadAllTextAsync(Path.Combine(directory, "log")));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static async Task<bool> ListensAsync(int port, Process process)
    {
        for (var wait = 0; wait < 200 && !process.HasExited; wait++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(25);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

/// <summary>One server whose sessions are a plain shell and one whose sessions are a small VRP-like command line.</summary>
public sealed class SshdFixture : IAsyncLifetime
{
    public static readonly TerminalDialect ShellDialect = new()
    {
        InitialPrompt = @"[#$]",
        Prompt = @"pv:(?<status>\d+)\$",
        Login = [new LoginStep("PS1='pv:$?\\$ ' PS2='more? '")],
        Logout = ["exit"],
        ForbiddenCharacters = "",
    };

    public static readonly TerminalDialect VrpDialect = new()
    {
        Prompt = @"(?:<(?<host>[^<>\s]+)>|\[[~*]?(?<host>[^\[\]\s]+?)(?:-[^\[\]\s]+)?\])",
        Login = [new LoginStep("screen-length 0 temporary")],
        Errors = ["^Error:"],
        Pagers = [new Dialogue("---- More ----", " ", Enter: false)],
        Logout = ["return", "quit"],
    };

    public Sshd Shell { get; private set; } = null!;

    public Sshd Vrp { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Shell = await Sshd.StartAsync("ENV= exec dash -i");
        Vrp = await StartVrpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Shell is not null)
        {
            await Shell.DisposeAsync();
        }

        if (Vrp is not null)
        {
            await Vrp.DisposeAsync();
        }
    }

    /// <summary>A server of its own whose sessions are the VRP-like command line, for a test that needs other options or reads the log.</summary>
    public static async Task<Sshd> StartVrpAsync(params string[] options)
    {
        var server = await Sshd.StartAsync("exec dash vrp.sh", options);
        await File.WriteAllTextAsync(Path.Combine(server.Directory, "vrp.sh"), VrpScript);
        return server;
    }

    /// <summary>A VRP-like command line; what it was told is kept in the file "executed".</summary>
    private const string VrpScript = """
        view=; host=SW-01
        trap '' INT
        printf '\nInfo: The max number of VTY users is 10, and the number\n      of current VTY users on line is 1.\n'
        while :; do
          case $view in '') printf '<%s>' $host;; sys) printf '[%s]' $host;; *) printf '[%s-%s]' $host $view;; esac
          IFS= read -r line || exit 0
          printf '%s\n' "$line" >> executed
          case $line in
            system-view) view=sys; echo 'Enter system view, return user view with Ctrl+Z.';;
            interface*) view=${line#interface };;
            return) view=;;
            quit) case $view in '') exit 0;; sys) view=;; *) view=sys;; esac;;
            save) printf 'Are you sure to continue?[Y/N]:'; read -r answer; [ "$answer" = Y ] && echo 'Save the configuration successfully.';;
            'display description') printf ' description <SW-01>\n description #\n<SW-01> is a switch\n#\n';;
            'display flood') while :; do echo 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; done;;
            silence) sleep 60;;
            die) exit 1;;
            'display version') printf 'VRP (R) software, Version 5.70\n';;
            description*|shutdown|'undo shutdown'|screen-length*|'') ;;
            *) printf '    ^\nError: Unrecognized command found at %s position.\n' "'^'";;
          esac
        done
        """;
}
