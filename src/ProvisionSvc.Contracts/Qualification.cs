namespace ProvisionSvc.Contracts;

/// <summary>Can this building carry a line of this rate?</summary>
public sealed record QualifyRequest
{
    public required string Building { get; init; }

    /// <summary>Mbit/s; the larger direction.</summary>
    public required decimal Mbps { get; init; }
}

/// <summary>Yes with the port and VLAN, or every shortfall with its remedy.</summary>
public sealed record QualificationView(
    string Building, decimal Mbps, bool Qualified, string? Switch, string? IfName, int? Vlan, int FreePorts, IReadOnlyList<ShortfallView> Shortfalls);

/// <summary>One thing that a building lacks, and what would mend it.</summary>
public sealed record ShortfallView(string Code, string Message, string Remedy);

/// <summary>What billing says of an account; sent again with the same id it changes nothing.</summary>
public sealed record BillingEventRequest
{
    public required string EventId { get; init; }

    public required string Account { get; init; }

    /// <summary><c>unpaid</c> or <c>paid</c>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The orders an event led to, and for which services none could be placed.</summary>
public sealed record BillingEventView(string EventId, string Consequence, IReadOnlyList<OrderView> Orders, IReadOnlyList<FaultView> Refused);
