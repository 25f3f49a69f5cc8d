using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order disconnect</c>: a line ends and its capacity is free again.</summary>
internal static class DisconnectOrder
{
    public static UseCase Create()
    {
        var options = new OrderOptions();
        return new UseCase(
            "disconnect", "End a line: the port goes dark, its VLAN, rates and alias are removed, the capacity is free",
            ["order disconnect CN-1001 --why \"contract ended\" --dry-run", "order disconnect CN-1001 --why \"contract ended\" --watch"],
            options.AllOrGroup(),
            (parse, session, ct) => options.PlaceAsync(parse, session, options.Read(parse, session, "disconnect"), ct));
    }
}
