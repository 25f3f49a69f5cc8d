using System.Reflection;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>Brings the schema forward: our SQL files and Quartz's own schema, one transaction each, by one process at a time.</summary>
internal static partial class Migrate
{
    // Any number that no other application takes in the same database.
    private const long LockKey = 0x50524F56;

    /// <param name="owner">Connection string of the role that owns the schema.</param>
    /// <exception cref="InvalidOperationException">A migration failed; nothing of it was kept. The message names it.</exception>
    public static async Task RunAsync(string owner, ILogger logger, CancellationToken ct)
    {
        // The owner's rights are not kept in a pool of the serving process.
        owner = new NpgsqlConnectionStringBuilder(owner) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(ct);

        // DbUp does not lock; several services may start at once.
        await connection.ExecuteAsync($"select pg_advisory_lock({LockKey})", ct);
        try
        {
            var engine = DeployChanges.To
                .PostgresqlDatabase(owner)
                .JournalToPostgresqlTable("public", "schema_version")
                .WithScripts(Scripts())
                .WithTransactionPerScript()
                .WithVariablesDisabled()
                .LogToNowhere()
                .Build();
            var result = engine.PerformUpgrade();
            if (!result.Successful)
            {
                throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
            }

            Log.Migrated(logger, result.Scripts.Count());
        }
        finally
        {
            await connection.ExecuteAsync($"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static IEnumerable<SqlScript> Scripts()
    {
        var assembly = typeof(Migrate).Assembly;
        const string prefix = "ProvisionSvc.Database.Migrations.";
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => new SqlScript(n[prefix.Length..], Read(assembly, n)))
            .Append(new SqlScript("0003_quartz_4_7.sql", QuartzSchema()))
            .OrderBy(s => s.Name, StringComparer.Ordinal);
    }

    /// <summary>The schema that the pinned Quartz carries in itself; a later Quartz that changes it gets a migration of its own.</summary>
    private static string QuartzSchema() =>
        Read(typeof(Quartz.IScheduler).Assembly, "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql")
            .Replace("{0}", "qrtz_", StringComparison.Ordinal)
            .Replace("{1}", "qrtz_", StringComparison.Ordinal);

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} does not contain {name}; the pinned package changed.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Database schema is current ({Count} migrations applied now)")]
        public static partial void Migrated(ILogger logger, int count);
    }
}
