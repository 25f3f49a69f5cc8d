using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Output;

/// <summary>What an approver has to see.</summary>
internal static class ApprovalText
{
    public static void Approval(this Screen screen, OrderView order, ApprovalView approval)
    {
        screen.Line(
            ($"approval of order {order.Id}: {approval.ApprovedBy.Count} of {approval.Needed} by role {approval.Role}, until {screen.Time(approval.ExpiresAt)}",
             $"订单 {order.Id} 审批：{approval.Needed} 人中已有 {approval.ApprovedBy.Count} 人（角色 {approval.Role}），截止 {screen.Time(approval.ExpiresAt)}"), Tone.Waiting);
        if (approval.Difference is { } difference)
        {
            screen.Line(($"  changed since it was approved: {difference}", $"  审批后有变化：{difference}"), Tone.Bad);
        }

        if (approval.Problem is { } problem)
        {
            screen.Line(($"  no plan yet: {problem}", $"  尚无计划：{problem}"), Tone.Waiting);
        }

        foreach (var plan in approval.Plans)
        {
            screen.Plan(plan);
        }
    }
}
