namespace ProvisionSvc.Contracts;

/// <summary>Keep orders from beginning: everywhere (then not another line goes out), or at a node, a building or a switch (what has begun is finished, restorations run).</summary>
public sealed record PauseRequest
{
    /// <summary><c>all</c>, <c>node</c>, <c>building</c> or <c>switch</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The name of the node, building or switch.</summary>
    public string? Name { get; init; }

    /// <summary>Why; shown with every order that waits for it.</summary>
    public required string Why { get; init; }
}

/// <summary>A pause that stands, or stood.</summary>
public sealed record PauseView(long Id, string Scope, string Name, string Who, string Why, DateTimeOffset Since, DateTimeOffset? EndedAt, string? EndedBy);

/// <summary>No change begins from one time to another, but restorations do, and what the excepted roles order.</summary>
public sealed record FreezeRequest
{
    /// <summary><c>all</c>, <c>district</c>, <c>node</c> or <c>building</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The district's number, or the name of the node or building.</summary>
    public string? Name { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required string Why { get; init; }

    /// <summary>Roles whose orders the freeze does not stop.</summary>
    public IReadOnlyList<string>? ExceptRoles { get; init; }
}

/// <summary>A freeze to come, one that stands, or one that is over.</summary>
public sealed record FreezeView(
    long Id, string Scope, string Name, DateTimeOffset From, DateTimeOffset Until, string Why, IReadOnlyList<string> ExceptRoles, string Who, DateTimeOffset? EndedAt,
    string? EndedBy);

/// <summary>Times in which changes may begin: weekly (weekdays, from, until) or by cron (cron, lasts).</summary>
public sealed record WindowRequest
{
    public required string Name { get; init; }

    /// <summary><c>all</c>, <c>district</c>, <c>node</c> or <c>building</c>; the nearest one that has windows counts.</summary>
    public required string Scope { get; init; }

    /// <summary>The district's number, or the name of the node or building.</summary>
    public string? Target { get; init; }

    /// <summary>weekly: <c>mon</c>, <c>tue</c> … <c>sun</c>.</summary>
    public IReadOnlyList<string>? Weekdays { get; init; }

    /// <summary>weekly: begin, HH:mm.</summary>
    public string? From { get; init; }

    /// <summary>weekly: end, HH:mm; not after the begin means on the next day.</summary>
    public string? Until { get; init; }

    /// <summary>cron: when it opens, as Quartz reads it (seconds first).</summary>
    public string? Cron { get; init; }

    /// <summary>cron: minutes that it stays open.</summary>
    public int? LastsMinutes { get; init; }

    /// <summary><c>any</c> day, <c>working</c> or <c>nonWorking</c> days of the calendar; any where missing.</summary>
    public string? Days { get; init; }

    /// <summary>The zone of its times; the service's own where missing.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The orders it counts for; all but restorations where missing.</summary>
    public IReadOnlyList<string>? Actions { get; init; }
}

/// <summary>A window with its next opening, which may have begun.</summary>
public sealed record WindowView(
    long Id, string Name, string Scope, string Target, string TimeZone, string Days, IReadOnlyList<string> Weekdays, string? From, string? Until, string? Cron, int? LastsMinutes,
    IReadOnlyList<string> Actions, string Who, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt);

/// <summary>A calendar file's text: CSV with the columns day, kind (working, nonWorking), name. The years in it are replaced whole.</summary>
public sealed record ImportCalendarRequest
{
    public required string Text { get; init; }
}

/// <summary>Days that are worked, or not, other than Monday to Friday says.</summary>
public sealed record CalendarView(IReadOnlyList<CalendarDayView> Days);

/// <summary>One such day.</summary>
public sealed record CalendarDayView(DateOnly Day, string Kind, string Name);

/// <summary>More darkening for a while, for the orders of others than the one who grants it.</summary>
public sealed record RaiseBudgetRequest
{
    /// <summary>So many more items an hour.</summary>
    public required int PerHour { get; init; }

    /// <summary>So many more in one building.</summary>
    public int PerBuilding { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required string Why { get; init; }
}

/// <summary>A raise of the darkening budget.</summary>
public sealed record BudgetRaiseView(
    long Id, int PerHour, int PerBuilding, DateTimeOffset Until, string Who, string Why, DateTimeOffset At, DateTimeOffset? EndedAt, string? EndedBy);

/// <summary>Changes that begin at a node in a minute; null for what the setting says.</summary>
public sealed record SetPaceRequest(int? PerMinute);

/// <summary>Maintenance of every switch of a node or building, with its end; without <c>until</c> it ends now.</summary>
public sealed record MaintenanceRequest(DateTimeOffset? Until, string? Why);

/// <summary>The switches whose mode has changed.</summary>
public sealed record MaintenanceView(string Scope, string Name, DateTimeOffset? Until, IReadOnlyList<string> Switches);

/// <summary>Where the fibre landed.</summary>
public sealed record AnswerOrderRequest
{
    public required string Switch { get; init; }

    public required string IfName { get; init; }

    /// <summary>The VLAN ID 1..4094; what the order says, or a free one of the node, where missing.</summary>
    public int? Vlan { get; init; }
}

/// <summary>Yes to the plan that was shown.</summary>
public sealed record ApproveOrderRequest
{
    /// <summary>The hash of the plan that the approver has seen.</summary>
    public required string Hash { get; init; }
}

/// <summary>No.</summary>
public sealed record RejectOrderRequest
{
    public required string Why { get; init; }
}

/// <summary>What an order's approvers see: who has approved, what would be done, and what is different from what was approved before.</summary>
/// <param name="Hash">Names the plans; null until they are made.</param>
/// <param name="Problem">Why the plans are not made yet.</param>
public sealed record ApprovalView(
    int Round, string Role, int Needed, IReadOnlyList<string> ApprovedBy, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, string? Hash, IReadOnlyList<PlanView> Plans,
    string? Difference, string? Problem, string? Outcome);
