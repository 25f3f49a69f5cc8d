using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Scheduling;

/// <summary>The calendar that the State Council publishes each year, as data.</summary>
internal static class CalendarEndpoints
{
    public static async Task<CalendarView> ShowAsync(NpgsqlDataSource dataSource, CancellationToken ct, int? year = null)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return new(await db.QueryAsync(
            $"select day, worked, name from calendar_day where {year} is null or extract(year from day) = {year} order by day",
            r => new CalendarDayView(r.Get<DateOnly>("day"), r.Get<bool>("worked") ? "working" : "nonWorking", r.Get<string>("name")),
            ct));
    }

    public static async Task<Results<Ok<CalendarView>, ProblemHttpResult>> ImportAsync(
        Body<ImportCalendarRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, CurrentTimetable timetable, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        // Decide
        var (days, faults) = Parse(body.Value.Text);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        // Save
        var (now, who) = (clock.GetUtcNow(), Caller.Of(user).Name);
        var years = days.Select(d => d.Day.Year).Distinct().Order().ToArray();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await db.ExecuteAsync($"delete from calendar_day where extract(year from day)::int = any({years})", ct);
        await db.ExecuteAsync(
            $"""
             insert into calendar_day (day, worked, name)
             select * from unnest({days.Select(d => d.Day).ToArray()}, {days.Select(d => d.Kind == "working").ToArray()}, {days.Select(d => d.Name).ToArray()})
             """,
            ct);
        await TimetableRows.ChangedAsync(db, ct);
        await Waiting.LookAgainAsync(db, now, ct);
        await db.WriteAuditAsync(now, who, "calendar.import", string.Join(",", years), new { days = days.Count }, ct);
        await tx.CommitAsync(ct);
        await timetable.RefreshAsync(db, ct);
        return TypedResults.Ok(new CalendarView(days));
    }

    /// <summary>The days, or every fault with its line.</summary>
    internal static (IReadOnlyList<CalendarDayView> Days, IReadOnlyList<Fault> Faults) Parse(string text)
    {
        var (days, faults) = (new SortedDictionary<DateOnly, CalendarDayView>(), new List<Fault>());
        var lines = text.TrimStart('\uFEFF').Split('\n');
        if (lines[0].TrimEnd('\r') != "day,kind,name")
        {
            return ([], [new("wrong-header", "line 1", "The first line is day,kind,name.")]);
        }

        foreach (var (row, number) in lines.Select((l, i) => (l.TrimEnd('\r'), i + 1)).Skip(1).Where(l => l.Item1.Length > 0))
        {
            // The name is the last cell, so that it may have commas.
            var (line, cells) = ($"line {number}", row.Split(',', 3));
            var (dayText, kind, name) = (cells[0], cells.ElementAtOrDefault(1) ?? "", cells.ElementAtOrDefault(2) ?? "");
            var isDay = DateOnly.TryParseExact(dayText, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
            if (!isDay)
            {
                faults.Add(new("invalid-day", line, $"\"{dayText}\" is not a day; write 2026-02-14."));
            }

            if (kind is not ("working" or "nonWorking"))
            {
                faults.Add(new("invalid-kind", line, $"\"{kind}\" is neither working nor nonWorking."));
            }

            if (name.Length > 60 || name.Any(char.IsControl))
            {
                faults.Add(new("invalid-name", line, "A day's name has at most 60 printable characters."));
            }

            if (isDay && !days.TryAdd(day, new(day, kind, name)))
            {
                faults.Add(new("double-day", line, $"{dayText} stands twice."));
            }
        }

        if (days.Count == 0 && faults.Count == 0)
        {
            faults.Add(new("no-days", "line 2", "There is no day in it."));
        }

        return ([.. days.Values], faults);
    }
}
