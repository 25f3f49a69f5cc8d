using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order reject</c>.</summary>
internal static class RejectOrder
{
    public static UseCase Create()
    {
        var id = Values.Number("ORDER", "Number of the order, held/approval");
        var why = Values.Text("--why", "TEXT", "Why; whoever placed it reads it").Needed();
        return new UseCase(
            "reject", "Refuse somebody else's order that waits for approval", ["order reject 17 --why \"no contract\""], [id, why],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.RejectOrderAsync(parse.GetRequiredValue(id), parse.GetValue(why)!, ct), session.Screen.OrderLine);
                return ExitCode.Done;
            });
    }
}
