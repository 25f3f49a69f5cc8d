using System.Net;
using System.Text.RegularExpressions;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Evidence;

/// <summary>What an order leaves behind, and how it is followed while it runs.</summary>
public sealed class EvidenceTests(EvidenceLab lab) : IClassFixture<EvidenceLab>
{
    private const string Canary = "canary-Zx81";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_activation_leaves_all_of_it_in_less_than_20_KB_and_no_secret()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        await lab.SetCredentialAsync(await File.ReadAllTextAsync(lab.Lab.PrivateKeyFile, _ct), _ct);

        // The switch shows secrets in the middle of an answer.
        lab.Lab.Control.Tell(name, Logged("^display", $"snmp-agent community read cipher {Canary}"));
        lab.Lab.Control.Tell(name, Logged("^port default", $"local-user admin password irreversible-cipher {Canary}"));
        var order = await lab.DoAsync(Place.Activate(circuit, lab.Account, name, lab.FreePort(name)), _ct);
        var evidence = await KeptAsync(order.Id);

        Assert.Equal((order.Id, "a new customer", "completed", lab.Account), (evidence.Order.Id, evidence.Order.Why, evidence.Order.State, evidence.Account));
        var item = Assert.Single(evidence.Order.Items);
        Assert.NotEmpty(item.Plan!.Hash);
        Assert.Equal("saved and proven", item.Proof!.Saved);
        var admin = Assert.Single(evidence.Fields, f => f.Field == "adminStatus");
        Assert.Equal(("down", "up", "up", "snmp"), (admin.Before, admin.After, admin.Proven, admin.Channel));
        Assert.All(evidence.Fields, f => Assert.NotNull(f.Channel));
        Assert.All(item.Plan.Steps.SelectMany(s => s.Lines), line => Assert.Contains(evidence.Journal, j => j.Line == line && j.Outcome == "confirmed"));
        Assert.Contains(evidence.Journal, j => j.Field == "startup");
        Assert.Equal(["write", "prove", "save"], evidence.Conversations.Select(c => c.Part));
        Assert.Contains("undo shutdown", evidence.Conversations[0].Text);
        Assert.Contains("display", evidence.Conversations[1].Text);
        Assert.Equal(["order.accept", "item.completed"], evidence.Audit.Select(a => a.Action));

        var size = await lab.ScalarAsync<int>($"select octet_length(document) from evidence where order_id = {order.Id}", _ct);
        Assert.InRange(size, 500, 20 * 1024);
        TestContext.Current.TestOutputHelper?.WriteLine($"evidence of a plain activation: {size} bytes");
        Assert.Equal(0, await lab.ScalarAsync<long>($"select count(*) from conversation where item_id in (select id from order_item where order_id = {order.Id})", _ct));

