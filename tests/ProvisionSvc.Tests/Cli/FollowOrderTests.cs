using System.Net;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class FollowOrderTests
{
    private const string Placed = "POST /api/v1/orders";
    private const string Asked = "GET /api/v1/orders/17";

    private static readonly string[] Disconnect = ["order", "disconnect", "CN-1001", "--external-id", "x-1", "--watch"];

    [Fact]
    public async Task Watch_prints_one_line_per_change_of_state_and_the_proof()
    {
        var service = new FakeService().On(Placed, Some.Order()).On(Asked, Some.Order()).On(Asked, Some.Order("inProgress"))
            .On(Asked, Some.Order("inProgress")).On(Asked, Some.Completed);

        var run = await Run.OfAsync(service, Disconnect);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            order 17: activate CN-1001 (external id x-1)
               0.0 s  acknowledged
               0.3 s  inProgress
               0.5 s  completed/proven  Done, and proven by reading the switch.
            proven on sw-3 GigabitEthernet0/0/7 at 2030-01-31 01:00:03:
              adminStatus = up   by snmp
              accessVlan = 1007  by new-session
              oper status down, saved: saved and read back
            order 17 completed after 0.5 s

            """, run.Out);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("partial")]
    [InlineData("cancelled")]
    [InlineData("rejected")]
    public async Task An_order_that_does_not_complete_is_an_error_with_the_switchs_words(string state)
    {
        var service = new FakeService().On(Asked, Some.Order(state, "rejected-by-device", "The switch refused a line.", null, Some.Item(state, "% Invalid input")));

        var run = await Run.OfAsync(service, "order", "watch", "17");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("  sw-3 GigabitEthernet0/0/7: % Invalid input\n", run.Out);
        Assert.Contains($"order 17 {state} after 0.0 s", run.Out);
    }

    [Theory]
    [InlineData("held")]
    [InlineData("pending")]
    public async Task An_order_that_waits_is_waited_for_until_the_timeout(string state)
    {
        var service = new FakeService().On(Asked, Some.Order(state, "device-unreachable", "The switch does not answer; it is tried again."));

        var run = await Run.OfAsync(service, "order", "watch", "17", "--timeout", "10s");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"""
               0.0 s  {state}/device-unreachable  The switch does not answer; it is tried again.
            order 17 is still {state} after 10.0 s and goes on by itself: provision order watch 17

            """, run.Out);
    }

    [Fact]
    public async Task A_service_that_restarts_meanwhile_is_waited_for()
    {
        var service = new FakeService().On(Placed, Some.Order()).OnTrouble(Asked, HttpRequestError.ConnectionError).OnTrouble(Asked, HttpRequestError.ResponseEnded)
            .OnText(Asked, "", HttpStatusCode.ServiceUnavailable).On(Asked, Some.Completed);

        var run = await Run.OfAsync(service, Disconnect);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(1, run.Out.Split("the service does not answer; still asking").Length - 1);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task As_JSON_only_the_last_answer_goes_to_the_output()
    {
        var service = new FakeService().On(Placed, Some.Order()).On(Asked, Some.Completed);

        var run = await Run.OfAsync(service, [.. Disconnect, "--output", "json"]);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("{\n  \"id\": 17,", run.Out);
        Assert.Contains("order 17: activate CN-1001", run.Error);
        Assert.Contains("completed/proven", run.Error);
    }

    [Fact]
    public async Task A_lost_answer_to_an_order_names_the_external_id_to_ask_again_with()
    {
        var service = new FakeService().OnTrouble(Placed, HttpRequestError.ResponseEnded);

        var run = await Run.OfAsync(service, Disconnect);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Ask again with --external-id x-1: it stays one order.", run.Error);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_and_names_the_external_id()
    {
        using var ctrlC = new CancellationTokenSource();
        await ctrlC.CancelAsync();
        var service = new FakeService().On(Placed, Some.Order());

        var run = await new Run.With(service) { Cancelled = ctrlC.Token }.OfAsync(Disconnect);

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("external id is x-1", run.Out);
        Assert.Equal("provision: interrupted\n", run.Error);
    }
}
