using System.Net;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class OrderCommandTests
{
    private const string Orders = "POST /api/v1/orders";

    [Fact]
    public async Task Activate_sends_what_was_asked_and_prints_the_order_with_its_external_id()
    {
        var service = new FakeService().On(Orders, Some.Order(), HttpStatusCode.Created);

        var run = await Run.OfAsync(
            service, "order", "activate", "CN-1001", "--account", "A-7", "--switch", "sw-3", "--port", "GigabitEthernet0/0/7", "--vlan", "1007",
            "--down", "100", "--up", "2.5", "--external-id", "x-1", "--why", "@noc asked", "--start", "2030-01-31T09:00+08:00", "--rate-elsewhere");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("order 17: activate CN-1001 (external id x-1)\nacknowledged\n", run.Out);
        var body = service.BodyJson;
        Assert.Equal(
            """{"externalId":"x-1","action":"activate","service":"CN-1001","why":"@noc asked","account":"A-7","switch":"sw-3","ifName":"GigabitEthernet0/0/7","vlan":1007,"rateDownMbps":100,"rateUpMbps":2.5,"rateEnforcedElsewhere":true,"requestedStart":"2030-01-31T09:00:00+08:00"}""",
            service.Body);
        Assert.False(body.TryGetProperty("hold", out _));
    }

    [Fact]
    public async Task An_external_id_is_made_where_none_is_given()
    {
        var service = new FakeService().On(Orders, Some.Order());

        await Run.OfAsync(service, "order", "disconnect", "CN-1001");

        Assert.Equal("""{"externalId":"cli-00000000000000000000000000000000","action":"disconnect","service":"CN-1001"}""", service.Body);
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task Suspend_and_resume_name_their_hold(string verb)
    {
        var service = new FakeService().On(Orders, Some.Order());

        var run = await Run.OfAsync(service, "order", verb, "CN-1001", "--hold", "regulator");
        var without = await Run.OfAsync(service, "order", verb, "CN-1001");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((verb, "regulator"), (service.BodyJson.GetProperty("action").GetString(), service.BodyJson.GetProperty("hold").GetString()));
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("--hold", without.Error);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_dry_run_shows_the_difference_and_exits_with_changes_pending()
    {
        var service = new FakeService().On("POST /api/v1/orders?dryRun=true", new DryRunView("activate", "CN-1001", "sw-3", "GigabitEthernet0/0/7", 1007, [Some.Plan], Note: null));

        var run = await Run.OfAsync(service, "order", "activate", "CN-1001", "--building", "B-12", "--down", "100", "--dry-run");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            """
            sw-3 GigabitEthernet0/0/7  huawei-vrp5  3f2a91c0
              adminStatus:
                - down
                + up
                  undo shutdown
              accessVlan:
                - (not set)
                + 1007
                  port link-type access
                  port default vlan 1007
            dry run: activate CN-1001 would change this; nothing was written

            """, run.Out);
    }

    [Fact]
    public async Task A_dry_run_shows_the_way_back_and_what_it_cannot_take_back()
    {
        var back = Some.Plan with { Hash = "77aa", Steps = [new("adminStatus", "up", "down", ["shutdown"], "snmp")], Stays = ["alias"] };
        var service = new FakeService().On(
            "POST /api/v1/orders?dryRun=true", new DryRunView("resume", "CN-1001", "sw-3", "GigabitEthernet0/0/7", 1007, [Some.Plan], null, [back]));
        string[] args = ["order", "resume", "CN-1001", "--hold", "unpaid", "--dry-run"];

        var whole = await Run.OfAsync(service, [.. args, "--reverse"]);
        var native = await Run.OfAsync(service, [.. args, "--reverse", "--native"]);
        var chinese = await Run.OfAsync(service, [.. args, "--reverse", "--lang", "zh"]);

        Assert.Equal((2, 2), (whole.ExitCode, native.ExitCode));
        Assert.EndsWith(
            """

            the way back:
            sw-3 GigabitEthernet0/0/7  huawei-vrp5  77aa
              adminStatus:
                - up
                + down
                  shutdown
              stays as planned, because what was there is not known or is never typed: alias
            dry run: resume CN-1001 would change this; nothing was written

            """, whole.Out);
        Assert.StartsWith(
            """
            sw-3 GigabitEthernet0/0/7
              undo shutdown
              port link-type access
              port default vlan 1007

            the way back:
            sw-3 GigabitEthernet0/0/7
              shutdown

            """, native.Out);
        Assert.Contains("回退：", chinese.Out);
        Assert.DoesNotContain("the way back", (await Run.OfAsync(service, args)).Out);
    }

    [Fact]
    public async Task The_shape_of_a_plan_without_a_dry_run_is_a_mistake()
    {
        var run = await Run.OfAsync(new FakeService(), "order", "resume", "CN-1001", "--hold", "unpaid", "--reverse");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--dry-run", run.Error);
    }

    [Fact]
    public async Task A_dry_run_that_changes_nothing_is_done()
    {
        var service = new FakeService().On(
            "POST /api/v1/orders?dryRun=true", new DryRunView("resume", "CN-1001", "sw-3", "GigabitEthernet0/0/7", 1007, [Some.EmptyPlan], "The regulator's hold still stands."));

        var run = await Run.OfAsync(service, "order", "resume", "CN-1001", "--hold", "unpaid", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            sw-3 GigabitEthernet0/0/7  huawei-vrp5  3f2a91c0
              already so: nothing to change
            The regulator's hold still stands.
            dry run: resume CN-1001 would change nothing on a switch

            """, run.Out);
    }

    [Fact]
    public async Task A_dry_run_on_a_terminal_is_coloured_and_NO_COLOR_is_honoured()
    {
        var service = new FakeService().On("POST /api/v1/orders?dryRun=true", new DryRunView("suspend", "CN-1001", "sw-3", "x", 1007, [Some.DarkPlan], Note: null));
        string[] args = ["order", "suspend", "CN-1001", "--hold", "abuse", "--dry-run"];

        var coloured = await new Run.With(service) { Width = 80 }.OfAsync(args);
        var plain = await new Run.With(service) { Width = 80, Environment = { ["NO_COLOR"] = "1" } }.OfAsync(args);
        var redirected = await new Run.With(service).OfAsync(args);

        Assert.Contains("\e[91m    - up\e[0m\n\e[32m    + down\e[0m\n", coloured.Out);
        Assert.Contains("this darkens a lit port", plain.Out);
        Assert.DoesNotContain('\e', plain.Out);
        Assert.Equal(plain.Out, redirected.Out);
    }

    [Fact]
    public async Task An_order_that_is_rejected_at_once_is_an_error()
    {
        var service = new FakeService().On(Orders, Some.Order("rejected", "plan-refused", "No plan can be made for this port."));

        var run = await Run.OfAsync(service, "order", "disconnect", "CN-1001");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("rejected/plan-refused  No plan can be made for this port.", run.Out);
    }

    [Fact]
    public async Task Show_prints_what_who_why_state_plan_and_proof()
    {
        var service = new FakeService().On("GET /api/v1/orders/17", Some.Completed);

        var run = await Run.OfAsync(service, "order", "show", "17");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            order        17
            external id  x-1
            what         activate CN-1001
            who          front-office (crm)
            why          new customer
            placed       2030-01-31 01:00:00
            finished     2030-01-31 01:00:04
            state        completed/proven  Done, and proven by reading the switch.

            item 1  sw-3 GigabitEthernet0/0/7  completed, 2 attempts
            sw-3 GigabitEthernet0/0/7  huawei-vrp5  3f2a91c0
              adminStatus:
                - down
                + up
                  undo shutdown
              accessVlan:
                - (not set)
                + 1007
                  port link-type access
                  port default vlan 1007
            proven on sw-3 GigabitEthernet0/0/7 at 2030-01-31 01:00:03:
              adminStatus = up   by snmp
              accessVlan = 1007  by new-session
              oper status down, saved: saved and read back

            """, run.Out);
    }

    [Fact]
    public async Task Show_speaks_Chinese()
    {
        var service = new FakeService().On("GET /api/v1/orders/17", Some.Completed with { Items = [] });

        var run = await Run.OfAsync(service, "order", "show", "17", "--lang", "zh");

        Assert.Equal(
            """
            订单      17
            外部编号  x-1
            内容      activate CN-1001
            下单人    front-office (crm)
            原因      new customer
            下单时间  2030-01-31 01:00:00
            完成时间  2030-01-31 01:00:04
            状态      completed/proven  已完成，并经读取交换机验证。

            """, run.Out);
    }

    [Fact]
    public async Task List_filters_and_shows_a_table()
    {
        var service = new FakeService().On(
            "GET /api/v1/orders?service=CN-1001&state=completed&limit=5", new OrderListView([Some.Completed, Some.Order("held", "budget") with { Id = 9 }]));

        var run = await Run.OfAsync(service, "order", "list", "--service", "CN-1001", "--state", "completed", "--limit", "5");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            ORDER  ACTION    SERVICE  STATE      REASON  PORT                       PLACED
               17  activate  CN-1001  completed  proven  sw-3 GigabitEthernet0/0/7  01-31 01:00
                9  activate  CN-1001  held       budget                             01-31 01:00

            """, run.Out);
    }

    [Fact]
    public async Task Cancel_and_release_are_posted()
    {
        var service = new FakeService()
            .On("POST /api/v1/orders/17/cancel", Some.Order("cancelled", "cancelled", "Cancelled on request."))
            .On("POST /api/v1/orders/17/release", Some.Order("acknowledged"));

        var cancel = await Run.OfAsync(service, "order", "cancel", "17");
        var release = await Run.OfAsync(service, "order", "release", "17");

        Assert.Equal((0, "order 17: activate CN-1001  cancelled/cancelled  Cancelled on request.\n"), (cancel.ExitCode, cancel.Out));
        Assert.Equal((0, "order 17: activate CN-1001  acknowledged\n"), (release.ExitCode, release.Out));
    }

    [Theory]
    [InlineData("--down", "0")]
    [InlineData("--down", "-5")]
    [InlineData("--down", "fast")]
    [InlineData("--down", "100", "--start", "2030-01-31T09:00")]
    [InlineData("--down", "100", "--start", "tomorrow")]
    [InlineData("--down", "100", "--timeout", "2x")]
    [InlineData("--down", "100", "--vlan", "many")]
    [InlineData("--down", "100", "--switch", "sw-3")]
    [InlineData("--down", "100", "--dry-run", "--watch")]
    public async Task A_value_that_makes_no_sense_is_refused_before_anything_is_sent(params string[] more)
    {
        var service = new FakeService();

        var run = await Run.OfAsync(service, ["order", "activate", "CN-1001", .. more]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("provision: ", run.Error);
        Assert.Empty(run.Out);
        Assert.Empty(service.Requests);
    }
}
