using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>Rows that every slice writes inside its own transaction.</summary>
internal static class Rows
{
    /// <summary>The severities of an alarm that stands, from the least to the worst (ITU-T X.733).</summary>
    public static readonly string[] Severities = ["indeterminate", "warning", "minor", "major", "critical"];

    /// <summary>One line of the audit log; append only.</summary>
    public static Task<int> WriteAuditAsync(
        this NpgsqlConnection db, DateTimeOffset at, string who, string action, string @object, object detail, CancellationToken ct) =>
        db.ExecuteAsync($"insert into audit (at, who, action, object, detail) values ({at}, {who}, {action}, {@object}, {Json.Of(detail)})", ct);

    /// <summary>
    /// Raises an alarm, or renews the open one with the same key; one that got worse has to be acknowledged again. <paramref name="severity"/> is a word of
    /// ITU-T X.733. The tables keep the history and tell the outbox.
    /// </summary>
    public static Task<int> RaiseAlarmAsync(
        this NpgsqlConnection db, DateTimeOffset at, string key, string severity, string what, string remedy, CancellationToken ct) =>
        db.ExecuteAsync(
            $"""
             insert into alarm (key, severity, what, remedy, raised_at, last_raised_at) values ({key}, {severity}, {what}, {remedy}, {at}, {at})
             on conflict (key) where cleared_at is null
             do update set last_raised_at = excluded.last_raised_at, times = alarm.times + 1, what = excluded.what, remedy = excluded.remedy,
                 (severity, acknowledged_by, acknowledged_at) = (
                     select case when worse then excluded.severity else alarm.severity end,
                            case when not worse then alarm.acknowledged_by end, case when not worse then alarm.acknowledged_at end
                     from (select array_position({Severities}, excluded.severity) > array_position({Severities}, alarm.severity) as worse) s)
             """,
            ct);

    public static Task<int> ClearAlarmAsync(this NpgsqlConnection db, DateTimeOffset at, string key, CancellationToken ct) =>
        db.ExecuteAsync($"update alarm set cleared_at = {at} where key = {key} and cleared_at is null", ct);

    /// <summary>The switch's lane has work at <paramref name="at"/> or earlier.</summary>
    public static Task<int> MakeLaneDueAsync(this NpgsqlConnection db, long switchId, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync(
            $"""
             insert into lane (switch_id, due_at) values ({switchId}, {at})
             on conflict (switch_id) do update set due_at = least(coalesce(lane.due_at, excluded.due_at), excluded.due_at)
             """,
            ct);
}
