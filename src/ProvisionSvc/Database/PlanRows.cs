using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Database;

/// <summary>Plans as clients see them and as the database keeps them.</summary>
internal static class PlanRows
{
    public static PlanView Of(DevicePlan plan) => new(
        plan.Port.Switch, plan.Port.IfName, plan.Template, plan.Hash, plan.Darkens,
        [.. plan.Steps.Select(s => new PlanStepView(
            FieldNames.Of(s.Field), s.Before, s.After,
            s.Snmp is { } set ? [$"SNMP SET {set.Column} = {set.Value}"] : [.. s.Lines.Select(l => l.Text)],
            EnumText.Of(s.VerifyBy)))],
        Texts(plan.Closing), Texts(plan.Opening), Texts(plan.Keep));

    /// <summary>The way back from the plan to what was read, and what it cannot take back.</summary>
    public static PlanView OfReverse(DevicePlan plan) => Of(MakePlan.Reverse(plan)) with
    {
        Stays = MakePlan.Stays(plan) is { Count: > 0 } stays ? [.. stays.Select(FieldNames.Of)] : null,
    };

    private static IReadOnlyList<string>? Texts(IReadOnlyList<PlanLine> lines) => lines.Count > 0 ? [.. lines.Select(l => l.Text)] : null;
}
