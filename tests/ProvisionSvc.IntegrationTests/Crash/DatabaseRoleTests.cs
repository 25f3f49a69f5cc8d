using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>T14: ways around what <c>SchemaTests</c> refuses the service's own role; and migrations of an empty database by several at once (F49).</summary>
public sealed class DatabaseRoleTests(PostgresFixture postgres)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alter table audit add column x int")]
    [InlineData("alter table service_order drop column why")]
    [InlineData("drop table service_order")]
    [InlineData("truncate service_order")]
    [InlineData("create role mine superuser")]
    [InlineData("alter role provision superuser")]
    [InlineData("set role provision_owner")]
    [InlineData("set session authorization provision_owner")]
    [InlineData("copy audit to '/tmp/audit'")]
    [InlineData("copy audit (who, action) from program 'id'")]
    [InlineData("update schema_version set scriptname = 'x'")]
    [InlineData("insert into schema_version (scriptname, applied) values ('0099_later.sql', now())")]
    public async Task The_services_role_is_refused(string statement)
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        await using (var seed = await database.DataSource.OpenConnectionAsync(_ct))
        {
            await seed.WriteAuditAsync(TimeProvider.System.GetUtcNow(), "test", "test", "test", new { }, _ct);
        }

        await using var db = await database.DataSource.OpenConnectionAsync(_ct);
        await using var command = new NpgsqlCommand(statement, db);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(_ct));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task The_services_role_cannot_grant_itself_more()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        await using var db = await database.DataSource.OpenConnectionAsync(_ct);

        // PostgreSQL answers with a warning that nothing was granted, not with an error.
        await RunAsync(db, "grant all on audit to provision");
        var may = await db.QueryAsync(
            $"select p as privilege from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'trigger']) p where has_table_privilege('audit', p) order by p",
            r => r.Get<string>("privilege"), _ct);
        Assert.Equal(["insert", "select"], may);
    }

    [Fact]
    public async Task Migrations_run_by_several_at_once_and_again_leave_one_schema()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var name = $"{database.Name}_migrated";
        await using var administrator = new NpgsqlConnection(database.Owner);
        await administrator.OpenAsync(_ct);
        await RunAsync(administrator, $"create database {name}");
        var owner = new NpgsqlConnectionStringBuilder(database.Owner) { Database = name, Pooling = false }.ConnectionString;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrate.RunAsync(owner, NullLogger.Instance, _ct), _ct)));
        await Migrate.RunAsync(owner, NullLogger.Instance, _ct);

        await using (var migrated = new NpgsqlConnection(owner))
        {
            await migrated.OpenAsync(_ct);
            var scripts = await migrated.QueryAsync($"select scriptname from schema_version order by schemaversionsid", r => r.Get<string>("scriptname"), _ct);
            Assert.Equal(scripts.Order(StringComparer.Ordinal), scripts);
            Assert.Equal(scripts.Distinct(), scripts);
            var locks = await migrated.FirstAsync($"select count(*)::int as n from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())", r => r.Get<int>("n"), _ct);
            Assert.Equal(0, locks);
        }

        await RunAsync(administrator, $"drop database {name} with (force)");
    }

    private async Task RunAsync(NpgsqlConnection db, string statement)
    {
        await using var command = new NpgsqlCommand(statement, db);
        await command.ExecuteNonQueryAsync(_ct);
    }
}
