using ProvisionSvc.Core.Scheduling;
using Quartz;

namespace ProvisionSvc.Scheduling;

/// <summary>Opens when Quartz's cron expression says, and stays open for a while.</summary>
internal sealed record CronWindow(string Name, TimeZoneInfo Zone, DayKind Days, string Cron, TimeSpan Lasts) : ChangeWindow(Name, Zone, Days)
{
    private readonly CronExpression _times = new CronExpression(Cron).WithTimeZone(Zone);

    /// <summary>Null when this is an expression, else what is wrong with it.</summary>
    public static string? Fault(string cron)
    {
        try
        {
            _ = new CronExpression(cron);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    public override Opening? Next(DateTimeOffset at, WorkCalendar calendar)
    {
        // What began one length ago ends now.
        var from = at - Lasts;
        while (_times.GetNextValidTimeAfter(from) is { } opens && opens < at + Horizon)
        {
            if (opens + Lasts > at && Opens(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(opens, Zone).DateTime), calendar))
            {
                return new(opens, opens + Lasts);
            }

            from = opens;
        }

        return null;
    }
}
