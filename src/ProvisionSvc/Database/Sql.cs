using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ProvisionSvc.Database;

/// <summary>SQL whose holes are parameters: <c>$"select … where name = {name}"</c> sends <c>$1</c>, never the text.</summary>
[InterpolatedStringHandler]
internal sealed class Sql(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 3));
    private readonly List<NpgsqlParameter> _parameters = new(formattedCount);

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted<T>(T value)
    {
        _parameters.Add(Parameter(value));
        _text.Append('$').Append(_parameters.Count);
    }

    public NpgsqlCommand On(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(_text.ToString(), connection);
        command.Parameters.AddRange(_parameters.ToArray());
        return command;
    }

    private static NpgsqlParameter Parameter<T>(T value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = TypeOf(typeof(T)) },
        Enum e => new NpgsqlParameter { Value = EnumText.Of(e), NpgsqlDbType = NpgsqlDbType.Text },
        DateTimeOffset at => new NpgsqlParameter { Value = at.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
        Json json => new NpgsqlParameter { Value = json.Text, NpgsqlDbType = NpgsqlDbType.Jsonb },
        _ => new NpgsqlParameter { Value = value, NpgsqlDbType = TypeOf(value.GetType()) },
    };

    private static NpgsqlDbType TypeOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) || type.IsEnum => NpgsqlDbType.Text,
            _ when type == typeof(int) => NpgsqlDbType.Integer,
            _ when type == typeof(long) => NpgsqlDbType.Bigint,
            _ when type == typeof(bool) => NpgsqlDbType.Boolean,
            _ when type == typeof(decimal) => NpgsqlDbType.Numeric,
            _ when type == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
            _ when type == typeof(TimeSpan) => NpgsqlDbType.Interval,
            _ when type == typeof(DateOnly) => NpgsqlDbType.Date,
            _ when type == typeof(TimeOnly) => NpgsqlDbType.Time,
            _ when type == typeof(byte[]) => NpgsqlDbType.Bytea,
            _ when type == typeof(Json) => NpgsqlDbType.Jsonb,
            _ when typeof(System.Net.IPAddress).IsAssignableFrom(type) => NpgsqlDbType.Inet,
            _ when type.IsArray => NpgsqlDbType.Array | TypeOf(type.GetElementType()!),
            _ => throw new NotSupportedException($"No PostgreSQL type is known for {type}; add it to Sql.TypeOf."),
        };
    }
}

/// <summary>A value for a jsonb column.</summary>
internal sealed record Json(string Text)
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Json Of<T>(T value) => new(JsonSerializer.Serialize(value, Options));

    public static T To<T>(string text) => JsonSerializer.Deserialize<T>(text, Options)
        ?? throw new InvalidDataException($"A {typeof(T).Name} was expected where the database holds null.");
}

/// <summary>Enums as the database and the API write them: camelCase.</summary>
internal static class EnumText
{
    public static string Of(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static T Parse<T>(string text)
        where T : struct, Enum => Enum.Parse<T>(text, ignoreCase: true);

    /// <summary>The value for one of the enum's own words, nothing else (no numbers, no other casing).</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) == text)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    public static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(v => Of(v)));
}

/// <summary>Running <see cref="Sql"/> on a connection; the connection's open transaction is used.</summary>
internal static class SqlExtensions
{
    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, Sql sql, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = sql.On(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>The first row, or default.</summary>
    public static async Task<T?> FirstAsync<T>(this NpgsqlConnection connection, Sql sql, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = sql.On(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? map(reader) : default;
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, Sql sql, CancellationToken ct)
    {
        await using var command = sql.On(connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The named column; SQL null becomes default(T), enums are read from their words.</summary>
    public static T Get<T>(this NpgsqlDataReader reader, string name)
    {
        var ordinal = reader.GetOrdinal(name);
        if (reader.IsDBNull(ordinal))
        {
            return default!;
        }

        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return type.IsEnum
            ? (T)Enum.Parse(type, reader.GetString(ordinal), ignoreCase: true)
            : type == typeof(DateTimeOffset) ? (T)(object)reader.GetFieldValue<DateTimeOffset>(ordinal)
            : reader.GetFieldValue<T>(ordinal);
    }
}
