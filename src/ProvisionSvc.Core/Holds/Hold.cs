namespace ProvisionSvc.Core.Holds;

/// <summary>Why a service must be dark. Each kind is placed and released on its own; releasing one never lifts another.</summary>
public enum HoldKind
{
    Unpaid,
    Customer,
    Abuse,
    Regulator,
    Engineering,
}

/// <summary>A reason for which a service must be dark, with its owner and times (UTC).</summary>
public sealed record Hold(HoldKind Kind, string Owner, string Reason, DateTimeOffset Since, DateTimeOffset? Until = null);
