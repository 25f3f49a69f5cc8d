using System.Net;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>The verbs beyond light, dark and end: what each sends, and how many orders and their end are shown.</summary>
public sealed class ChangeCommandTests
{
    private const string Orders = "POST /api/v1/orders";

    public static TheoryData<string, string> Verbs => new()
    {
        { "speed CN-1 --down 200 --up 50", """{"action":"changeSpeed","service":"CN-1","rateDownMbps":200,"rateUpMbps":50}""" },
        { "speed --group g-7 --down 50", """{"action":"changeSpeed","group":"g-7","rateDownMbps":50}""" },
        { "vlan CN-1 --vlan 1207", """{"action":"changeVlan","service":"CN-1","vlan":1207}""" },
        { "attach CN-1 --switch sw-3 --port p8 --vlan 3007 --down 50", """{"action":"addAttachment","service":"CN-1","switch":"sw-3","ifName":"p8","vlan":3007,"rateDownMbps":50}""" },
        { "detach CN-1 --switch sw-3 --port p8", """{"action":"removeAttachment","service":"CN-1","switch":"sw-3","ifName":"p8"}""" },
        { "move CN-1 --to-switch sw-4 --to-port p2", """{"action":"move","service":"CN-1","toSwitch":"sw-4","toIfName":"p2"}""" },
        { "rename CN-1 --to CN-2", """{"action":"rename","service":"CN-1","newService":"CN-2"}""" },
        { "repair CN-1", """{"action":"repair","service":"CN-1"}""" },
        { "repair --switch sw-3 --port p8", """{"action":"repair","switch":"sw-3","ifName":"p8"}""" },
        { "adopt CN-1", """{"action":"adopt","service":"CN-1"}""" },
        { "replace-switch sw-3 --spare sw-3b --map p1=p9 --map p2=p8", """{"action":"replaceSwitch","switch":"sw-3","toSwitch":"sw-3b","portMap":{"p1":"p9","p2":"p8"}}""" },
        { "suspend --group g-7 --hold customer", """{"action":"suspend","group":"g-7","hold":"customer"}""" },
        { "suspend CN-1 --hold abuse --until 2030-02-01T00:00Z", """{"action":"suspend","service":"CN-1","hold":"abuse","until":"2030-02-01T00:00:00+00:00"}""" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Each_verb_sends_its_order(string command, string body)
    {
        var service = new FakeService().On(Orders, Some.Order());
        var run = await Run.OfAsync(service, ["order", .. command.Split(' ')]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(body, service.Body!.Replace("\"externalId\":\"cli-00000000000000000000000000000000\",", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Half_a_port_and_a_map_that_is_none_are_refused_before_anything_is_sent()
    {
        var service = new FakeService();
        Assert.Contains("belong together", (await Run.OfAsync(service, "order", "repair", "--switch", "sw-3")).Error);
        Assert.Contains("OLD=NEW", (await Run.OfAsync(service, "order", "replace-switch", "sw-3", "--spare", "s", "--map", "p1")).Error);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task An_undo_is_an_order_that_names_the_other()
    {
        var undo = Some.Order("completed", "proven", "Done.") with { Id = 18, Action = "undo", Undoes = 17 };
        var service = new FakeService().On("POST /api/v1/orders/17/undo", undo, HttpStatusCode.Created).On("GET /api/v1/orders/18", undo);
        var run = await Run.OfAsync(service, "order", "undo", "17", "--why", "wrong customer");
        Assert.Equal("""{"why":"wrong customer"}""", service.Body);
        Assert.Equal("order 18: undo CN-1001 (external id x-1)\ncompleted/proven  Done.\n", run.Out);
        Assert.Contains("undoes       17", (await Run.OfAsync(service, "order", "show", "18")).Out);
    }

    [Fact]
    public async Task A_file_of_orders_is_sent_whole_and_followed_by_one_number()
    {
        var file = Path.Combine(Path.GetTempPath(), $"orders-{Guid.NewGuid():N}.csv");
        await File.WriteAllTextAsync(file, "action,service,hold\nsuspend,CN-1,unpaid\n", TestContext.Current.CancellationToken);
        try
        {
            var bulk = Some.Order("partial", "rejected-by-device", "The switch refused a line.") with
            {
                Action = "bulk", Service = "", Parts = new(2, new Dictionary<string, int> { ["completed"] = 1, ["failed"] = 1 }),
            };
            var service = new FakeService().On("POST /api/v1/orders/bulk", new BulkOrderView(bulk, 2, new Dictionary<string, int> { ["suspend"] = 2 }, 2, 0), HttpStatusCode.Created)
                .On("GET /api/v1/orders/17", bulk);
            Assert.Equal(0, (await Run.OfAsync(service, "order", "import", file, "--external-id", "march")).ExitCode);
            Assert.Equal("""{"externalId":"march","csv":"action,service,hold\nsuspend,CN-1,unpaid\n"}""", service.Body);
            var run = await Run.OfAsync(service, "order", "import", file, "--external-id", "march", "--watch");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("2 orders, 2 lit ports would go dark, 0 change nothing", run.Out);
            Assert.Contains("2: 1 completed, 1 failed", run.Out);

            var refused = new FakeService().On(
                "POST /api/v1/orders/bulk?dryRun=true", Some.Problem(422, "The request has 2 faults.", "invalid-request", new("missing-hold", "row 2, hold", "suspend needs a hold."), new("x", "row 3, service", "y")),
                HttpStatusCode.UnprocessableEntity);
            Assert.Contains($"{file}:2, hold  suspend needs a hold. (missing-hold)", (await Run.OfAsync(refused, "order", "import", file, "--dry-run")).Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_list_is_asked_for_by_what_it_concerns_and_says_where_it_goes_on()
    {
        var service = new FakeService().On("GET /api/v1/orders?action=move&switch=sw-3&parent=9&cursor=40&limit=1", new OrderListView([Some.Order()], "17"));
        var run = await Run.OfAsync(service, "order", "list", "--switch", "sw-3", "--action", "move", "--of", "9", "--cursor", "40", "--limit", "1");
        Assert.Contains("more: --cursor 17", run.Out);
    }
}
