using Npgsql;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;

namespace ProvisionSvc.Scheduling;

/// <summary>The timetable as rows.</summary>
internal static class TimetableRows
{
    public const string ChannelName = "timetable";

    public static Task<long> VersionAsync(NpgsqlConnection db, CancellationToken ct) =>
        db.FirstAsync($"select version from timetable", r => r.Get<long>("version"), ct);

    /// <summary>Inside the transaction that changes it: every process reads it again, told by NOTIFY at the commit. Such changes are rare, so that it may serialise them.</summary>
    public static Task<int> ChangedAsync(NpgsqlConnection db, CancellationToken ct) =>
        db.ExecuteAsync($"with next as (update timetable set version = version + 1 returning 1) select pg_notify({ChannelName}, '') from next", ct);

    public static async Task<Timetable> LoadAsync(NpgsqlConnection db, TimeZoneInfo zone, DateTimeOffset now, CancellationToken ct)
    {
        var pauses = await db.QueryAsync(
            $"select scope, target_id, who, why, since from pause where ended_at is null order by id",
            r => new Pause(Scope(r), r.Get<string>("who"), r.Get<string>("why"), r.Get<DateTimeOffset>("since")),
            ct);
        var freezes = await db.QueryAsync(
            $"select scope, target_id, starts_at, ends_at, why, except_roles from change_freeze where ended_at is null and ends_at > {now} order by id",
            r => new Freeze(Scope(r), r.Get<DateTimeOffset>("starts_at"), r.Get<DateTimeOffset>("ends_at"), r.Get<string>("why"), r.Get<string[]>("except_roles")),
            ct);
        var windows = await db.QueryAsync(
            $"select name, scope, target_id, zone, day_kind, weekdays, opens, closes, cron, lasts, actions from change_window where removed_at is null order by id",
            r => new ScopedWindow(Scope(r), Window(r), r.Get<string[]>("actions")),
            ct);
        var days = await db.QueryAsync($"select day, worked from calendar_day", r => (Day: r.Get<DateOnly>("day"), Worked: r.Get<bool>("worked")), ct);
        return new(pauses, freezes, windows, new(days.ToDictionary(d => d.Day, d => d.Worked)), zone);
    }

    public static ChangeWindow Window(NpgsqlDataReader r)
    {
        var (name, zone, days) = (r.Get<string>("name"), TimeZoneInfo.FindSystemTimeZoneById(r.Get<string>("zone")), r.Get<DayKind>("day_kind"));
        return r.Get<string?>("cron") is { } cron
            ? new CronWindow(name, zone, days, cron, r.Get<TimeSpan>("lasts"))
            : new WeeklyWindow(name, zone, days, [.. r.Get<int[]>("weekdays").Select(d => (DayOfWeek)d)], r.Get<TimeOnly>("opens"), r.Get<TimeOnly>("closes"));
    }

    private static Scope Scope(NpgsqlDataReader r) => new(r.Get<ScopeKind>("scope"), r.Get<long>("target_id"));
}
