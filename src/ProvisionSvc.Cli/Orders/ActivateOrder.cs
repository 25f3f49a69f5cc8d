using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order activate</c>: a line is lit.</summary>
internal static class ActivateOrder
{
    public static UseCase Create()
    {
        var options = new OrderOptions();
        var account = Values.Text("--account", "A", "Account that pays; needed where the service is new");
        var building = Values.Text("--building", "B", "Building; the qualification chooses the port");
        var switchName = Values.Text("--switch", "S", "Switch, together with --port");
        var port = Values.Text("--port", "IFNAME", "The port's ifName on --switch");
        var vlan = new System.CommandLine.Option<int?>("--vlan") { HelpName = "N", Description = "VLAN ID 1..4094. Default: a free one of the node" };
        var tagged = Values.Flag("--tagged", "The customer's equipment sends and gets the VLAN with its tag");
        var down = Values.Rate("--down", "Mbit/s towards the customer").Needed();
        var up = Values.Rate("--up", "Mbit/s from the customer. Default: the same as --down");
        var elsewhere = Values.Flag("--rate-elsewhere", "Another device keeps the rates; the port is not asked to");
        var later = Values.Flag("--field-answer", "Where the fibre lands is said later (order answer); name the --building only");
        return new UseCase(
            "activate", "Light a line: one port, one VLAN, its rates; then prove it by reading the switch",
            [
                "order activate CN-1001 --account A-7 --building B-12 --down 100 --dry-run",
                "order activate CN-1001 --account A-7 --building B-12 --down 100 --watch",
                "order activate CN-1001 --account A-7 --switch sw-3 --port GigabitEthernet0/0/7 --vlan 1007 --down 100 --up 20",
                "order activate CN-1001 --account A-7 --building B-12 --down 100 --field-answer",
                "order activate CN-1002 --account A-7 --switch sw-3 --port GigabitEthernet0/0/8 --tagged --down 100 --dry-run --reverse",
                "order activate CN-1001 --account A-7 --building B-12 --down 50 --start 2030-01-31T09:00+08:00",
            ],
            options.All(account, building, switchName, port, vlan, tagged, down, up, elsewhere, later),
            (parse, session, ct) =>
            {
                if (parse.GetValue(switchName) is null != parse.GetValue(port) is null)
                {
                    throw new UsageException("--switch and --port belong together; give both, or --building to have a port chosen.");
                }

                return options.PlaceAsync(
                    parse, session, options.Read(parse, session, "activate") with
                    {
                        Account = parse.GetValue(account),
                        Building = parse.GetValue(building),
                        Switch = parse.GetValue(switchName),
                        IfName = parse.GetValue(port),
                        Vlan = parse.GetValue(vlan),
                        Tagged = parse.GetValue(tagged) ? true : null,
                        RateDownMbps = parse.GetValue(down),
                        RateUpMbps = parse.GetValue(up),
                        FieldAnswer = parse.GetValue(later) ? true : null,
                        RateEnforcedElsewhere = parse.GetValue(elsewhere) ? true : null,
                    },
                    ct);
            });
    }
}