        var json = await lab.Client.GetStringAsync($"/api/v1/orders/{order.Id}/evidence", _ct);
        var html = await lab.Client.GetStringAsync($"/api/v1/orders/{order.Id}/evidence?format=html", _ct);
        Assert.Contains("community read cipher ***", json);
        Assert.All((string[])[json, html], text =>
        {
            Assert.DoesNotContain(Canary, text);
            Assert.DoesNotContain(lab.Lab.ReadCommunity, text);
        });
    }

    [Fact]
    public async Task The_page_is_whole_in_itself_in_both_languages_and_text_of_a_switch_is_text()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, Logged("^display", "<script>alert(1)</script><img src=x onerror=alert(1)>"));
        var order = await lab.DoAsync(Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)), _ct);
        await KeptAsync(order.Id);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/orders/{order.Id}/evidence");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        request.Headers.AcceptLanguage.ParseAdd("zh-CN");
        using var answer = await lab.Client.SendAsync(request, _ct);
        var page = await answer.Content.ReadAsStringAsync(_ct);

        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("<html lang=\"zh\">", page);
        Assert.Contains("变更前", page);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("<img", page);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotMatch("(src|href)=", page.Replace("src=x", "", StringComparison.Ordinal));
        Assert.Contains("Before</th>", await lab.Client.GetStringAsync($"/api/v1/orders/{order.Id}/evidence?format=html&lang=en", _ct));

        using var wrong = await lab.Client.GetAsync($"/api/v1/orders/{order.Id}/evidence?format=pdf", _ct);
        Assert.Equal("unknown-format", (await wrong.Problem(HttpStatusCode.UnprocessableEntity, _ct)).Faults[0].Code);
        using var nobody = await lab.Client.GetAsync("/api/v1/orders/999999/evidence", _ct);
        await nobody.Problem(HttpStatusCode.NotFound, _ct);
    }

    [Fact]
    public async Task A_failed_order_leaves_the_refusal_and_the_way_back()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Reject(new Regex("^undo shutdown"), "Error: Wrong parameter found at '^' position."));
        var placed = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)), _ct);
        await lab.UntilAsync(placed.Id, "failed", "rejected-by-device", _ct);
        lab.Lab.Control.Clear(name);
        var evidence = await KeptAsync(placed.Id);

        Assert.Contains(evidence.Journal, j => j.Outcome == "rejected");
        Assert.Contains("Wrong parameter", evidence.Conversations.First(c => c.Part == "write").Text);
        Assert.Contains(evidence.Conversations, c => c.Part == "takeBack");
    }

    [Fact]
    public async Task Whoever_let_an_order_go_is_in_its_evidence()
    {
        var name = lab.NextSwitch();
        await lab.SqlAsync($"update switch set mode = 'maintenance' where name = '{name}'", _ct);
        var placed = await lab.PlaceAsync(Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)), _ct);
        await using (var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct))
        {
            await db.WriteAuditAsync(TimeProvider.System.GetUtcNow(), "second-person", "order.approve", $"order/{placed.Id}", new { hash = "3f2a" }, _ct);
        }

        // It has not ended: the document says so, and is not kept.
        var evidence = await lab.Client.GetAsync<EvidenceView>($"/api/v1/orders/{placed.Id}/evidence", _ct);
        Assert.False(evidence.Complete);
        var approval = Assert.Single(evidence.Approvals);
        Assert.Equal(("second-person", "order.approve", "3f2a"), (approval.By, approval.Decision, approval.Detail.GetProperty("hash").GetString()));
        Assert.Equal(0, await lab.ScalarAsync<long>($"select count(*) from evidence where order_id = {placed.Id}", _ct));
        using var sales = await lab.Service.ClientAsync("sales", _ct);
        using var refused = await sales.GetAsync($"/api/v1/orders/{placed.Id}/evidence", _ct);
        await refused.Problem(HttpStatusCode.Forbidden, _ct);
    }

    [Fact]
    public async Task The_command_follows_an_order_line_by_line_and_fetches_its_evidence()
    {
        var (name, circuit) = (lab.NextSwitch(), Place.Key());
        var port = lab.FreePort(name);
        var (exit, output) = await RunAsync("order", "activate", circuit, "--account", lab.Account, "--switch", name, "--port", port, "--down", "100", "--watch");
        Assert.Equal(0, exit);
        Assert.Matches($@"\n +\d+\.\d s    {Regex.Escape(name)} {Regex.Escape(port)}  undo shutdown  confirmed", output);
        Assert.Contains("completed/proven", output);

        var id = await lab.ScalarAsync<long>($"select id from service_order where circuit_id = '{circuit}'", _ct);
        var file = Path.Combine(lab.Service.StateDirectory, "evidence.html");
        Assert.Equal(0, (await RunAsync("order", "evidence", $"{id}", "--html", file)).ExitCode);
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(file, _ct));
        Assert.Contains("undo shutdown", (await RunAsync("order", "evidence", $"{id}")).Output);

        var kinds = await lab.Service.Database.TextsAsync($"select kind from event where order_id = {id} order by sequence", _ct);
        Assert.Equal("order.accepted", kinds[0]);
        Assert.True(kinds.ToList().IndexOf("item.started") < kinds.ToList().IndexOf("line.confirmed"), string.Join(' ', kinds));
        Assert.Equal(["item.completed", "order.ended"], kinds.TakeLast(2));

        Assert.Contains("intact", (await RunAsync("audit", "verify")).Output);
        Assert.Contains($"order/{id}", (await RunAsync("audit", "list", "--object", $"order/{id}")).Output);
    }

    /// <summary>What somebody else typed, told on our terminal in the middle of an answer.</summary>
    private static Fault.LogLine Logged(string pattern, string text) =>
        new(new Regex(pattern), $"Nov 23 2026 18:00:00+08:00 sw-1 %%01SHELL/5/CMDRECORD(l)[12]:Recorded command information. (Command={text} )");

    /// <summary>As it was written down at the end.</summary>
    private async Task<EvidenceView> KeptAsync(long order)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (await lab.ScalarAsync<long>($"select count(*) from evidence where order_id = {order} and document is not null", _ct) == 0)
        {
            await Task.Delay(50, patience.Token);
        }

        var evidence = await lab.Client.GetAsync<EvidenceView>($"/api/v1/orders/{order}/evidence", _ct);
        Assert.True(evidence.Complete);
        return evidence;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var host = new CommandHost
        {
            Out = output, Error = output, Http = _ => new SocketsHttpHandler(),
            Environment = name => name == "PROVISION_URL" ? lab.Service.BaseAddress.ToString() : null,
        };
        var exit = await ProvisionCommand.RunAsync([.. args, "--token-file", Path.Combine(lab.Service.StateDirectory, "admin.token")], host, _ct);
        return (exit, output.ToString());
    }
}

/// <summary>A few switches whose events come at once.</summary>
public sealed class EvidenceLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (6, 1);

    protected override IReadOnlyList<string> Settings => ["--Events:Sweep=00:00:00.020"];
}
