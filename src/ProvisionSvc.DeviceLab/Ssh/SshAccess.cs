using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Ssh;

/// <summary>Serves one terminal session: which switch, what is typed, how it came, from where, and how to cut it.</summary>
internal delegate Task ServeTerminal(SimSwitch device, Stream stream, string channel, string? client, Action abort, CancellationToken ct);

/// <summary>SSH for all switches of a lab: keys, sshd, the relay's socket and the front. A second sshd starts when another host key is asked for.</summary>
internal sealed class SshAccess : IAsyncDisposable
{
    private readonly string _directory;
    private readonly string _socket;
    private readonly SshKey _userKey;
    private readonly SshdProcess _sshd;
    private readonly RelayListener _relay;
    private readonly SshFront _front;
    private readonly ServeTerminal _serve;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private SshdProcess? _other;

    private SshAccess(
        string directory, string socket, SshKey hostKey, SshKey userKey, SshdProcess sshd, IReadOnlyList<SimSwitch> switches, int wishedPort, ServeTerminal serve)
    {
        (_directory, _socket, _userKey, _sshd, _serve) = (directory, socket, userKey, sshd, serve);
        HostKeySha256 = hostKey.Sha256;
        _front = SshFront.Open(switches, wishedPort, SshdPortForAsync);
        _relay = new RelayListener(socket, ServeAsync);
    }

    public int Port => _front.Port;

    public string HostKeySha256 { get; }

    public string PrivateKeyFile => _userKey.PrivateFile;

    public static async Task<SshAccess> OpenAsync(LabOptions options, IReadOnlyList<SimSwitch> switches, ServeTerminal serve, CancellationToken ct)
    {
        var directory = Path.GetFullPath(options.StateDirectory);
        var hostKey = options.LegacySsh
            ? await SshKey.LoadOrMakeAsync(Path.Combine(directory, "host_rsa1024"), ct, "-t", "rsa", "-b", "1024")
            : await SshKey.LoadOrMakeAsync(Path.Combine(directory, "host_ed25519"), ct);
        var userKey = await SshKey.LoadOrMakeAsync(Path.Combine(directory, "user_ed25519"), ct);
        var socket = SocketPath.In(directory, "relay.sock");
        var sshd = await SshdProcess.StartAsync(directory, "sshd", hostKey, userKey, socket, options.LegacySsh, ct);
        try
        {
            return new SshAccess(directory, socket, hostKey, userKey, sshd, switches, options.SshPort, serve);
        }
        catch
        {
            await sshd.DisposeAsync();
            throw;
        }
    }

    public void Refresh(SimSwitch device) => _front.Refresh(device);

    private async Task<int> SshdPortForAsync(SimSwitch device, CancellationToken ct)
    {
        if (!device.Faults.HasOtherHostKey) return _sshd.Port;
        await _starting.WaitAsync(ct);
        try
        {
            if (_other is null)
            {
                var key = await SshKey.LoadOrMakeAsync(Path.Combine(_directory, "other_ed25519"), ct);
                _other = await SshdProcess.StartAsync(_directory, "sshd-other", key, _userKey, _socket, legacy: false, ct);
            }

            return _other.Port;
        }
        finally
        {
            _starting.Release();
        }
    }

    private Task ServeAsync((int SshdPort, int ClientPort) relayed, Stream stream, CancellationToken ct) =>
        _front.Find(relayed) is { } connection ? _serve(connection.Device, stream, "ssh", connection.Client, connection.Abort, ct) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _relay.DisposeAsync();
        SocketPath.Forget(_socket);
        await _sshd.DisposeAsync();
        if (_other is not null) await _other.DisposeAsync();
        _starting.Dispose();
    }
}

/// <summary>A unix socket's path: in the state folder, or in a private temporary one where that path is too long or has odd characters.</summary>
internal static class SocketPath
{
    private const int Longest = 100;
    private const string Prefix = "devicelab-";

    public static string In(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        return path.Length <= Longest && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
            ? path : Path.Combine(Directory.CreateTempSubdirectory(Prefix).FullName, name);
    }

    /// <summary>Removes the socket, and the temporary folder if it has one.</summary>
    public static void Forget(string path)
    {
        File.Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (Path.GetFileName(folder).StartsWith(Prefix, StringComparison.Ordinal) && Directory.GetFileSystemEntries(folder).Length == 0) Directory.Delete(folder);
    }
}
