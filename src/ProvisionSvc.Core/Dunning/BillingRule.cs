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

/// <summary>Billing events arrive late, twice and out of order; the newest by its own time counts.</summary>
public static class BillingRule
{
    /// <param name="newestSoFar">Time (UTC) of the newest event applied to this account, or null.</param>
    public static BillingConsequence Of(BillingEventKind kind, DateTimeOffset occurredAt, DateTimeOffset? newestSoFar) =>
        newestSoFar is { } newest && occurredAt < newest ? BillingConsequence.Ignore
        : kind == BillingEventKind.Unpaid ? BillingConsequence.PlaceHolds
        : BillingConsequence.ReleaseHolds;
}
