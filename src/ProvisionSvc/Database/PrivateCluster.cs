using System.Diagnostics;
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
    private readonly ClusterFolder _folder;
    private readonly string _socketDirectory;

    private PrivateCluster(Process supervisor, ClusterFolder folder, string socketDirectory) =>
        (_supervisor, _folder, _socketDirectory) = (supervisor, folder, socketDirectory);

    /// <summary>Starts the cluster under <paramref name="directory"/>, creating it the first time, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">No server binaries, a data folder of another major version, or a folder in use; one sentence with the remedy.</exception>
    public static async Task<PrivateCluster> StartAsync(string directory, ILogger logger, CancellationToken ct)
    {
        var bin = FindBinaries();
        var user = Environment.IsPrivilegedProcess ? "postgres" : null;
        var folder = await ClusterFolder.ClaimAsync(directory, user, ct);
        try
        {
            await folder.PrepareAsync(bin, logger, ct);
            var cluster = await StartAsync(bin, user, folder, ct);
            folder.RemoveRemains(logger);
            Log.Ready(logger, cluster._socketDirectory);
            return cluster;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<PrivateCluster> StartAsync(string bin, string? user, ClusterFolder folder, CancellationToken ct)
    {
        var sockets = await folder.SocketDirectoryAsync(ct);
        var supervisor = Programs.Start(user, folder.Root, "setsid", "sh", "-c", Supervisor, "supervisor",
            Path.Combine(bin, "postgres"), folder.Data, sockets, folder.Log);
        var cluster = new PrivateCluster(supervisor, folder, sockets);
        try
        {
            await cluster.WaitUntilReadyAsync(folder.Log, ct);
            await cluster.EnsureLoginAsync(ct);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
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
        _folder.RemoveStandIn(_socketDirectory);
        _folder.Dispose();
    }

    private string Connection(string user, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _socketDirectory, Username = user, Database = database, MaxPoolSize = 50, ApplicationName = "provisionsvc",

        // The owner comes, migrates and goes: no connection with its rights is left lying in a pool.
        Pooling = user != "provision_owner",
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

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static partial class Log
    {
        [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Private PostgreSQL answers on {Socket}")]
        public static partial void Ready(ILogger logger, string socket);
    }
}
