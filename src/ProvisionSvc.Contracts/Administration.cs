namespace ProvisionSvc.Contracts;

/// <summary>A new API token for a person or a system.</summary>
public sealed record CreateTokenRequest
{
    public required string Name { get; init; }

    /// <summary>sales, building, business, engineering, auditor or administrator.</summary>
    public required string Role { get; init; }

    /// <summary>Sales districts it may touch; all where empty.</summary>
    public IReadOnlyList<int> Districts { get; init; } = [];
}

/// <summary>The token's text is shown this once.</summary>
public sealed record CreatedTokenView(string Name, string Role, IReadOnlyList<int> Districts, string Token);

/// <summary>An API token without its text.</summary>
public sealed record TokenView(string Name, string Role, IReadOnlyList<int> Districts, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Something that a person should look at, with what to do about it.</summary>
/// <param name="Severity">indeterminate, warning, minor, major or critical (ITU-T X.733).</param>
/// <param name="Times">How often it was raised while it stood.</param>
public sealed record AlarmView(
    long Id, string Severity, string What, string Remedy, DateTimeOffset RaisedAt, string? AcknowledgedBy, DateTimeOffset? ClearedAt,
    int Times = 1, DateTimeOffset? LastRaisedAt = null, DateTimeOffset? AcknowledgedAt = null, string? Key = null);

/// <summary>An alarm with all that became of it, and the earlier alarms about the same thing.</summary>
public sealed record AlarmDetailView(AlarmView Alarm, IReadOnlyList<AlarmHistoryView> History, IReadOnlyList<AlarmView> Earlier);

/// <summary>What became of an alarm: raised, changed (worse, or in other words), acknowledged, cleared.</summary>
/// <param name="Who">Who acknowledged it.</param>
public sealed record AlarmHistoryView(DateTimeOffset At, string What, string? Who, string Severity, string Text);

/// <summary>A problem (RFC 9457) as clients of this API read it.</summary>
public sealed record ProblemView
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int Status { get; init; }

    public string? Detail { get; init; }

    /// <summary>Stable code of the problem.</summary>
    public string? Code { get; init; }

    /// <summary>Every fault in the input.</summary>
    public IReadOnlyList<FaultView> Faults { get; init; } = [];
}

/// <summary>One fault: stable code, field (or file, line and column), sentence with the remedy.</summary>
public sealed record FaultView(string Code, string Field, string Message);
