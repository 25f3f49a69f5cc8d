namespace ProvisionSvc.Contracts;

/// <summary>
/// An order: for one service, for the services of a group, or for a port or switch. Which fields count depends on <c>action</c>; a field that does not belong to it
/// is a fault.
/// </summary>
public sealed record PlaceOrderRequest
{
    /// <summary>The client's own number for this order, 1..64 characters; the same number with the same body is the same order, with another body 409.</summary>
    public required string ExternalId { get; init; }

    /// <summary>
    /// <c>activate</c>, <c>disconnect</c>, <c>suspend</c>, <c>resume</c>, <c>changeSpeed</c>, <c>changeVlan</c>, <c>addAttachment</c>, <c>removeAttachment</c>,
    /// <c>move</c>, <c>rename</c>, <c>repair</c>, <c>adopt</c> or <c>replaceSwitch</c>.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>The circuit id of the service; not for replaceSwitch, and repair may name a port instead.</summary>
    public string? Service { get; init; }

    /// <summary>suspend, resume, disconnect, changeSpeed, repair: every service of this group instead of one, each with an outcome of its own.</summary>
    public string? Group { get; init; }

    /// <summary>Why, in the person's words; kept in the audit log, never sent to a switch.</summary>
    public string? Why { get; init; }

    /// <summary>suspend, resume: <c>unpaid</c>, <c>customer</c>, <c>abuse</c>, <c>regulator</c> or <c>engineering</c>.</summary>
    public string? Hold { get; init; }

    /// <summary>suspend: the hold ends then by itself; without it somebody has to release it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>activate: the account that pays; needed where the service is new.</summary>
    public string? Account { get; init; }

    /// <summary>activate, addAttachment: the building; needed where no port is named, the qualification then chooses one.</summary>
    public string? Building { get; init; }

    /// <summary>The switch: of the port to use (activate, addAttachment), of the attachment that is meant where there are several, the broken one (replaceSwitch).</summary>
    public string? Switch { get; init; }

    /// <summary>The port's ifName on that switch.</summary>
    public string? IfName { get; init; }

    /// <summary>move: the switch to go to, perhaps the same; replaceSwitch: the spare.</summary>
    public string? ToSwitch { get; init; }

    /// <summary>move: the ifName of the port to go to.</summary>
    public string? ToIfName { get; init; }

    /// <summary>replaceSwitch: ifName on the broken switch to ifName on the spare; a port that is not named keeps its name.</summary>
    public IReadOnlyDictionary<string, string>? PortMap { get; init; }

    /// <summary>rename: the new circuit id.</summary>
    public string? NewService { get; init; }

    /// <summary>activate, addAttachment, changeVlan, move: the VLAN ID 1..4094; a free one of the node where missing (move keeps its own where it can).</summary>
    public int? Vlan { get; init; }

    /// <summary>activate: true where the port carries the VLAN with its tag: it becomes a trunk of its own lines only.</summary>
    public bool? Tagged { get; init; }

    /// <summary>activate, addAttachment, changeSpeed: Mbit/s towards the customer.</summary>
    public decimal? RateDownMbps { get; init; }

    /// <summary>activate, addAttachment, changeSpeed: Mbit/s from the customer; the same as down where missing.</summary>
    public decimal? RateUpMbps { get; init; }

    /// <summary>activate, addAttachment: true where another device keeps the rates.</summary>
    public bool? RateEnforcedElsewhere { get; init; }

    /// <summary>The order that is taken back; placed by <c>POST /orders/{id}/undo</c>.</summary>
    public long? Undoes { get; init; }

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

    /// <summary>The circuit id as the order named it; empty where it is of no single service.</summary>
    public required string Service { get; init; }

    /// <summary>The group whose services it is for, or null.</summary>
    public string? Group { get; init; }

    /// <summary>The port or switch that the request named, or null.</summary>
    public string? Place { get; init; }

    /// <summary>The order over many that this one is a part of, or null.</summary>
    public long? Parent { get; init; }

    /// <summary>How many orders this one consists of and how many of them are in which state; null for an order of its own.</summary>
    public OrderPartsView? Parts { get; init; }

    /// <summary>The order that this one takes back, or null.</summary>
    public long? Undoes { get; init; }

    /// <summary>The order that took this one back, or null.</summary>
    public long? UndoneBy { get; init; }

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

    /// <summary>suspend: when the hold ends by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>While it waits: when it is looked at again by itself, or null where something else than time must help.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>Who has to approve it, who has, and the plans they see; null where nobody has to.</summary>
    public ApprovalView? Approval { get; init; }

    public required IReadOnlyList<OrderItemView> Items { get; init; }
}

/// <summary>The orders that one order over many consists of.</summary>
/// <param name="ByState">How many are in each state that occurs.</param>
public sealed record OrderPartsView(int Total, IReadOnlyDictionary<string, int> ByState);

/// <summary>The part of an order that concerns one port. Of an order over a group or a switch: the items of its parts.</summary>
public sealed record OrderItemView
{
    /// <summary>The part that it belongs to, where the order is one over many.</summary>
    public long? Order { get; init; }

    /// <summary>The service it is for, where the order is one over many.</summary>
    public string? Service { get; init; }

    /// <summary>The sequence of the item that has to be proven before this one begins, or null.</summary>
    public int? DependsOn { get; init; }

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
/// <param name="Next">The <c>cursor</c> of the next page; null on the last.</param>
public sealed record OrderListView(IReadOnlyList<OrderView> Orders, string? Next = null);

/// <summary>Up to 10,000 orders under one number; all of them are accepted, or none and every fault is named by row and column.</summary>
public sealed record BulkOrderRequest
{
    /// <summary>The client's own number for the whole; the same number with the same orders is the same bulk.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Why, for the audit log; an order's own <c>why</c> wins.</summary>
    public string? Why { get; init; }

    /// <summary>The orders; <c>externalId</c> may be left out, it is then the bulk's with the row's number.</summary>
    public IReadOnlyList<BulkRowRequest>? Orders { get; init; }

    /// <summary>The same as CSV text whose header names the members (action,service,hold …), instead of <c>orders</c>.</summary>
    public string? Csv { get; init; }
}

/// <summary>One order of a bulk: the members of a single order. Orders over many, <c>adopt</c> and <c>undo</c> are placed singly.</summary>
public sealed record BulkRowRequest
{
    public string? ExternalId { get; init; }

    public required string Action { get; init; }

    public string? Service { get; init; }

    public string? Why { get; init; }

    public string? Hold { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Account { get; init; }

    public string? Building { get; init; }

    public string? Switch { get; init; }

    public string? IfName { get; init; }

    public string? ToSwitch { get; init; }

    public string? ToIfName { get; init; }

    public string? NewService { get; init; }

    public int? Vlan { get; init; }

    public decimal? RateDownMbps { get; init; }

    public decimal? RateUpMbps { get; init; }

    public bool? RateEnforcedElsewhere { get; init; }

    public DateTimeOffset? RequestedStart { get; init; }
}

/// <summary>A bulk that was accepted, or would be: its order (null after a dry run), and how many rows there are of each action.</summary>
/// <param name="Darkening">Rows that take a lit port down; each counts against the darkening budget when it starts.</param>
public sealed record BulkOrderView(OrderView? Order, int Rows, IReadOnlyDictionary<string, int> ByAction, int Darkening, int Unchanged);

/// <summary>Take an order back. Its externalId is <c>undo/{id}</c> where none is given.</summary>
public sealed record UndoOrderRequest(string? ExternalId = null, string? Why = null);
