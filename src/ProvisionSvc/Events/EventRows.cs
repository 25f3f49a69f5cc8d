using System.Text.Json;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;

namespace ProvisionSvc.Events;

/// <summary>An event that has its place in the order of all.</summary>
internal sealed record SequencedEvent(long Sequence, DateTimeOffset At, string Kind, string Subject, string Payload)
{
    public static SequencedEvent Of(NpgsqlDataReader r) => new(
        r.Get<long>("sequence"), r.Get<DateTimeOffset>("at"), r.Get<string>("kind"), r.Get<string>("subject"), r.Get<string>("payload"));

    public CloudEventView ToCloudEvent()
    {
        using var data = JsonDocument.Parse(Payload);
        return new()
        {
            Id = $"{Sequence}", Sequence = $"{Sequence}", Source = "provisionsvc", Type = $"provisionsvc.{Kind}", Subject = Subject, Time = At, Data = data.RootElement.Clone(),
        };
    }
}

/// <summary>Which events a reader wants, and which he may see.</summary>
/// <param name="Kinds">Patterns of LIKE; null for all.</param>
/// <param name="Districts">Null for all; alarms belong to no district.</param>
internal sealed record EventFilter(long? Order, string[]? Kinds, int[]? Districts);

internal static class EventRows
{
    /// <summary>Kinds as people write them, with * for any, as patterns of LIKE.</summary>
    public static string Pattern(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace('*', '%');

    public static string Shown(string pattern) =>
        pattern.Replace('%', '*').Replace(@"\*", "%", StringComparison.Ordinal).Replace(@"\_", "_", StringComparison.Ordinal).Replace(@"\\", "\\", StringComparison.Ordinal);

    /// <summary>The oldest and the newest event that is kept; 0 where there is none.</summary>
    public static Task<(long Oldest, long Newest)> KeptAsync(NpgsqlConnection db, CancellationToken ct) => db.FirstAsync(
        $"select coalesce((select min(sequence) from event), 0) as oldest, coalesce((select max(sequence) from event), 0) as newest",
        r => (r.Get<long>("oldest"), r.Get<long>("newest")),
        ct);

    public static Task<List<SequencedEvent>> AfterAsync(NpgsqlConnection db, long after, EventFilter filter, int most, CancellationToken ct) => db.QueryAsync(
        $"""
         select sequence, at, kind, subject, payload from event
         where sequence > {after} and ({filter.Order}::bigint is null or order_id = {filter.Order})
           and ({filter.Kinds}::text[] is null or kind like any({filter.Kinds}))
           and ({filter.Districts}::int[] is null or order_id is null or district = any({filter.Districts}))
         order by sequence limit {most}
         """,
        SequencedEvent.Of,
        ct);
}
