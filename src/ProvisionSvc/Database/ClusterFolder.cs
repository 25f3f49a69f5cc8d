using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ProvisionSvc.Database;

/// <summary>
/// The folder of a private PostgreSQL, claimed by one service at a time; the claim ends with the process, however that ends.
/// </summary>
internal sealed partial class ClusterFolder : IDisposable
{
    private const string Unfinished = "data.new-";

    private readonly string? _user;
    private readonly FileStream _claim;

    private ClusterFolder(string root, string? user, FileStream claim) => (Root, _user, _claim) = (root, user, claim);

    public string Root { get; }

    public string Data => Path.Combine(Root, "data");

    public string Log => Path.Combine(Root, "postgres.log");

    private string VersionFile => Path.Combine(Data, "PG_VERSION");

    /// <param name="user">Who PostgreSQL runs as, where we are root; it refuses to run as root.</param>
    /// <exception cref="InvalidOperationException">Another service lives in the folder.</exception>
    public static async Task<ClusterFolder> ClaimAsync(string directory, string? user, CancellationToken ct)
    {
        var root = Path.GetFullPath(directory);
        Directory.CreateDirectory(root);
        await GiveToAsync(user, root, ct);
        try
        {
            return new(root, user, new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new InvalidOperationException($"{root} is in use by another service: stop that one, or give this one another Provision:StateDirectory.", taken);
        }
    }

    /// <summary>Returns when there is a data folder of this server's version in which no other server runs.</summary>
    public async Task PrepareAsync(string bin, ILogger logger, CancellationToken ct)
    {
        if (File.Exists(VersionFile))
        {
            await RefuseOtherMajorAsync(bin, ct);
            await WaitUntilFreeAsync(ct);
            return;
        }

        if (Directory.Exists(Data))
        {
            throw new InvalidOperationException($"{Data} is no database of PostgreSQL: move it away, and a new one is made.");
        }

        // Made beside its place and moved there when whole, so that a kill on the way leaves nothing that looks like a database.
        CreatingDatabase(logger, Data);
        var fresh = Path.Combine(Root, Unfinished + Guid.NewGuid().ToString("N")[..8]);
        await Programs.RunAsync(
            _user, Root, Path.Combine(bin, "initdb"), ["-D", fresh, "-U", "provision_owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], ct);
        Directory.Move(fresh, Data);
    }

    /// <summary>What killed first starts left behind.</summary>
    public void RemoveRemains(ILogger logger)
    {
        foreach (var remains in Directory.GetDirectories(Root, Unfinished + "*"))
        {
            try
            {
                Directory.Delete(remains, recursive: true);
            }
            catch (IOException busy)
            {
                // The initdb of a service that was just killed may still be writing; the next start comes by again.
                NotRemoved(logger, remains, busy.Message);
            }
        }
    }

    /// <summary>
    /// A socket path has to stay under 107 bytes; a long state directory gets a short stand-in. Where we are root that is not in the temporary folder: whoever
    /// made the name there first, as a link, would choose what we give away.
    /// </summary>
    public async Task<string> SocketDirectoryAsync(CancellationToken ct)
    {
        var sockets = Path.Combine(Root, "run");
        if (sockets.Length > 80)
        {
            sockets = Path.Combine(_user is null ? Path.GetTempPath() : "/run", "provision-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12]);
        }

        Directory.CreateDirectory(sockets);
        await GiveToAsync(_user, sockets, ct);
        return sockets;
    }

    /// <summary>After an orderly stop nothing is left outside the folder.</summary>
    public void RemoveStandIn(string sockets)
    {
        if (!sockets.StartsWith(Root, StringComparison.Ordinal))
        {
            Directory.Delete(sockets, recursive: true);
        }
    }

    public void Dispose() => _claim.Dispose();

    private static async Task GiveToAsync(string? user, string directory, CancellationToken ct)
    {
        if (user is not null)
        {
            await Programs.RunAsync(null, "/", "chown", [user, directory], ct);
        }

        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task RefuseOtherMajorAsync(string bin, CancellationToken ct)
    {
        var kept = (await File.ReadAllTextAsync(VersionFile, ct)).Trim();
        var version = (await Programs.RunAsync(null, "/", Path.Combine(bin, "postgres"), ["--version"], ct)).Trim();
        if (MajorVersion().Match(version) is not { Success: true } match || match.Value != kept)
        {
            throw new InvalidOperationException(
                $"The data folder {Data} was made by PostgreSQL {kept}, the server at hand is \"{version}\": upgrade the folder with pg_upgrade, or point PGBIN at PostgreSQL {kept}.");
        }
    }

    /// <summary>A service that was killed leaves its PostgreSQL in its last second: wait for it, refuse one that stays.</summary>
    private async Task WaitUntilFreeAsync(CancellationToken ct)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        var patience = Stopwatch.StartNew();
        while (File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) && NameOf(pid) is { } name)
        {
            if (name != "postgres")
            {
                // Left by a machine that lost its power; the number has gone to another program since, over which PostgreSQL would stumble.
                File.Delete(file);
                return;
            }

            if (patience.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new InvalidOperationException($"The data folder {Data} is in use by process {pid}: stop it, or give this service another Provision:StateDirectory.");
            }

            await Task.Delay(50, ct);
        }
    }

    /// <summary>The name of a running program; null when there is none of this number.</summary>
    private static string? NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=\) )\d+", RegexOptions.CultureInvariant)]
    private static partial Regex MajorVersion();

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Creating a private PostgreSQL in {Data}")]
    private static partial void CreatingDatabase(ILogger logger, string data);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "{Remains} was not removed: {Why}")]
    private static partial void NotRemoved(ILogger logger, string remains, string why);
}
