using Npgsql;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>SQL as the owner of the schema, for tests that set a scene or look behind the API.</summary>
public static class Owner
{
    public static async Task ExecuteAsync(this TestDatabase database, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first column of every row, as text.</summary>
    public static async Task<IReadOnlyList<string>> TextsAsync(this TestDatabase database, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            texts.Add(await reader.IsDBNullAsync(0, ct) ? "" : reader.GetValue(0).ToString()!);
        }

        return texts;
    }

    /// <summary>Every row of every table, as text.</summary>
    public static async Task<string> DumpAsync(this TestDatabase database, CancellationToken ct)
    {
        var rows = new List<string>();
        foreach (var table in await database.TextsAsync("select quote_ident(table_name) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'", ct))
        {
            rows.AddRange(await database.TextsAsync($"select t::text from {table} t", ct));
        }

        return string.Join('\n', rows);
    }
}
