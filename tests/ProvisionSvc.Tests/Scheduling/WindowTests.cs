using System.Globalization;
using ProvisionSvc.Core.Scheduling;
using ProvisionSvc.Scheduling;

namespace ProvisionSvc.Tests.Scheduling;

/// <summary>When windows open: civil times, whatever the zone and the calendar do.</summary>
public sealed class WindowTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();

    [Theory]
    [InlineData("2026-03-03T09:59+08:00", "2026-03-03T10:00+08:00")]
    [InlineData("2026-03-03T10:00+08:00", "2026-03-03T10:00+08:00")]
    [InlineData("2026-03-03T14:59+08:00", "2026-03-03T10:00+08:00")]
    [InlineData("2026-03-03T15:00+08:00", "2026-03-04T10:00+08:00")]
    [InlineData("2026-03-05T15:00+08:00", "2026-03-10T10:00+08:00")]
    [InlineData("2026-03-03T02:30Z", "2026-03-03T10:00+08:00")]
    public void A_weekly_window_opens_on_its_days_at_its_time(string at, string opens)
    {
        var window = new WeeklyWindow("w", Shanghai, DayKind.Any, [DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday], new(10, 0), new(15, 0));
        Assert.Equal(Time(opens), window.Next(Time(at), WorkCalendar.Plain)!.Value.From);
    }

    [Theory]
    [InlineData("2026-03-02T23:30+08:00", "2026-03-02T23:00+08:00", "2026-03-03T05:00+08:00")]
    [InlineData("2026-03-03T04:59+08:00", "2026-03-02T23:00+08:00", "2026-03-03T05:00+08:00")]
    [InlineData("2026-03-03T05:00+08:00", "2026-03-09T23:00+08:00", "2026-03-10T05:00+08:00")]
    public void A_window_over_midnight_belongs_to_the_day_it_begins(string at, string from, string until)
    {
        var window = new WeeklyWindow("night", Shanghai, DayKind.Any, [DayOfWeek.Monday], new(23, 0), new(5, 0));
        Assert.Equal(new Opening(Time(from), Time(until)), window.Next(Time(at), WorkCalendar.Plain));
    }

    [Fact]
    public void A_begin_that_the_clocks_leap_over_is_the_moment_after_the_leap()
    {
        var window = new WeeklyWindow("dst", Berlin, DayKind.Any, EveryDay, new(2, 30), new(4, 0));
        Assert.Equal(new Opening(Time("2026-03-29T03:00+02:00"), Time("2026-03-29T04:00+02:00")), window.Next(Time("2026-03-29T00:00+01:00"), WorkCalendar.Plain));
    }

    [Fact]
    public void An_hour_that_comes_twice_is_open_twice()
    {
        var window = new WeeklyWindow("dst", Berlin, DayKind.Any, EveryDay, new(2, 15), new(2, 45));
        Assert.Equal(new Opening(Time("2026-10-25T02:15+02:00"), Time("2026-10-25T02:45+01:00")), window.Next(Time("2026-10-25T00:00+02:00"), WorkCalendar.Plain));
    }

    [Fact]
    public void A_window_that_the_leap_swallows_does_not_open_that_night()
    {
        var window = new WeeklyWindow("dst", Berlin, DayKind.Any, EveryDay, new(2, 0), new(3, 0));
        Assert.Equal(Time("2026-03-30T02:00+02:00"), window.Next(Time("2026-03-29T01:30+01:00"), WorkCalendar.Plain)!.Value.From);
    }

    /// <summary>Spring Festival 2026: Saturday 14 February is worked, 15 to 23 February are not.</summary>
    [Theory]
    [InlineData(DayKind.Working, "2026-02-13T20:00+08:00", "2026-02-14T10:00+08:00")]
    [InlineData(DayKind.Working, "2026-02-14T12:00+08:00", "2026-02-24T10:00+08:00")]
    [InlineData(DayKind.NonWorking, "2026-02-13T20:00+08:00", "2026-02-15T10:00+08:00")]
    [InlineData(DayKind.Any, "2026-02-15T20:00+08:00", "2026-02-16T10:00+08:00")]
    public void Make_up_days_and_holidays_count_as_the_calendar_says(DayKind days, string at, string opens)
    {
        var calendar = new WorkCalendar(Enumerable.Range(15, 9).ToDictionary(d => new DateOnly(2026, 2, d), _ => false).Append(new(new DateOnly(2026, 2, 14), true)).ToDictionary());
        var window = new WeeklyWindow("w", Shanghai, days, EveryDay, new(10, 0), new(11, 0));
        Assert.Equal(Time(opens), window.Next(Time(at), calendar)!.Value.From);
    }

    [Theory]
    [InlineData("0 0 1 ? * SUN#1", "2026-03-01T00:00+08:00", "2026-03-01T01:00+08:00", 1)]
    [InlineData("0 0 1 ? * SUN#1", "2026-03-01T03:30+08:00", "2026-03-01T01:00+08:00", 3)]
    [InlineData("0 0 1 ? * SUN#1", "2026-03-01T02:00+08:00", "2026-04-05T01:00+08:00", 1)]
    [InlineData("0 0 22 L * ?", "2026-03-01T00:00+08:00", "2026-03-31T22:00+08:00", 1)]
    public void A_cron_window_opens_at_its_times_and_lasts(string cron, string at, string opens, int hours)
    {
        var window = new CronWindow("c", Shanghai, DayKind.Any, cron, TimeSpan.FromHours(hours));
        Assert.Equal(new Opening(Time(opens), Time(opens).AddHours(hours)), window.Next(Time(at), WorkCalendar.Plain));
    }

    [Fact]
    public void A_cron_window_of_working_days_passes_over_a_holiday()
    {
        var calendar = new WorkCalendar(new Dictionary<DateOnly, bool> { [new(2026, 10, 1)] = false, [new(2026, 10, 2)] = false });
        var window = new CronWindow("c", Shanghai, DayKind.Working, "0 0 2 * * ?", TimeSpan.FromHours(1));
        Assert.Equal(Time("2026-10-05T02:00+08:00"), window.Next(Time("2026-10-01T00:00+08:00"), calendar)!.Value.From);
    }

    [Fact]
    public void A_window_that_never_opens_says_so()
    {
        Assert.Null(new WeeklyWindow("w", Shanghai, DayKind.Any, [], new(1, 0), new(2, 0)).Next(Time("2026-01-01T00:00Z"), WorkCalendar.Plain));
        Assert.Null(new CronWindow("c", Shanghai, DayKind.Any, "0 0 0 1 1 ? 2020", TimeSpan.FromHours(1)).Next(Time("2026-01-01T00:00Z"), WorkCalendar.Plain));
    }

    [Fact]
    public void Of_several_windows_the_first_to_open_counts()
    {
        ChangeWindow[] windows =
        [
            new WeeklyWindow("late", Shanghai, DayKind.Any, EveryDay, new(20, 0), new(21, 0)), new WeeklyWindow("early", Shanghai, DayKind.Any, EveryDay, new(3, 0), new(4, 0)),
        ];
        Assert.Equal(Time("2026-03-03T20:00+08:00"), Openings.Next(windows, WorkCalendar.Plain, Time("2026-03-03T12:00+08:00"))!.Value.From);
        Assert.Equal(Time("2026-03-04T03:00+08:00"), Openings.Next(windows, WorkCalendar.Plain, Time("2026-03-03T22:00+08:00"))!.Value.From);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
