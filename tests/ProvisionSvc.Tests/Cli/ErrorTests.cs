using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>Every failure is one clear line on the error stream, with the remedy, and exit code 1.</summary>
public sealed class ErrorTests : IDisposable
{
    private const string Route = "GET /api/v1/orders/17";

    private static readonly string[] Show = ["order", "show", "17"];

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task A_service_that_is_not_running_says_how_to_start_it()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var error = new StringWriter();
        var host = CommandHost.OfProcess() with { Error = error, Environment = _ => null };

        var exit = await ProvisionCommand.RunAsync([.. Show, "--url", $"http://127.0.0.1:{port}"], host, TestContext.Current.CancellationToken);

        Assert.Equal(1, exit);
        Assert.StartsWith($"provision: No service answers at http://127.0.0.1:{port}: start it (eng/demo.sh", error.ToString());
    }

    [Fact]
    public async Task A_connection_that_ends_without_an_answer_is_not_called_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var error = new StringWriter();
        var host = CommandHost.OfProcess() with { Error = error, Environment = _ => null };

        var run = ProvisionCommand.RunAsync(
            ["order", "disconnect", "CN-1001", "--external-id", "x-1", "--url", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], host, TestContext.Current.CancellationToken);
        using (await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            // Closed without a word.
        }

        Assert.Equal(1, await run);
        Assert.StartsWith("provision: disconnect CN-1001: ", error.ToString());
        Assert.Contains("it may have been done", error.ToString());
    }

    [Fact]
    public async Task A_service_that_never_answers_is_given_up()
    {
        var service = new FakeService().On(Route, Some.Order());

        var run = await new Run.With(service) { Clock = new() { IsOutOfPatience = true } }.OfAsync(Show);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("gave no whole answer", run.Error);
    }

    [Fact]
    public async Task A_401_says_how_to_give_a_token()
    {
        var service = new FakeService().OnText(Route, "", HttpStatusCode.Unauthorized);

        var without = await Run.OfAsync(service, Show);
        var with = await new Run.With(service) { Environment = { ["PROVISION_TOKEN"] = "old" } }.OfAsync(Show);

        Assert.Equal("provision: http://127.0.0.1:8080 asks for a token: give --token-file FILE, or set PROVISION_TOKEN_FILE or PROVISION_TOKEN (the first one is admin.token in the service's state directory).\n", without.Error);
        Assert.Contains("does not accept this token", with.Error);
        Assert.Equal((1, 1), (without.ExitCode, with.ExitCode));
    }

    [Fact]
    public async Task The_token_comes_from_the_file_or_the_environment()
    {
        var service = new FakeService().On(Route, Some.Order());
        await File.WriteAllTextAsync(_file, "from-file\n", TestContext.Current.CancellationToken);
        var both = new Run.With(service) { Environment = { ["PROVISION_TOKEN"] = "from-environment" } };

        await both.OfAsync([.. Show, "--token-file", _file]);
        Assert.Equal("Bearer from-file", service.Authorization);
        await both.OfAsync(Show);
        Assert.Equal("Bearer from-environment", service.Authorization);
        await new Run.With(service) { Environment = { ["PROVISION_TOKEN_FILE"] = _file } }.OfAsync(Show);
        Assert.Equal("Bearer from-file", service.Authorization);
        await Run.OfAsync(service, Show);
        Assert.Null(service.Authorization);
    }

    [Theory]
    [InlineData("two words", "that is not a token")]
    [InlineData("", "it is empty")]
    public async Task A_token_file_that_holds_no_token_is_named(string text, string expected)
    {
        await File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);

        var run = await Run.OfAsync(new FakeService(), [.. Show, "--token-file", _file]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(_file, run.Error);
        Assert.Contains(expected, run.Error);
    }

    [Fact]
    public async Task A_token_is_not_sent_in_the_clear_to_another_machine()
    {
        var service = new FakeService();

        var run = await new Run.With(service) { Environment = { ["PROVISION_TOKEN"] = "t", ["PROVISION_URL"] = "http://provision.example.net" } }.OfAsync(Show);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("use https", run.Error);
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://user:secret@x")]
    public async Task An_address_that_is_none_is_refused(string url)
        => Assert.StartsWith($"provision: --url: \"{url}\" is not the address", (await Run.OfAsync(new FakeService(), [.. Show, "--url", url])).Error);

    [Fact]
    public async Task A_problem_is_its_title_and_every_fault()
    {
        var service = new FakeService().On(
            "POST /api/v1/orders",
            Some.Problem(422, "The order has faults.", "invalid-order",
                new FaultView("unknown-account", "account", "There is no account A-7: import it."), new FaultView("rate-above-port", "rateDownMbps", "The port does 100 Mbit/s.")),
            HttpStatusCode.UnprocessableEntity);

        var run = await Run.OfAsync(service, "order", "disconnect", "CN-1001");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Equal(
            """
            provision: disconnect CN-1001: The order has faults. (invalid-order)
              account  There is no account A-7: import it. (unknown-account)
              rateDownMbps  The port does 100 Mbit/s. (rate-above-port)

            """, run.Error);
    }

    [Fact]
    public async Task A_problem_with_one_fault_says_it_once()
    {
        var service = new FakeService().On(Route, Some.Problem(409, "Order 17 has begun.", "begun", new FaultView("begun", "", "Order 17 has begun.")), HttpStatusCode.Conflict);

        Assert.Equal("provision: order 17: Order 17 has begun. (begun)\n", (await Run.OfAsync(service, Show)).Error);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "order 17: there is no such thing at http://127.0.0.1:8080.")]
    [InlineData(HttpStatusCode.Forbidden, "order 17: this token's role or districts do not allow it.")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "order 17: the service cannot work right now (503); try again, and see http://127.0.0.1:8080/readyz.")]
    [InlineData(HttpStatusCode.Found, "is not ProvisionSvc of this version (status 302)")]
    public async Task A_status_without_a_problem_is_put_into_words(HttpStatusCode status, string expected)
    {
        var run = await Run.OfAsync(new FakeService().OnText(Route, "<html>", status, "text/html"), Show);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Something_else_on_that_port_is_recognised(string body)
        => Assert.Contains("is not ProvisionSvc", (await Run.OfAsync(new FakeService().OnText(Route, body), Show)).Error);

    [Theory]
    [InlineData("order", "See provision order --help")]
    [InlineData("ordre", "See provision --help")]
    [InlineData("order show", "See provision order show --help")]
    [InlineData("order show x", "\"x\" is not a number.")]
    [InlineData("order show 1 2", "'2'")]
    [InlineData("order show 1 --output xml", "xml")]
    public async Task A_misspelled_line_says_what_and_where_to_read(string line, string expected)
    {
        var run = await Run.OfAsync(new FakeService(), line.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("provision: ", run.Error);
        Assert.Contains(expected, run.Error);
        Assert.Empty(run.Out);
    }
}
