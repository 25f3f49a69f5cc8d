namespace ProvisionSvc.Core.Dunning;

/// <summary>What billing says of an account.</summary>
public enum BillingEventKind
{
    Unpaid,
    Paid,
}

/// <summary>What an account's billing event leads to.</summary>
public enum BillingConsequence
{
    /// <summary>Place the unpaid hold on the account's services.</summary>
    PlaceHolds,

    /// <summary>Release the unpaid hold; never delayed.</summary>
    ReleaseHolds,

    /// <summary>An older event than the one that counts; recorded, nothing else.</summary>
    Ignore,
}

/// <summary>The newest billing event that was applied to an account: its own time (UTC) and what it said.</summary>
public sealed record AppliedEvent(DateTimeOffset At, BillingEventKind Kind);

/// <summary>Billing events arrive late, twice and out of order; the newest by its own time counts, and of two at the same moment the payment.</summary>
public static class BillingRule
{
    /// <param name="newest">The newest event applied to this account, or null.</param>
    public static BillingConsequence Of(BillingEventKind kind, DateTimeOffset occurredAt, AppliedEvent? newest) => newest switch
    {
        not null when occurredAt < newest.At => BillingConsequence.Ignore,
        { Kind: BillingEventKind.Paid } when occurredAt == newest.At && kind == BillingEventKind.Unpaid => BillingConsequence.Ignore,
        _ => kind == BillingEventKind.Unpaid ? BillingConsequence.PlaceHolds : BillingConsequence.ReleaseHolds,
    };
}
