using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order answer</c>: where the fibre landed.</summary>
internal static class AnswerOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order, held/field-answer");
        var switchName = Values.Text("--switch", "S", "The switch").Needed();
        var port = Values.Text("--port", "IFNAME", "The port's ifName").Needed();
        var vlan = new System.CommandLine.Option<int?>("--vlan") { HelpName = "N", Description = "VLAN ID 1..4094. Default: what the order says, or a free one of the node" };
        return new UseCase(
            "answer", "Say on which switch and port the fibre landed; the order goes on by itself",
            ["order answer 17 --switch sw-3 --port GigabitEthernet0/0/7"], [id, switchName, port, vlan],
            async (parse, session, ct) =>
            {
                var answered = await session.Api.AnswerOrderAsync(
                    parse.GetRequiredValue(id), new() { Switch = parse.GetValue(switchName)!, IfName = parse.GetValue(port)!, Vlan = parse.GetValue(vlan) }, ct);
                session.Show(answered, session.Screen.OrderLine);
                return ExitCode.Done;
            });
    }
}
