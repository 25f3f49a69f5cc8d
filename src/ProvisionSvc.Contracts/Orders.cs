namespace ProvisionSvc.Contracts;

/// <summary>An order for one service. Which fields count depends on <c>action</c>; a field that does not belong to it is a fault.</summary>
public sealed record PlaceOrderRequest
{
    /// <summary>The client's own number for this order, 1..64 characters; the same number with the same body is the same order, with another body 409.</summary>
    public required string ExternalId { get; init; }

    /// <summary><c>activate</c>, <c>disconnect</c>, <c>suspend</c> or <c>resume</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The circuit id of the service.</summary>
    public required string Service { get; init; }

    /// <summary>Why, in the person's words; kept in the audit log, never sent to a switch.</summary>
    public string? Why { get; init; }

    /// <summary>suspend, resume: <c>unpaid</c>, <c>customer</c>, <c>abuse</c>, <c>regulator</c> or <c>engineering</c>.</summary>
    public string? Hold { get; init; }

    /// <summary>activate: the account that pays; needed where the service is new.</summary>
    public string? Account { get; init; }

    /// <summary>activate: the building; needed where no port is named, the qualification then chooses one.</summary>
    public string? Building { get; init; }

    /// <summary>activate: the switch.</summary>
    public string? Switch { get; init; }

    /// <summary>activate: the port's ifName.</summary>
    public string? IfName { get; init; }

    /// <summary>activate: the VLAN ID 1..4094; a free one of the node where missing.</summary>
    public int? Vlan { get; init; }

    /// <summary>activate: true where the port carries the VLAN with its tag: it becomes a trunk of its own lines only.</summary>
    public bool? Tagged { get; init; }

    /// <summary>activate: Mbit/s towards the customer.</summary>
    public decimal? RateDownMbps { get; init; }

    /// <summary>activate: Mbit/s from the customer; the same as down where missing.</summary>
    public decimal? RateUpMbps { get; init; }

    /// <summary>activate: true where another device keeps the rates.</summary>
    public bool? RateEnforcedElsewhere { get; init; }

    /// <summary>activate: true where the field work will say later on which switch and port the fibre landed; the order waits for that answer.</summary>
    public bool? FieldAnswer { get; init; }

    /// <summary>Not before this time; at once where missing.</summary>
    public DateTimeOffset? RequestedStart { get; init; }
}

/// <summary>An order with its items.</summary>
public sealed record OrderView
{
    public required long Id { get; init; }

    public required string ExternalId { get; init; }

    public required string Client { get; init; }

    public required string Action { get; init; }

    public required string Service { get; init; }

    /// <summary>acknowledged, inProgress, held, pending, completed, failed, partial, cancelled, rejected (TMF641).</summary>
    public required string State { get; init; }

    /// <summary>Reason code of the state, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason in English.</summary>
    public string? ReasonText { get; init; }

    /// <summary>The reason in Chinese.</summary>
    public string? ReasonTextZh { get; init; }

    public required string PlacedBy { get; init; }

    public string? Why { get; init; }

    public string? Hold { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RequestedStart { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>While it waits: when it is looked at again by itself, or null where something else than time must help.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>Who has to approve it, who has, and the plans they see; null where nobody has to.</summary>
    public ApprovalView? Approval { get; init; }

    public required IReadOnlyList<OrderItemView> Items { get; init; }
}

/// <summary>The part of an order that concerns one port.</summary>
public sealed record OrderItemView
{
    public required int Sequence { get; init; }

    public required string Switch { get; init; }

    public required string IfName { get; init; }

    public required string State { get; init; }

    public string? Reason { get; init; }

    /// <summary>What exactly happened, where there is more to say than the reason: the switch's words, the unreachable address.</summary>
    public string? Detail { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The plan that runs or ran.</summary>
    public PlanView? Plan { get; init; }

    /// <summary>How the result was proven, or null.</summary>
    public ProofView? Proof { get; init; }
}

/// <summary>
/// What is, or would be, done to one port; the commit is what makes all steps take effect at once, where the family has one. A family that can try a change
/// out does: it begins so before the first step, or by its commit, and keeps the change once it is proven.
/// </summary>
/// <param name="Stays">Of a plan back: fields that it cannot take back, because what they showed is not known, or was a text that is never typed.</param>
public sealed record PlanView(
    string Switch, string IfName, string Template, string Hash, bool Darkens, IReadOnlyList<PlanStepView> Steps, IReadOnlyList<string>? Commit = null,
    IReadOnlyList<string>? Begin = null, IReadOnlyList<string>? Keep = null, IReadOnlyList<string>? Stays = null);

/// <summary>What would make a port what it should be (version of the intent), what would take that back, and what would make an order wait.</summary>
public sealed record PortPlanView(int IntentVersion, PlanView Plan, PlanView Reverse, string? Note);

/// <summary>One field from before to after (null = not set on the port) with the native lines.</summary>
public sealed record PlanStepView(string Field, string? Before, string? After, IReadOnlyList<string> Lines, string VerifyBy);

/// <summary>What the switch showed afterwards, by which channel, and that it was saved.</summary>
public sealed record ProofView(DateTimeOffset At, IReadOnlyList<ProvenFieldView> Fields, string OperStatus, string Saved);

/// <summary>A field as the switch showed it, and the channel that said so.</summary>
public sealed record ProvenFieldView(string Field, string? Value, string Channel);

/// <summary>The answer to a dry run: what would change, what would take that back, and nothing was written.</summary>
public sealed record DryRunView(
    string Action, string Service, string? SwitchName, string? IfName, int? Vlan, IReadOnlyList<PlanView> Plans, string? Note,
    IReadOnlyList<PlanView>? Reverse = null);

/// <summary>A page of orders, newest first.</summary>
public sealed record OrderListView(IReadOnlyList<OrderView> Orders);
