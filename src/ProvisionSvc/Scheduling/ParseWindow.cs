using System.Globalization;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Database;

namespace ProvisionSvc.Scheduling;

/// <summary>Windows as people write them.</summary>
internal static class ParseWindow
{
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The window, or every fault.</summary>
    public static (ChangeWindow? Window, IReadOnlyList<Fault> Faults) Parse(WindowRequest request, TimeZoneInfo standard)
    {
        var faults = new List<Fault>();
        if (request.Name.Length is 0 or > 60 || request.Name.Any(char.IsControl))
        {
            faults.Add(new("invalid-name", "name", "A window's name has 1 to 60 printable characters."));
        }

        var zone = standard;
        if (request.TimeZone is { } named && !TimeZoneInfo.TryFindSystemTimeZoneById(named, out zone))
        {
            faults.Add(new("unknown-time-zone", "timeZone", $"\"{named}\" is not a time zone; name one such as Asia/Shanghai."));
        }

        var days = DayKind.Any;
        if (request.Days is { } kind && !EnumText.TryParse(kind, out days))
        {
            faults.Add(new("unknown-days", "days", $"\"{kind}\" is not a kind of day; known are {EnumText.Words<DayKind>()}."));
        }

        ChangeWindow? window = request.Cron is { } cron
            ? Cron(request, cron, zone ?? standard, days, faults)
            : Weekly(request, zone ?? standard, days, faults);
        return faults.Count > 0 ? (null, faults) : (window, []);
    }

    public static WindowView View(NpgsqlDataReader r, WorkCalendar calendar, DateTimeOffset now)
    {
        var window = TimetableRows.Window(r);
        var opening = window.Next(now, calendar);
        var weekly = window as WeeklyWindow;
        var cron = window as CronWindow;
        return new(
            r.Get<long>("id"), window.Name, r.Get<string>("scope"), r.Get<string>("target"), window.Zone.Id, EnumText.Of(window.Days),
            [.. (weekly?.Weekdays ?? []).Select(d => Weekdays[(int)d])], Text(weekly?.From), Text(weekly?.Until), cron?.Cron, (int?)cron?.Lasts.TotalMinutes,
            r.Get<string[]>("actions"), r.Get<string>("who"), opening?.From, opening?.Until);
    }

    private static CronWindow? Cron(WindowRequest request, string cron, TimeZoneInfo zone, DayKind days, List<Fault> faults)
    {
        if (request.Weekdays is not null || request.From is not null || request.Until is not null)
        {
            faults.Add(new("misplaced-member", "cron", "A window is weekly (weekdays, from, until) or by cron (cron, lastsMinutes), not both."));
        }

        if (request.LastsMinutes is not (> 0 and <= 7 * 24 * 60))
        {
            faults.Add(new("invalid-lasts", "lastsMinutes", "A cron window says how many minutes it stays open: 1 to 10080."));
        }

        if (CronWindow.Fault(cron) is { } wrong)
        {
            faults.Add(new("invalid-cron", "cron", $"\"{cron}\" is not a cron expression of Quartz: {wrong}"));
        }

        return faults.Count > 0 ? null : new(request.Name, zone, days, cron, TimeSpan.FromMinutes(request.LastsMinutes!.Value));
    }

    private static WeeklyWindow? Weekly(WindowRequest request, TimeZoneInfo zone, DayKind days, List<Fault> faults)
    {
        var weekdays = request.Weekdays ?? [];
        if (weekdays.Count == 0 || weekdays.Any(d => !Weekdays.Contains(d)))
        {
            faults.Add(new("invalid-weekdays", "weekdays", $"Name the weekdays: {string.Join(", ", Weekdays)}; or give cron."));
        }

        if (request.LastsMinutes is not null)
        {
            faults.Add(new("misplaced-member", "lastsMinutes", "lastsMinutes belongs to cron."));
        }

        var (from, until) = (Time(request.From, "from", faults), Time(request.Until, "until", faults));
        return faults.Count > 0 ? null : new(request.Name, zone, days, [.. weekdays.Select(d => (DayOfWeek)Array.IndexOf(Weekdays, d)).Distinct().Order()], from, until);
    }

    private static TimeOnly Time(string? text, string field, List<Fault> faults)
    {
        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            faults.Add(new("invalid-time", field, $"\"{text}\" is not a time of day; write HH:mm, such as 01:30."));
        }

        return time;
    }

    private static string? Text(TimeOnly? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture);
}
