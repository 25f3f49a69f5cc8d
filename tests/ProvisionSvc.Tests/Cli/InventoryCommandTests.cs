using System.Net;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>What there is: switches, ports, nodes, services, drift; and its import and adoption.</summary>
public sealed class InventoryCommandTests
{
    [Fact]
    public async Task Switches_are_listed_and_shown()
    {
        var service = new FakeService()
            .On("GET /api/v1/switches?building=B-12", new[] { Some.Switch("sw-3"), Some.Switch("sw-4", "locked") })
            .On("GET /api/v1/switches/sw-4", Some.Switch("sw-4", "locked"));

        var list = await Run.OfAsync(service, "switch", "list", "--building", "B-12");
        var show = await Run.OfAsync(service, "switch", "show", "sw-4");

        Assert.Equal(
            """
            SWITCH  BUILDING  NODE     TEMPLATE     MODE    REACH      LIT  FREE
            sw-3    B-12      north-1  huawei-vrp5  manage  reachable   31    17
            sw-4    B-12      north-1  huawei-vrp5  locked  reachable   31    17

            """, list.Out);
        Assert.Equal(
            """
            switch        sw-4
            building      B-12 (node north-1)
            template      huawei-vrp5
            address       127.0.3.3  SNMP 161  SSH 22
            credential    access
            host key      none trusted: provision switch trust sw-4
            mode          locked
            locked        order 17 could not be taken back
            ports         52, lit 31, free 17
            reachability  reachable
            polled        2030-01-31 01:00:00

            """, show.Out);
    }

    [Fact]
    public async Task A_port_s_plan_is_a_difference_or_its_lines_and_exit_code_2_says_that_it_changes_something()
    {
        const string path = "GET /api/v1/switches/sw-3/ports/GigabitEthernet0%2F0%2F7/plan";
        var changes = new FakeService().On(path, new PortPlanView(4, Some.Plan, Some.DarkPlan, "The switch is in maintenance."));
        var nothing = new FakeService().On(path, new PortPlanView(4, Some.EmptyPlan, Some.EmptyPlan, null));
        string[] args = ["port", "plan", "sw-3", "GigabitEthernet0/0/7"];

        var plan = await Run.OfAsync(changes, args);
        var native = await Run.OfAsync(changes, [.. args, "--native", "--reverse"]);
        var empty = await Run.OfAsync(nothing, args);

        Assert.Equal((2, 2, 0), (plan.ExitCode, native.ExitCode, empty.ExitCode));
        Assert.Contains("    - (not set)\n    + 1007\n      port link-type access\n", plan.Out);
        Assert.EndsWith("The switch is in maintenance.\n", plan.Out);
        Assert.Equal("sw-3 GigabitEthernet0/0/7\n  undo shutdown\n  port link-type access\n  port default vlan 1007\n\nthe way back:\nsw-3 GigabitEthernet0/0/7\n  shutdown\nThe switch is in maintenance.\n", native.Out);
        Assert.Contains("already so", empty.Out);
    }

    [Fact]
    public async Task A_trunk_is_shown_by_what_it_carries()
    {
        var port = Some.Port("GigabitEthernet0/0/7");
        var service = new FakeService().On("GET /api/v1/ports?switch=sw-3&ifName=GigabitEthernet0%2F0%2F7", new[] { port with { Intent = port.Intent! with { AccessVlan = null, AllowedVlans = "7,10-12", NativeVlan = 7 } } });

        var run = await Run.OfAsync(service, "port", "show", "sw-3", "GigabitEthernet0/0/7");

        Assert.Contains("allowedVlans  7,10-12", run.Out);
        Assert.Contains("nativeVlan    7", run.Out);
        Assert.DoesNotContain("accessVlan", run.Out);
    }

