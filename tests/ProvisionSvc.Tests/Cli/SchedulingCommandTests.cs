using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>The commands that say when orders run, and for whom they wait.</summary>
public sealed class SchedulingCommandTests
{
    private static readonly PauseView Stop = new(3, "all", "all", "li", "smoke", Some.Then, null, null);

    private static readonly OrderView Asked = Some.Order("held", "approval", "It waits for approval (provision order approve): 0/1 business", "等待审批： 0/1 business") with
    {
        Approval = new(2, "business", 1, [], Some.Then, Some.Then.AddDays(7), "3f2a91c0", [Some.Plan], "sw-3 GigabitEthernet0/0/7: alias: approved - -> CN-1001, now x -> CN-1001", null, null),
    };

    [Fact]
    public async Task Stop_stops_everything_and_start_ends_exactly_that_pause()
    {
        var service = new FakeService()
            .On("POST /api/v1/pauses", Stop)
            .On("GET /api/v1/pauses", new[] { new PauseView(4, "node", "north-1", "li", "fibre", Some.Then, null, null), Stop })
            .On("POST /api/v1/pauses/3/end", Stop with { EndedAt = Some.Then, EndedBy = "li" });

        Assert.Equal("pause 3: all all waits (li: smoke)\n", (await Run.OfAsync(service, "stop", "--why", "smoke")).Out);
        Assert.Equal("pause 3: all all goes on\n", (await Run.OfAsync(service, "start")).Out);
    }

    [Fact]
    public async Task Start_without_a_stop_changes_nothing()
    {
        var run = await Run.OfAsync(new FakeService().On("GET /api/v1/pauses", Array.Empty<PauseView>()), "start");
        Assert.Equal((0, "nothing is stopped\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Approve_shows_the_plan_with_the_difference_and_approves_exactly_that_one()
    {
        var service = new FakeService().On("GET /api/v1/orders/17", Asked).On("POST /api/v1/orders/17/approve", Some.Order());

        var run = await Run.OfAsync(service, "order", "approve", "17");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("changed since it was approved: sw-3 GigabitEthernet0/0/7: alias", run.Out);
        Assert.Contains("undo shutdown", run.Out);
        Assert.Contains("order 17: activate CN-1001  acknowledged", run.Out);
        Assert.Equal("3f2a91c0", service.BodyJson.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task An_order_without_a_plan_cannot_be_approved()
    {
        var run = await Run.OfAsync(new FakeService().On("GET /api/v1/orders/17", Some.Completed), "order", "approve", "17");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no plan to approve", run.Error);
    }

    [Theory]
    [InlineData("window add w --weekdays mon --from 01:00 --until 02:00", "Give one of --district, --node, --building, --all.")]
    [InlineData("pause add --switch a --node b --why x", "Give one of --node, --building, --switch.")]
    [InlineData("node maintenance north-1", "Give either --until or --end.")]
    public async Task What_is_meant_has_to_be_said_once(string line, string error)
    {
        var run = await Run.OfAsync(new FakeService(), line.Split(' '));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(error, run.Error);
    }
}
