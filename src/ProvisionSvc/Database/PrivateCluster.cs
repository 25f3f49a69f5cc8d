using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>
/// A PostgreSQL of our own for the demo, the tests and small sites: no TCP, a socket only its owner reaches, stopped cleanly when this process ends in
/// any way. A supervisor holds the other end of a pipe; when the pipe closes (even by kill -9) it asks PostgreSQL for a fast shutdown.
/// </summary>
internal sealed partial class PrivateCluster : IAsyncDisposable
{
    private const string Supervisor = """
        "$1" -D "$2" -k "$3" -c listen_addresses= -c max_connections=200 -c shared_buffers=256MB -c logging_collector=off >>"$4" 2>&1 &
        server=$!
        trap '' INT TERM HUP
        cat >/dev/null
        kill -INT $server 2>/dev/null
        wait $server
        """;

    private readonly Process _supervisor;
    private readonly string _socketDirectory;

    private PrivateCluster(Process supervisor, string socketDirectory)
    {
        _supervisor = supervisor;
        _socketDirectory = socketDirectory;
    }

    /// <summary>Starts the cluster under <paramref name="directory"/>, creating it the first time, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">No server binaries, a data folder of another major version, or a folder in use; one sentence with the remedy.</exception>
    public static async Task<PrivateCluster> StartAsync(string directory, ILogger logger, CancellationToken ct)
    {
        var bin = FindBinaries();
        var user = Environment.IsPrivilegedProcess ? "postgres" : null;
        var root = Path.GetFullPath(directory);
        var data = Path.Combine(root, "data");
        Directory.CreateDirectory(root);
        await GiveToAsync(user, root, ct);

        RefuseOtherMajor(data, bin);
        await WaitUntilFreeAsync(data, ct);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            Log.Creating(logger, data);
            await RunAsync(user, root, Path.Combine(bin, "initdb"), ["-D", data, "-U", "provision_owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], ct);
        }

        var sockets = await SocketDirectoryAsync(root, user, ct);
        var supervisor = Start(user, root, "setsid", "sh", "-c", Supervisor, "supervisor",
            Path.Combine(bin, "postgres"), data, sockets, Path.Combine(root, "postgres.log"));
        var cluster = new PrivateCluster(supervisor, sockets);
        try
        {
            await cluster.WaitUntilReadyAsync(Path.Combine(root, "postgres.log"), ct);
            await cluster.EnsureLoginAsync(ct);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        Log.Ready(logger, sockets);
        return cluster;
    }

    /// <summary>The role that owns the schema and migrates.</summary>
    public string OwnerConnectionString(string database = "provision") => Connection("provision_owner", database);

    /// <summary>The role that the service runs as.</summary>
    public string ServiceConnectionString(string database = "provision") => Connection("provision", database);

    /// <summary>Creates a database, empty or as a copy of <paramref name="template"/>; nothing happens where it exists.</summary>
    public async Task CreateDatabaseAsync(string database, string? template, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString("postgres"));
        await connection.OpenAsync(ct);
        if (await connection.FirstAsync($"select 1 as found from pg_database where datname = {database}", r => r.Get<int>("found"), ct) == 1)
        {
            return;
        }

        // Names cannot be parameters; these are quoted identifiers.
        var copy = template is null ? "" : $" template {Quoted(template)}";
        await using var create = new NpgsqlCommand($"create database {Quoted(database)}{copy}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _supervisor.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _supervisor.WaitForExitAsync(patience.Token);
        _supervisor.Dispose();
    }

    private string Connection(string user, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _socketDirectory, Username = user, Database = database, MaxPoolSize = 50, ApplicationName = "provisionsvc",
    }.ConnectionString;

    private async Task EnsureLoginAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(OwnerConnectionString("postgres"));
        await connection.OpenAsync(ct);
        await using var roles = new NpgsqlCommand(
            """
            do $$ begin
                if not exists (select from pg_roles where rolname = 'provision_service') then create role provision_service nologin; end if;
                if not exists (select from pg_roles where rolname = 'provision') then create role provision login in role provision_service; end if;
            end $$
            """,
            connection);
        await roles.ExecuteNonQueryAsync(ct);
    }

    private async Task WaitUntilReadyAsync(string log, CancellationToken ct)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(OwnerConnectionString("postgres"));
                await connection.OpenAsync(ct);
                return;
            }
            catch (NpgsqlException refused) when (deadline.Elapsed < TimeSpan.FromSeconds(60) && !_supervisor.HasExited)
            {
                // Starting up, or replaying its log after a crash.
                _ = refused;
                await Task.Delay(50, ct);
            }
            catch (NpgsqlException refused)
            {
                throw new InvalidOperationException($"The private PostgreSQL did not start; its last words are in {log}.", refused);
            }
        }
    }

    /// <summary>True where the programs of a PostgreSQL server are at hand.</summary>
    public static bool IsInstalled => Binaries() is not null;

    private static string FindBinaries() => Binaries() ?? throw new InvalidOperationException(
        "No PostgreSQL server was found (PGBIN, PATH, /usr/lib/postgresql/*/bin): install it (eng/setup.sh demo), or give ConnectionStrings:Provision.");

    private static string? Binaries() => new[] { Environment.GetEnvironmentVariable("PGBIN") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        .Concat(Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, Core.Inventory.NaturalOrder.Instance).Select(d => Path.Combine(d, "bin"))
            : [])
        .FirstOrDefault(f => !string.IsNullOrEmpty(f) && File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "postgres")));

    private static void RefuseOtherMajor(string data, string bin)
    {
        var file = Path.Combine(data, "PG_VERSION");
        if (!File.Exists(file))
        {
            return;
        }

        var kept = File.ReadAllText(file).Trim();
        using var server = Process.Start(new ProcessStartInfo(Path.Combine(bin, "postgres"), "--version") { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{bin}/postgres could not be started.");
        var version = server.StandardOutput.ReadToEnd().Trim();
        if (MajorVersion().Match(version) is not { Success: true } match || match.Value != kept)
        {
            throw new InvalidOperationException(
                $"The data folder {data} was made by PostgreSQL {kept}, the server at hand is \"{version}\": upgrade the folder with pg_upgrade, or point PGBIN at PostgreSQL {kept}.");
        }
    }

    /// <summary>A service that was killed leaves its PostgreSQL in its last second: wait for it, refuse one that stays.</summary>
    private static async Task WaitUntilFreeAsync(string data, CancellationToken ct)
    {
        var file = Path.Combine(data, "postmaster.pid");
        var patience = Stopwatch.StartNew();
        while (File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) && Directory.Exists($"/proc/{pid}"))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new InvalidOperationException($"The data folder {data} is in use by process {pid}: stop that service, or give this one another state directory.");
            }

            await Task.Delay(100, ct);
        }
    }

    /// <summary>A socket path has to stay under 107 bytes; a long state directory gets a short stand-in under the temporary folder.</summary>
    private static async Task<string> SocketDirectoryAsync(string root, string? user, CancellationToken ct)
    {
        var sockets = Path.Combine(root, "run");
        if (sockets.Length > 80)
        {
            sockets = Path.Combine(Path.GetTempPath(), "provision-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..12]);
        }

        Directory.CreateDirectory(sockets);
        await GiveToAsync(user, sockets, ct);
        return sockets;
    }

    private static async Task GiveToAsync(string? user, string directory, CancellationToken ct)
    {
        if (user is not null)
        {
            await RunAsync(null, "/", "chown", [user, directory], ct);
        }

        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Process Start(string? user, string directory, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (user is not null)
        {
            start.UserName = user;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{file} could not be started.");
    }

    private static async Task RunAsync(string? user, string directory, string file, string[] arguments, CancellationToken ct)
    {
        using var process = Start(user, directory, file, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} failed: {(await error).Trim()} {(await output).Trim()}");
        }
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"(?<=\) )\d+", RegexOptions.CultureInvariant)]
    private static partial Regex MajorVersion();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Creating a private PostgreSQL in {Data}")]
        public static partial void Creating(ILogger logger, string data);

        [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Private PostgreSQL answers on {Socket}")]
        public static partial void Ready(ILogger logger, string socket);
    }
}
