using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order list</c>.</summary>
internal static class ListOrders
{
    public static readonly Column<OrderView>[] Columns =
    [
        new(("ORDER", "订单"), o => $"{o.Id}") { IsNumber = true, IsKept = true },
        new(("ACTION", "动作"), o => o.Action) { IsKept = true },
        new(("SERVICE", "业务"), o => o.Service) { IsKept = true },
        new(("STATE", "状态"), o => o.State) { IsKept = true, Tone = o => Tones.OfOrderState(o.State) },
        new(("REASON", "原因码"), o => o.Reason),
        new(("PORT", "端口"), o => o.Items.Count switch
        {
            0 => "",
            1 => $"{o.Items[0].Switch} {o.Items[0].IfName}",
            var more => $"{o.Items[0].Switch} {o.Items[0].IfName} +{more - 1}",
        }) { KeepsEnd = true },
    ];

    public static UseCase Create()
    {
        var service = Values.Text("--service", "CIRCUIT", "Only of this service");
        var state = Values.OneOf(
            "--state", "Only in this state", "acknowledged", "inProgress", "held", "pending", "completed", "failed", "partial", "cancelled", "rejected");
        var waiting = Values.Flag("--waiting", "Only those that wait: for a time, a person, a switch or another order");
        var limit = Values.Limit();
        return new UseCase(
            "list", "Orders, newest first", ["order list --state held", "order list --waiting", "order list --service CN-1001 --limit 5"], [service, state, waiting, limit],
            async (parse, session, ct) =>
            {
                var orders = await session.Api.ListOrdersAsync(parse.GetValue(service), parse.GetValue(state), parse.GetValue(waiting), parse.GetValue(limit), ct);
                session.Show(orders, list => session.Screen.Table(
                    list.Orders, [.. Columns, new(("PLACED", "下单时间"), o => session.Screen.ShortTime(o.CreatedAt)) { IsKept = true }]));
                return ExitCode.Done;
            });
    }
}
