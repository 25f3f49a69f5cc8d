using System.Globalization;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Core.Scheduling;

/// <summary>What a pause, window or freeze is about.</summary>
public enum ScopeKind
{
    All,
    District,
    Node,
    Building,
    Switch,
}

/// <summary>Where a switch stands.</summary>
public sealed record Site(long SwitchId, long BuildingId, long NodeId, int District);

/// <summary>A part of the network; <paramref name="Id"/> is the district's number, or the id of node, building or switch, and 0 for everything.</summary>
public readonly record struct Scope(ScopeKind Kind, long Id)
{
    public static Scope All { get; } = new(ScopeKind.All, 0);

    public bool Covers(Site site) => Id == Kind switch
    {
        ScopeKind.District => site.District,
        ScopeKind.Node => site.NodeId,
        ScopeKind.Building => site.BuildingId,
        ScopeKind.Switch => site.SwitchId,
        _ => 0,
    };
}

/// <summary>Somebody has paused a part of the network, or stopped everything.</summary>
public sealed record Pause(Scope Scope, string Who, string Why, DateTimeOffset Since);

/// <summary>No change begins here meanwhile, unless somebody of an excepted role has ordered it.</summary>
public sealed record Freeze(Scope Scope, DateTimeOffset From, DateTimeOffset Until, string Why, IReadOnlyCollection<string> ExceptRoles);

/// <summary>A window and where it counts. <paramref name="Actions"/> empty: for every order that is no restoration.</summary>
public sealed record ScopedWindow(Scope Scope, ChangeWindow Window, IReadOnlyCollection<string> Actions);

/// <summary>What an order waits for, and when to look again; null where only a person or a changed timetable can help.</summary>
/// <param name="Detail">Completes the reason's sentence in either language: a time, a name, a person's own words.</param>
public sealed record Wait(Reason Reason, string Detail, DateTimeOffset? Until);

/// <summary>Pauses, freezes, windows and the calendar as they stand. Nothing of it delays a restoration, except that everything was stopped.</summary>
/// <param name="Zone">The zone in which times are said.</param>
public sealed record Timetable(
    IReadOnlyList<Pause> Pauses, IReadOnlyList<Freeze> Freezes, IReadOnlyList<ScopedWindow> Windows, WorkCalendar Calendar, TimeZoneInfo Zone)
{
    // The nearer word counts: a building's own windows replace those of its node.
    private static readonly ScopeKind[] NearestFirst = [ScopeKind.Switch, ScopeKind.Building, ScopeKind.Node, ScopeKind.District, ScopeKind.All];

    public static Timetable Empty { get; } = new([], [], [], WorkCalendar.Plain, TimeZoneInfo.Utc);

    /// <summary>Everything was stopped: not another line goes out. Null: it was not.</summary>
    public Pause? Stop => Pauses.FirstOrDefault(p => p.Scope.Kind == ScopeKind.All);

    /// <summary>The pause that keeps items of a switch from beginning, or null.</summary>
    public Pause? PauseAt(Site site) => Pauses.FirstOrDefault(p => p.Scope.Covers(site));

    /// <summary>What keeps a change from beginning now, or null. Not to be asked of a restoration.</summary>
    /// <param name="role">The role of who ordered it.</param>
    public Wait? WaitAt(Site site, string action, string? role, DateTimeOffset now)
    {
        var freeze = Freezes
            .Where(f => f.Scope.Covers(site) && f.From <= now && now < f.Until && (role is null || !f.ExceptRoles.Contains(role)))
            .MaxBy(f => f.Until);
        return freeze is not null ? new(Reasons.Freeze, $"{Said(freeze.Until, Zone)} ({freeze.Why})", freeze.Until) : WindowAt(site, action, now);
    }

    private Wait? WindowAt(Site site, string action, DateTimeOffset now)
    {
        var here = Windows.Where(w => w.Scope.Covers(site) && (w.Actions.Count == 0 || w.Actions.Contains(action))).ToList();
        if (here.Count == 0)
        {
            return null;
        }

        var nearest = NearestFirst.First(kind => here.Exists(w => w.Scope.Kind == kind));
        var windows = here.Where(w => w.Scope.Kind == nearest).Select(w => w.Window).ToList();
        var names = string.Join(", ", windows.Select(w => w.Name));
        return Openings.Next(windows, Calendar, now) switch
        {
            { } open when open.From <= now => null,
            { } next => new(Reasons.Window, $"{Said(next.From, Zone)} ({names})", next.From),
            null => new(Reasons.Window, $"- ({names})", null),
        };
    }

    private static string Said(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
