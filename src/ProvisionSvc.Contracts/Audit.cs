using System.Text.Json;

namespace ProvisionSvc.Contracts;

/// <summary>A line of the audit log; its seal, where it has one already.</summary>
public sealed record AuditLineView(long Id, DateTimeOffset At, string Who, string Action, string Object, JsonElement Detail, long? Seal);

/// <summary>What the verification of the audit log found.</summary>
/// <param name="Lines">Lines that were read.</param>
/// <param name="First">The first seal that was looked at.</param>
/// <param name="Last">The last seal that is good.</param>
/// <param name="Hash">Its hash, for keeping elsewhere.</param>
/// <param name="NotSealed">Lines that are not sealed yet.</param>
public sealed record AuditVerificationView(bool Intact, long Lines, long First, long Last, string Hash, int NotSealed, AuditBreakView? Broken);

/// <summary>The first thing that is not as it was sealed.</summary>
/// <param name="Seal">Number in the chain; 0 where the line has no seal.</param>
/// <param name="Line">Id of the line; 0 where it is gone with its seal.</param>
/// <param name="What">changed, removed, inserted or replaced.</param>
public sealed record AuditBreakView(long Seal, long Line, string What, string Message);

/// <summary>The last seal of a day.</summary>
public sealed record AuditAnchorView(string Day, long Sequence, string Hash);
