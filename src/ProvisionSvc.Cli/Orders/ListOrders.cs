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
        new(("SERVICE", "业务"), o => OrderText.SubjectOf(o)) { IsKept = true },
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
        var action = Values.Text("--action", "ACTION", "Only of this type, such as changeSpeed");
        var account = Values.Text("--account", "A", "Only of services that this account pays");
        var switchName = Values.Text("--switch", "S", "Only those that concern this switch");
        var group = Values.Text("--group", "G", "Only of this group");
        var by = Values.Text("--by", "NAME", "Only those that this person or system placed");
        var part = new System.CommandLine.Option<long?>("--of") { HelpName = "ORDER", Description = "The parts of this order over many" };
        var (since, until) = (Values.Moment("--since", "Only placed at or after this time"), Values.Moment("--before", "Only placed before this time"));
        var cursor = Values.Text("--cursor", "NEXT", "The page after the one that ended with this");
        var waiting = Values.Flag("--waiting", "Only those that wait: for a time, a person, a switch or another order");
        var limit = Values.Limit();
        return new UseCase(
            "list", "Orders, newest first",
            ["order list --state held", "order list --waiting", "order list --service CN-1001 --limit 5", "order list --of 17 --state failed", "order list --switch sw-3 --since 2030-01-31T00:00+08:00"],
            [service, state, waiting, action, account, switchName, group, by, part, since, until, cursor, limit],
            async (parse, session, ct) =>
            {
                var orders = await session.Api.ListOrdersAsync(
                    ct, ("service", parse.GetValue(service)), ("state", parse.GetValue(state)), ("waiting", parse.GetValue(waiting) ? "true" : null), ("action", parse.GetValue(action)), ("account", parse.GetValue(account)),
                    ("switch", parse.GetValue(switchName)), ("group", parse.GetValue(group)), ("placedBy", parse.GetValue(by)), ("parent", parse.GetValue(part)?.ToString()),
                    ("since", parse.GetValue(since)?.ToUniversalTime().ToString("O")), ("until", parse.GetValue(until)?.ToUniversalTime().ToString("O")),
                    ("cursor", parse.GetValue(cursor)), ("limit", parse.GetValue(limit)?.ToString()));
                session.Show(orders, list => Show(session.Screen, list));
                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, OrderListView list)
    {
        screen.Table(list.Orders, [.. Columns, new(("PLACED", "下单时间"), o => screen.ShortTime(o.CreatedAt)) { IsKept = true }]);
        if (list.Next is { } next)
        {
            screen.Line(($"more: --cursor {next}", $"更多：--cursor {next}"), Tone.Faint);
        }
    }
}
