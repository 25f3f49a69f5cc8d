using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Database;

public sealed class SchemaTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await postgres.CreateDatabaseAsync(_ct);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Migrating_again_and_by_several_processes_at_once_changes_nothing()
    {
        var before = await _database.TextsAsync("select scriptname from schema_version order by 1", _ct);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate.RunAsync(_database.Owner, NullLogger.Instance, _ct)));
        Assert.Equal(before, await _database.TextsAsync("select scriptname from schema_version order by 1", _ct));
        Assert.Contains("0003_quartz_4_7.sql", before);
    }

    [Theory]
    [InlineData("update audit set who = 'nobody'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    [InlineData("delete from schema_version")]
    [InlineData("drop table audit")]
    [InlineData("alter table audit disable trigger all")]
    [InlineData("create table mine (id int)")]
    public async Task The_service_s_role_cannot_change_what_was_written_down_T14(string sql)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(_ct);
        await connection.WriteAuditAsync(DateTimeOffset.UnixEpoch, "somebody", "test", "row", new { }, _ct);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(_ct))).SqlState);
    }

    [Fact]
    public async Task Text_in_a_hole_is_a_value_never_sql_T12()
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(_ct);
        const string hostile = "x'; drop table node; --";
        Assert.Equal(hostile, await connection.FirstAsync($"select {hostile} as text", r => r.Get<string>("text"), _ct));
        Assert.Empty(await connection.QueryAsync($"select name from node where name = {hostile}", r => r.Get<string>("name"), _ct));
    }
}
