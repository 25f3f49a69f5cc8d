using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order approve</c>: shows the plan, and approves exactly that one.</summary>
internal static class ApproveOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order, held/approval");
        var hash = Values.Text("--plan", "HASH", "Approve only if the plan is this one. Default: the one that is shown");
        return new UseCase(
            "approve", "Approve the plan of somebody else's order; only this plan runs", ["order approve 17", "order approve 17 --plan 0b5a1aa88c997f66"], [id, hash],
            async (parse, session, ct) =>
            {
                var order = (await session.Api.ReadOrderAsync(parse.GetRequiredValue(id), ct)).Value;
                if (order.Approval is { } approval)
                {
                    session.Notes.Approval(order, approval);
                }

                var wanted = parse.GetValue(hash) ?? order.Approval?.Hash
                    ?? throw new UsageException(session.Say(($"order {order.Id} has no plan to approve; it is {order.State}.", $"订单 {order.Id} 没有待审批的计划，状态为 {order.State}。")));
                session.Show(await session.Api.ApproveOrderAsync(order.Id, wanted, ct), session.Screen.OrderLine);
                return ExitCode.Done;
            });
    }
}