    [Fact]
    public async Task Ports_are_listed_and_shown_with_intent_and_reading()
    {
        var drift = new DriftView("sw-3", "GigabitEthernet0/0/7", "adminStatus", "up", "down", Some.Then, Some.Then);
        var service = new FakeService()
            .On("GET /api/v1/ports?switch=sw-3&live=true", new[] { Some.Port("GigabitEthernet0/0/7"), Some.Port("GigabitEthernet0/0/8") with { Service = null, ServiceState = null, Intent = null, Holds = ["unpaid", "abuse"] } })
            .On("GET /api/v1/ports?switch=sw-3&ifName=GigabitEthernet0%2F0%2F7", new[] { Some.Port("GigabitEthernet0/0/7") with { AdminStatus = "down", Drift = [drift] } });

        var list = await Run.OfAsync(service, "port", "list", "sw-3", "--live");
        var show = await Run.OfAsync(service, "port", "show", "sw-3", "GigabitEthernet0/0/7");

        Assert.Equal(
            """
            PORT                  ROLE      ADMIN  OPER  SERVICE  STATE   HOLDS         VLAN  DRIFT
            GigabitEthernet0/0/7  customer  up     down  CN-1001  active                1007
            GigabitEthernet0/0/8  customer  up     down                   unpaid,abuse

            """, list.Out);
        Assert.Equal(
            """
            port     sw-3 GigabitEthernet0/0/7
            role     customer
            service  CN-1001  active
            read     2030-01-31 01:00:00

            FIELD        INTENT v4   SEEN
            adminStatus  up          down
            operStatus   -           down
            accessVlan   1007        -
            rateDown     100 Mbit/s  -
            rateUp       20 Mbit/s   -
            alias        CN-1001     CN-1001
            speed        -           1000 Mbit/s

            drift:
            SWITCH  PORT                  DRIFT        EXPECTED  SEEN  SINCE
            sw-3    GigabitEthernet0/0/7  adminStatus  up        down  01-31 01:00

            """, show.Out);
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_an_error_that_says_where_to_look()
    {
        var service = new FakeService().On("GET /api/v1/ports?switch=sw-3&ifName=x", Array.Empty<PortView>());

        var run = await Run.OfAsync(service, "port", "show", "sw-3", "x");

        Assert.Equal((1, "provision: switch sw-3 has no port x: see provision port list sw-3\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Port_events_and_drift_are_listed()
    {
        var service = new FakeService()
            .On("GET /api/v1/ports/events?switch=sw-3&ifName=p1&limit=2", new[] { new PortEventView("sw-3", "p1", "operStatus", "up", "down", Some.Then) })
            .On("GET /api/v1/ports/events?switch=sw-3", Array.Empty<PortEventView>())
            .On("GET /api/v1/drift?building=B-12", new[] { new DriftView("sw-3", "p1", "accessVlan", "1007", null, Some.Then, Some.Then) });

        var events = await Run.OfAsync(service, "port", "events", "sw-3", "p1", "--limit", "2");
        var none = await Run.OfAsync(service, "port", "events", "sw-3");
        var drift = await Run.OfAsync(service, "drift", "list", "--building", "B-12");

        Assert.Equal(
            """
            AT                   PORT  WHAT        BEFORE  AFTER
            2030-01-31 01:00:00  p1    operStatus  up      down

            """, events.Out);
        Assert.Equal("(none)\n", none.Out);
        Assert.Equal(
            """
            SWITCH  PORT  DRIFT       EXPECTED  SEEN  SINCE
            sw-3    p1    accessVlan  1007      -     01-31 01:00

            """, drift.Out);
    }

    [Fact]
    public async Task Nodes_are_listed_and_shown()
    {
        var node = new NodeView("north-1", 3, 10000, 4, 38000.5m, 1000, 1999, 312, 20, 40);
        var service = new FakeService().On("GET /api/v1/nodes", new[] { node }).On("GET /api/v1/nodes/north-1", node);

        var list = await Run.OfAsync(service, "node", "list");
        var show = await Run.OfAsync(service, "node", "show", "north-1");

        Assert.Equal(
            """
            NODE     DISTRICT  UPLINK  OVERSUB  COMMITTED     VLANS  BUILDINGS  SWITCHES
            north-1         3   10000        4    38000.5  312/1000         20        40

            """, list.Out);
        Assert.Equal(
            """
            node       north-1
            district   3
            uplink     10000 Mbit/s × 4
            committed  38000.5 Mbit/s
            room       1999.5 Mbit/s
            VLANs      1000..1999, used 312
            buildings  20
            switches   40

            """, show.Out);
    }

    [Fact]
    public async Task A_service_is_shown_with_its_port_and_its_holds()
    {
        var service = new FakeService().On("GET /api/v1/services/CN-1001", new ServiceView(
            "CN-1001", "A-7", "Corner Books", "B-12", Group: null, "inactive", 100, 20,
            [new("sw-3", "GigabitEthernet0/0/7", 1007, Tagged: false, 100, 20, RateEnforcedElsewhere: false)],
            [new("unpaid", "billing", "invoice open", Some.Then, null, null), new("abuse", "noc", "spam", Some.Then, null, Some.Then.AddDays(1))]));

        var run = await Run.OfAsync(service, "service", "show", "CN-1001");

        Assert.Equal(
            """
            service   CN-1001
            customer  Corner Books (A-7)
            building  B-12
            state     inactive
            rate      100/20 Mbit/s

            SWITCH  PORT                  VLAN  RATE
            sw-3    GigabitEthernet0/0/7  1007  100/20 Mbit/s

            HOLD    OWNER    REASON        SINCE                RELEASED
            unpaid  billing  invoice open  2030-01-31 01:00:00  stands
            abuse   noc      spam          2030-01-31 01:00:00  2030-02-01 01:00:00

            """, run.Out);
    }

    [Fact]
    public async Task Adoption_shows_differences_first_and_exits_with_changes_pending()
    {
        var difference = new DifferenceView("GigabitEthernet0/0/7", "accessVlan", "1007", "1");
        var service = new FakeService().On("POST /api/v1/services/adopt", new AdoptServicesView(
            Applied: false, [new("sw-3", 30, 29, [difference], Adopted: false, null), new("sw-4", 28, 28, [], Adopted: false, null)]));

        var run = await Run.OfAsync(service, "service", "adopt", "--building", "B-12");

        Assert.Equal("""{"building":"B-12","apply":false,"acceptDifferences":false}""", service.Body);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            """
            SWITCH  SERVICES  AGREE  DIFFER  ADOPTED
            sw-3          30     29       1  no
            sw-4          28     28       0  no
            sw-3 GigabitEthernet0/0/7  accessVlan:
              - 1
              + 1007
            nothing was written: add --apply to adopt

            """, run.Out);
    }

    [Theory]
    [InlineData(true, null, 0)]
    [InlineData(false, null, 2)]
    [InlineData(false, "sw-3 does not answer", 1)]
    public async Task Applied_adoption_is_done_when_every_switch_is_adopted(bool adopted, string? problem, int exit)
    {
        var service = new FakeService().On("POST /api/v1/services/adopt", new AdoptServicesView(Applied: true, [new("sw-3", 30, 30, [], adopted, problem)]));

        var run = await Run.OfAsync(service, "service", "adopt", "--switch", "sw-3", "--apply", "--accept-differences");

        Assert.Equal("""{"switch":"sw-3","apply":true,"acceptDifferences":true}""", service.Body);
        Assert.Equal(exit, run.ExitCode);
        Assert.Contains(problem ?? "sw-3", run.Out);
    }
}
