using System.CommandLine;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order speed</c>, <c>vlan</c>, <c>rename</c>, <c>repair</c>, <c>adopt</c>: a line that stands is changed, or brought into line with its books.</summary>
internal static class ChangeOrders
{
    public static UseCase CreateSpeed()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        var down = Values.Rate("--down", "Mbit/s towards the customer").Needed();
        var up = Values.Rate("--up", "Mbit/s from the customer. Default: the same as --down");
        return new UseCase(
            "speed", "Give a line, or every line of a group, another speed",
            ["order speed CN-1001 --down 200 --dry-run", "order speed CN-1001 --down 200 --up 50 --watch", "order speed --group chain-7 --down 50"],
            options.AllOrGroup([.. at.All, down, up]),
            (parse, session, ct) => options.PlaceAsync(
                parse, session, at.Of(parse, options.Read(parse, session, "changeSpeed")) with { RateDownMbps = parse.GetValue(down), RateUpMbps = parse.GetValue(up) }, ct));
    }

    public static UseCase CreateVlan()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        var vlan = new Option<int?>("--vlan") { HelpName = "N", Description = "VLAN ID 1..4094. Default: a free one of the node" };
        return new UseCase(
            "vlan", "Give a line another VLAN", ["order vlan CN-1001 --dry-run", "order vlan CN-1001 --vlan 1207 --watch"], options.All([.. at.All, vlan]),
            (parse, session, ct) => options.PlaceAsync(parse, session, at.Of(parse, options.Read(parse, session, "changeVlan")) with { Vlan = parse.GetValue(vlan) }, ct));
    }

    public static UseCase CreateRename()
    {
        var options = new OrderOptions();
        var to = Values.Text("--to", "CIRCUIT", "The new circuit id").Needed();
        return new UseCase(
            "rename", "Give a line another circuit id; its ports get the alias", ["order rename CN-1001 --to CN-2001 --watch"], options.All(to),
            (parse, session, ct) => options.PlaceAsync(parse, session, options.Read(parse, session, "rename") with { NewService = parse.GetValue(to) }, ct));
    }

    public static UseCase CreateRepair()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        return new UseCase(
            "repair", "Read the ports of a line, a group, or one port again, correct what differs from the books, and prove it; a port without a line is closed",
            ["order repair CN-1001 --dry-run", "order repair --switch sw-3 --port GigabitEthernet0/0/7 --watch", "order repair --group chain-7"],
            options.AllOrGroup(at.All),
            (parse, session, ct) => options.PlaceAsync(parse, session, at.Of(parse, options.Read(parse, session, "repair")), ct));
    }

    public static UseCase CreateAdopt()
    {
        var (options, at) = (new OrderOptions(), new PortOptions());
        return new UseCase(
            "adopt", "Take a line over as its port shows it: VLAN and rates into the books, a hold where it is dark; nothing is typed",
            ["order adopt CN-1001 --dry-run", "order adopt CN-1001 --watch"], options.All(at.All),
            (parse, session, ct) => options.PlaceAsync(parse, session, at.Of(parse, options.Read(parse, session, "adopt")), ct));
    }
}
