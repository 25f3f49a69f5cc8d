using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order attach</c>, <c>detach</c>, <c>move</c>, <c>replace-switch</c>: where a line meets the network.</summary>
internal static class PlaceOrders
{
    public static UseCase CreateAttach()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        var building = Values.Text("--building", "B", "Building; the qualification chooses the port. Default: the line's own");
        var vlan = new Option<int?>("--vlan") { HelpName = "N", Description = "VLAN ID 1..4094, perhaps the group's. Default: a free one of the node" };
        var down = Values.Rate("--down", "Mbit/s towards the customer. Default: as the line is sold");
        var up = Values.Rate("--up", "Mbit/s from the customer. Default: the same as --down");
        var elsewhere = Values.Flag("--rate-elsewhere", "Another device keeps the rates; the port is not asked to");
        return new UseCase(
            "attach", "Give a line one more port: a group VPN beside the Internet (a port takes one attachment)",
            ["order attach CN-1001 --switch sw-3 --port GigabitEthernet0/0/8 --vlan 3007 --down 50 --watch"],
            options.All([.. at.All, building, vlan, down, up, elsewhere]),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, at.Of(parse, options.Read(parse, session, "addAttachment")) with
                {
                    Building = parse.GetValue(building), Vlan = parse.GetValue(vlan), RateDownMbps = parse.GetValue(down), RateUpMbps = parse.GetValue(up),
                    RateEnforcedElsewhere = parse.GetValue(elsewhere) ? true : null,
                },
                ct));
    }

    public static UseCase CreateDetach()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        return new UseCase(
            "detach", "Take one of several ports from a line; with its last one it is disconnected",
            ["order detach CN-1001 --switch sw-3 --port GigabitEthernet0/0/8 --watch"], options.All(at.All),
            (parse, session, ct) => options.PlaceAsync(parse, session, at.Of(parse, options.Read(parse, session, "removeAttachment")), ct));
    }

    public static UseCase CreateMove()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        var toSwitch = Values.Text("--to-switch", "S", "Switch to go to, perhaps the same").Needed();
        var toPort = Values.Text("--to-port", "IFNAME", "The port's ifName there").Needed();
        var vlan = new Option<int?>("--vlan") { HelpName = "N", Description = "VLAN ID 1..4094. Default: the line's own, or a free one where another line has it" };
        return new UseCase(
            "move", "Bring a line to another port: the new one is proven before the old one is closed",
            ["order move CN-1001 --to-switch sw-4 --to-port GigabitEthernet0/0/2 --dry-run", "order move CN-1001 --to-switch sw-4 --to-port GigabitEthernet0/0/2 --watch"],
            options.All([.. at.All, toSwitch, toPort, vlan]),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, at.Of(parse, options.Read(parse, session, "move")) with
                {
                    ToSwitch = parse.GetValue(toSwitch), ToIfName = parse.GetValue(toPort), Vlan = parse.GetValue(vlan),
                },
                ct));
    }

    public static UseCase CreateReplaceSwitch()
    {
        var options = new OrderOptions();
        var broken = Values.Name("SWITCH", "The broken switch");
        var spare = Values.Text("--spare", "S", "The switch that stands in for it, in the same building").Needed();
        var map = new Option<string[]>("--map") { HelpName = "OLD=NEW", Description = "A port of the broken switch and the spare's for it, by ifName; may be repeated. Default: the same name" };
        return new UseCase(
            "replace-switch", "Bring every line of a broken switch up on its spare; nothing is typed on the broken one",
            [
                "order replace-switch sw-3 --spare sw-3b --dry-run",
                "order replace-switch sw-3 --spare sw-3b --map GigabitEthernet0/0/1=GigabitEthernet0/0/9 --watch",
            ],
            [broken, spare, map, .. options.Common],
            (parse, session, ct) => options.PlaceAsync(
                parse, session, options.Read(parse, session, "replaceSwitch") with
                {
                    Switch = parse.GetRequiredValue(broken), ToSwitch = parse.GetValue(spare), PortMap = Map(parse.GetValue(map) ?? []),
                },
                ct));
    }

    private static Dictionary<string, string>? Map(IReadOnlyList<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (pair.Split('=') is not [{ Length: > 0 } from, { Length: > 0 } to] || !map.TryAdd(from, to))
            {
                throw new UsageException($"--map {pair}: give each port once, as OLD=NEW.");
            }
        }

        return map.Count > 0 ? map : null;
    }
}
