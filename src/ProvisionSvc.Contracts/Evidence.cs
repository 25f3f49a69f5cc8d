using System.Text.Json;

namespace ProvisionSvc.Contracts;

/// <summary>What is known of one order, whole: who wanted it, why, who let it go, what was planned, typed and answered, and how the result was proven.</summary>
public sealed record EvidenceView
{
    /// <summary>Of this document's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>True once the order has ended; before, this is how far it is.</summary>
    public required bool Complete { get; init; }

    public required DateTimeOffset WrittenAt { get; init; }

    /// <summary>With its items, their plans (hash, steps, lines) and proofs (fields, channels, save).</summary>
    public required OrderView Order { get; init; }

    public string? Account { get; init; }

    public string? Customer { get; init; }

    public string? Building { get; init; }

    /// <summary>Everybody who let the order go or said no to it.</summary>
    public required IReadOnlyList<EvidenceApprovalView> Approvals { get; init; }

    /// <summary>Each field that was planned or proven.</summary>
    public required IReadOnlyList<EvidenceFieldView> Fields { get; init; }

    /// <summary>The journal: every line that was sent, written down before it was.</summary>
    public required IReadOnlyList<EvidenceLineView> Journal { get; init; }

    /// <summary>What was said to the switch and what it answered, without secrets.</summary>
    public required IReadOnlyList<EvidenceTalkView> Conversations { get; init; }

    /// <summary>The audit log's lines about the order.</summary>
    public required IReadOnlyList<AuditLineView> Audit { get; init; }
}

/// <summary>Who decided what about an order, when, and over what: the round and the hash of the plan, the reason of a refusal.</summary>
public sealed record EvidenceApprovalView(DateTimeOffset At, string By, string Decision, JsonElement Detail);

/// <summary>A field before and after, what the switch showed at the end, and the channel that said so.</summary>
public sealed record EvidenceFieldView(string Switch, string IfName, string Field, string? Before, string? After, string? Proven, string? Channel);

/// <summary>A line of the journal.</summary>
public sealed record EvidenceLineView(
    string Switch, string IfName, long Epoch, int? LocalPort, string Channel, string Field, string Line, string? Before, string? After, DateTimeOffset At, string? Outcome,
    DateTimeOffset? OutcomeAt);

/// <summary>Part of a session: <c>write</c>, <c>keep</c>, <c>prove</c>, <c>save</c> or <c>takeBack</c>.</summary>
public sealed record EvidenceTalkView(string Switch, string IfName, long Epoch, string Part, DateTimeOffset At, string Text);
