using System.Security.Cryptography;
using System.Text;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>One line to type, rendered.</summary>
public sealed record PlanLine(LineScope Scope, string Text);

/// <summary>An SNMP SET instead of lines: the field's standard column and the value it gets.</summary>
public sealed record PlanSet(string Column, string Value)
{
    public const string IfAdminStatus = "ifAdminStatus";

    public const string IfAlias = "ifAlias";

    /// <summary>By base port, which is not the ifIndex.</summary>
    public const string Dot1qPvid = "dot1qPvid";
}

/// <summary>One field brought from what was read to what is wanted.</summary>
/// <param name="Before">What the port is expected to show now; null = not set.</param>
/// <param name="After">What it must show afterwards.</param>
/// <param name="Lines">What is typed, or empty where <paramref name="Snmp"/> is used.</param>
/// <param name="Undo">What takes the change back to <paramref name="Before"/>; empty where it cannot be known.</param>
/// <param name="VerifyBy">The channel whose reading proves the change.</param>
public sealed record PlanStep(
    IntentField Field,
    string? Before,
    string? After,
    IReadOnlyList<PlanLine> Lines,
    PlanSet? Snmp,
    IReadOnlyList<PlanLine> Undo,
    PlanSet? UndoSnmp,
    Channel VerifyBy);

/// <summary>The change is tried out: <see cref="TrialTemplate"/>, rendered.</summary>
public sealed record PlanTrial(IReadOnlyList<PlanLine> Begin, IReadOnlyList<PlanLine> Keep, TimeSpan Within, bool SameSession, bool MayFail);

/// <summary>Everything that will be done to one port, and what must be true afterwards.</summary>
public sealed record DevicePlan(PortName Port, string Template, IReadOnlyList<PlanStep> Steps, IReadOnlyDictionary<IntentField, string?> Expected)
{
    /// <summary>What makes the lines run, after the last of them, where the device keeps a candidate; in configuration.</summary>
    public IReadOnlyList<PlanLine> Commit { get; init; } = [];

    /// <summary>Where the family can try the change out; its lines stand in for <see cref="Commit"/>.</summary>
    public PlanTrial? Trial { get; init; }

    /// <summary>What is typed in configuration before the first step: the beginning of a trial, where lines run at once.</summary>
    public IReadOnlyList<PlanLine> Opening => Commit.Count == 0 ? Trial?.Begin ?? [] : [];

    /// <summary>What is typed in configuration after the last step, and makes it run where lines fill a candidate.</summary>
    public IReadOnlyList<PlanLine> Closing => Commit.Count > 0 ? Trial?.Begin ?? Commit : [];

    /// <summary>What is typed in configuration once the change is proven.</summary>
    public IReadOnlyList<PlanLine> Keep => Trial?.Keep ?? [];

    /// <summary>True when the port already is what it should be.</summary>
    public bool IsEmpty => Steps.Count == 0;

    /// <summary>True when running this takes a port from up to down.</summary>
    public bool Darkens => Steps.Any(s => s is { Field: IntentField.AdminStatus, After: "down", Before: not "down" });

    /// <summary>SHA-256 over the fields the plan changes and the lines that do it; the same plan has the same hash anywhere.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))[..16];

    /// <summary>
    /// The plan as text: one line per field (before → after) with the native lines below it. What came from the device is made printable: an alias
    /// with a line feed must not look like a line of the plan, nor reach a terminal (T18).
    /// </summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder($"{Port} ({Template})\n");
            Opening.ToList().ForEach(l => text.Append($"  {l.Text}\n"));
            foreach (var step in Steps)
            {
                text.Append($"  {FieldNames.Of(step.Field)}: {Printable.Of(step.Before) ?? "-"} -> {Printable.Of(step.After) ?? "-"}\n");
                step.Lines.ToList().ForEach(l => text.Append($"    {l.Text}\n"));
                if (step.Snmp is { } set)
                {
                    text.Append($"    SNMP SET {set.Column} = {Printable.Of(set.Value)}\n");
                }
            }

            Closing.Concat(Keep).ToList().ForEach(l => text.Append($"  {l.Text}\n"));
            return text.ToString();
        }
    }
}

/// <summary>A plan, or every reason why there is none.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome()
    {
    }

    /// <summary>The plan, perhaps empty.</summary>
    public sealed record Planned(DevicePlan Plan) : PlanOutcome;

    /// <summary>No plan can be made; all reasons at once.</summary>
    public sealed record Refused(IReadOnlyList<string> Reasons) : PlanOutcome;
}
