namespace ProvisionSvc.Core.Scheduling;

/// <summary>Which days are worked: Monday to Friday, except where the published calendar says otherwise (holidays, make-up working days).</summary>
/// <param name="Exceptions">Day to "worked".</param>
public sealed record WorkCalendar(IReadOnlyDictionary<DateOnly, bool> Exceptions)
{
    public static WorkCalendar Plain { get; } = new(new Dictionary<DateOnly, bool>());

    public bool IsWorkingDay(DateOnly day) =>
        Exceptions.TryGetValue(day, out var worked) ? worked : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}

/// <summary>On which days of the calendar a window opens.</summary>
public enum DayKind
{
    Any,
    Working,
    NonWorking,
}
