namespace ProvisionSvc.Core.Scheduling;

/// <summary>One time that a window is open; <paramref name="Until"/> is no longer part of it.</summary>
public readonly record struct Opening(DateTimeOffset From, DateTimeOffset Until);

/// <summary>Times in which changes may begin. They are civil times of a zone: a window at 02:00 opens at 02:00 whatever the zone's offset is that night.</summary>
/// <param name="Days">On which days of the calendar it opens; the day on which it begins counts.</param>
public abstract record ChangeWindow(string Name, TimeZoneInfo Zone, DayKind Days)
{
    /// <summary>Further ahead nothing is looked for: a window that does not open in so many days never does.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    /// <summary>The first opening that is not over at <paramref name="at"/>, whether it has begun or not; null where there is none.</summary>
    public abstract Opening? Next(DateTimeOffset at, WorkCalendar calendar);

    /// <summary>True where a window of this kind may begin on the day.</summary>
    protected bool Opens(DateOnly day, WorkCalendar calendar) => Days switch
    {
        DayKind.Working => calendar.IsWorkingDay(day),
        DayKind.NonWorking => !calendar.IsWorkingDay(day),
        _ => true,
    };
}

/// <summary>Open on these days of the week from one time to another; an end that is not after the begin is on the next day.</summary>
public sealed record WeeklyWindow(string Name, TimeZoneInfo Zone, DayKind Days, IReadOnlyCollection<DayOfWeek> Weekdays, TimeOnly From, TimeOnly Until)
    : ChangeWindow(Name, Zone, Days)
{
    public override Opening? Next(DateTimeOffset at, WorkCalendar calendar)
    {
        // What began yesterday may still be open.
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime).AddDays(-1);
        for (var day = first; day <= first.AddDays(Horizon.Days); day = day.AddDays(1))
        {
            if (!Weekdays.Contains(day.DayOfWeek) || !Opens(day, calendar))
            {
                continue;
            }

            var opening = new Opening(Instant(day, From, latest: false), Instant(Until > From ? day : day.AddDays(1), Until, latest: true));
            if (opening.Until > at && opening.From < opening.Until)
            {
                return opening;
            }
        }

        return null;
    }

    /// <summary>A civil time as an instant. One that the clocks leap over is the moment after the leap; one that comes twice is the first as a begin, the second as an end.</summary>
    private DateTimeOffset Instant(DateOnly day, TimeOnly time, bool latest)
    {
        var local = day.ToDateTime(time);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = !Zone.IsAmbiguousTime(local) ? Zone.GetUtcOffset(local)
            : latest ? Zone.GetAmbiguousTimeOffsets(local).Min()
            : Zone.GetAmbiguousTimeOffsets(local).Max();
        return new(local, offset);
    }
}

/// <summary>Several windows together: open while one of them is.</summary>
public static class Openings
{
    /// <summary>The first opening that is not over at <paramref name="at"/>: it is open now where it has begun. Null where none ever opens.</summary>
    public static Opening? Next(IEnumerable<ChangeWindow> windows, WorkCalendar calendar, DateTimeOffset at) => windows
        .Select(w => w.Next(at, calendar)).Where(o => o is not null).OrderBy(o => o!.Value.From).FirstOrDefault();
}
