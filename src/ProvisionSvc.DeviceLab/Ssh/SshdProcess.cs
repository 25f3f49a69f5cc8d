using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProvisionSvc.DeviceLab.Ssh;

/// <summary>
/// Debian's sshd on a free port of 127.0.0.1, reached only through the front: one user, one key, one forced command (the relay), no
/// forwarding. A shell owns it and ends it when our end of its stdin closes, so that it does not outlive a lab that was killed.
/// </summary>
internal sealed class SshdProcess : IAsyncDisposable
{
    private const string Supervise = "\"$@\" & child=$!; read -r _; kill $child; wait $child";

    // Post-quantum key exchange, the default of newer clients, costs five times the time of curve25519 and protects nothing here.
    private static readonly string[] ModernAlgorithms =
        ["KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha256"];

    private static readonly string[] LegacyAlgorithms =
    [
        "KexAlgorithms diffie-hellman-group1-sha1", "HostKeyAlgorithms ssh-rsa", "Ciphers aes128-cbc,3des-cbc", "MACs hmac-sha1", "RequiredRSASize 1024",
    ];

    private readonly Process _supervisor;

    private SshdProcess(Process supervisor, int port) => (_supervisor, Port) = (supervisor, port);

    public int Port { get; }

    public static string User => Environment.UserName;

    /// <summary>What is missing on this machine, and how to get it; null when nothing is.</summary>
    public static string? WhyNot()
    {
        var missing = new[] { ("sshd", "openssh-server"), ("ssh-keygen", "openssh-client"), ("socat", "socat") }.Where(tool => Tools.Find(tool.Item1) is null).ToList();
        if (missing.Count > 0) return $"Not installed: {string.Join(", ", missing.Select(m => $"{m.Item1} (Debian package {m.Item2})"))}.";
        return Environment.IsPrivilegedProcess || TerminalsHaveTheirGroup() ? null
            : "/dev/pts is mounted without gid=, so an sshd that is not root cannot open terminals here: run the lab as root, or with --no-ssh.";
    }

    public static async Task<SshdProcess> StartAsync(string directory, string name, SshKey hostKey, SshKey userKey, string relaySocket, bool legacy, CancellationToken ct)
    {
        if (WhyNot() is { } reason) throw new LabException(reason);
        var (sshd, socat) = (Tools.Find("sshd")!, Tools.Find("socat")!);

        // sshd's empty folder for privilege separation is made by its service, which need not run.
        if (Environment.IsPrivilegedProcess) Directory.CreateDirectory("/run/sshd");

        var config = Path.Combine(directory, name + ".conf");
        var log = Path.Combine(directory, name + ".log");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            await WriteConfigAsync(sshd, config, port, hostKey, userKey, socat, relaySocket, legacy ? LegacyAlgorithms : ModernAlgorithms, ct);
            var process = Supervised(sshd, config, log);
            if (await IsListeningAsync(process, port, ct)) return new SshdProcess(process, port);
            await EndAsync(process);
            // The port may have been taken between finding it and using it.
            if (attempt == 3) throw new LabException($"sshd did not start: {(await File.ReadAllTextAsync(log, ct)).Trim()}");
        }
    }

    private static async Task WriteConfigAsync(
        string sshd, string config, int port, SshKey hostKey, SshKey userKey, string socat, string relaySocket, string[] algorithms, CancellationToken ct)
    {
        var authorized = Path.Combine(Path.GetDirectoryName(config)!, "authorized_keys");
        await File.WriteAllTextAsync(authorized, userKey.PublicLine, ct);
        // HOME and SHLVL keep a login shell that is bash from reading ~/.bashrc, which costs more than all the rest.
        List<string> lines =
        [
            $"Port {port}", "ListenAddress 127.0.0.1", "PidFile none", "LogLevel ERROR", "UseDNS no",
            $"HostKey \"{hostKey.PrivateFile}\"", $"AuthorizedKeysFile \"{authorized}\"", "StrictModes no",
            $"UsePAM {(IsLocked(User) ? "yes" : "no")}", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
            $"AllowUsers {User}@127.0.0.1", "DisableForwarding yes", "PermitUserRC no", "PrintMotd no", "PrintLastLog no",
            "MaxStartups 2000", "LoginGraceTime 30",
            .. algorithms,
            $"SetEnv \"HOME={Path.GetDirectoryName(config)}\" SHLVL=5",
            $"ForceCommand if [ -t 0 ]; then exec {socat} -t0 STDIO,raw,echo=0 UNIX-CONNECT:{relaySocket}; else exec {socat} -t0.5 STDIO UNIX-CONNECT:{relaySocket}; fi",
        ];

        // -t: how long the other direction may still speak after one has ended. A terminal ends only with its session; a pipe may end before its answer.
        // Since OpenSSH 9.8 an address with many ended sessions is made to wait; here all clients share one address. Older ones do not know the word.
        await File.WriteAllLinesAsync(config, [.. lines, "PerSourcePenalties no"], ct);
        var test = new ProcessStartInfo(sshd) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in new[] { "-t", "-f", config }) test.ArgumentList.Add(argument);
        using var process = Tools.Start(test, "openssh-server");
        var error = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode == 0) return;
        if (!error.Contains("PerSourcePenalties", StringComparison.Ordinal)) throw new LabException($"sshd refuses its configuration {config}: {error.Trim()}");
        await File.WriteAllLinesAsync(config, lines, ct);
    }

    /// <summary>Without PAM sshd refuses an account whose password is locked; only root can see that, and only then it matters.</summary>
    private static bool IsLocked(string user) => Environment.IsPrivilegedProcess && File.Exists("/etc/shadow")
        && File.ReadLines("/etc/shadow").Any(line => line.StartsWith($"{user}:!", StringComparison.Ordinal));

    /// <summary>sshd gives each terminal to group tty; without root it can only do so where the mount has done it already, as Debian's does.</summary>
    private static bool TerminalsHaveTheirGroup() =>
        File.ReadLines("/proc/mounts").Any(line => line.Split(' ') is [_, "/dev/pts", "devpts", var options, ..] && options.Contains("gid=", StringComparison.Ordinal));

    private static Process Supervised(string sshd, string config, string log)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var argument in new[] { "-c", Supervise, "devicelab-sshd", sshd, "-D", "-f", config, "-E", log }) start.ArgumentList.Add(argument);
        return Tools.Start(start, "dash");
    }

    private static async Task<bool> IsListeningAsync(Process process, int port, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 100 && !process.HasExited; attempt++)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port, ct);
                var banner = new byte[4];
                return await probe.ReceiveAsync(banner, SocketFlags.None, ct) == 4 && Encoding.ASCII.GetString(banner) == "SSH-";
            }
            catch (SocketException)
            {
                await Task.Delay(20, ct);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    public async ValueTask DisposeAsync() => await EndAsync(_supervisor);
}
