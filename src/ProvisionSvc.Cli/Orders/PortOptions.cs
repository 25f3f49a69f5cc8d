using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary>The port that an order means, where a line has several or has none yet.</summary>
internal sealed class PortOptions
{
    public Option<string?> Switch { get; } = Values.Text("--switch", "S", "Switch of the port that is meant, together with --port");

    public Option<string?> Port { get; } = Values.Text("--port", "IFNAME", "The port's ifName on --switch");

    public IEnumerable<Symbol> All => [Switch, Port];

    public PlaceOrderRequest Of(ParseResult parse, PlaceOrderRequest order) => parse.GetValue(Switch) is null == parse.GetValue(Port) is null
        ? order with { Switch = parse.GetValue(Switch), IfName = parse.GetValue(Port) }
        : throw new UsageException("--switch and --port belong together.");
}
