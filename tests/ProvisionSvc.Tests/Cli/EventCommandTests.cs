using System.Net;
using System.Text.Json;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class EventCommandTests
{
    private const string Stream = "GET /api/v1/events?order=17&after=0";
    private const string Asked = "GET /api/v1/orders/17";

    private static readonly AuditVerificationView Intact = new(true, 12, 1, 12, "ab12", 1, null);

    [Fact]
    public async Task Watch_shows_each_line_as_the_switch_takes_it()
    {
        var service = new FakeService().On(Asked, Some.Order("inProgress")).On(Asked, Some.Completed).OnText(
            Stream,
            Told(1, "ready", new { }) + Told(2, "order.accepted", new { }) + Told(3, "line.confirmed", new { line = "undo shutdown", @switch = "sw-3", ifName = "Gi0/0/7" })
                + Told(4, "line.rejected", new { line = "qos \u001b[31mlr", @switch = "sw-3", ifName = "Gi0/0/7" }) + Told(5, "order.ended", new { }),
            type: "text/event-stream");

        var run = await Run.OfAsync(service, "order", "watch", "17");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("    sw-3 Gi0/0/7  undo shutdown  confirmed\n", run.Out);
        Assert.Contains("    sw-3 Gi0/0/7  qos �[31mlr  rejected\n", run.Out);
        Assert.Contains("order 17 completed", run.Out);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_no_reason_to_stop_watching()
    {
        var service = new FakeService().On(Asked, Some.Order("inProgress")).On(Asked, Some.Order("inProgress")).On(Asked, Some.Completed)
            .OnText(Stream, Told(1, "ready", new { }) + "event: line.confirmed\ndata: {broken\n\n", type: "text/event-stream");

        var run = await Run.OfAsync(service, "order", "watch", "17");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("order 17 completed", run.Out);
    }

    [Fact]
    public async Task Evidence_is_written_to_a_file_in_the_language_of_the_reader()
    {
        var file = Path.Combine(Path.GetTempPath(), $"provision-evidence-{Guid.NewGuid():N}.html");
        try
        {
            var service = new FakeService().OnText("GET /api/v1/orders/17/evidence?format=html&lang=zh", "<!DOCTYPE html>", type: "text/html");
            Assert.Equal(0, (await Run.OfAsync(service, "--lang", "zh", "order", "evidence", "17", "--html", file)).ExitCode);
            Assert.Equal("<!DOCTYPE html>", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_intact_audit_log_is_exit_code_0_and_a_changed_one_is_1_and_names_the_line()
    {
        const string verify = "GET /api/v1/audit/verify";
        Assert.Equal(0, (await Run.OfAsync(new FakeService().On(verify, Intact), "audit", "verify")).ExitCode);

        var broken = Intact with { Intact = false, Broken = new(5, 4711, "changed", "Line 4711 (order.release order/3), or its seal, is not what was sealed.") };
        var run = await Run.OfAsync(new FakeService().On(verify, broken), "audit", "verify");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("NOT intact: changed. Line 4711", run.Out);
    }

    [Fact]
    public async Task The_last_anchor_of_a_file_is_what_the_chain_is_compared_with()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "{\"day\":\"2030-01-30\",\"sequence\":5,\"hash\":\"aa\"}\n{\"day\":\"2030-01-31\",\"sequence\":9,\"hash\":\"bb\"}\n", TestContext.Current.CancellationToken);
            var service = new FakeService().On("GET /api/v1/audit/verify?anchor=9%3Abb", Intact);
            Assert.Equal(0, (await Run.OfAsync(service, "audit", "verify", "--anchors", file)).ExitCode);

            await File.WriteAllTextAsync(file, "not an anchor", TestContext.Current.CancellationToken);
            Assert.Contains("is not an anchor", (await Run.OfAsync(service, "audit", "verify", "--anchors", file)).Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_webhook_s_secret_comes_from_a_variable_or_a_prompt_and_is_not_shown()
    {
        var view = new WebhookView
        {
            Name = "crm", Url = "https://crm.example.net/hooks/", Types = ["order.*"], Subject = "*", Districts = [], CreatedBy = "a", CreatedAt = Some.Then, Delivered = 0, Waiting = 0, Dead = 0,
        };
        var service = new FakeService().On("POST /api/v1/webhooks", view, HttpStatusCode.Created);

        var run = await new Run.With(service) { AskSecret = _ => "0123456789abcdef" }.OfAsync("webhook", "add", "crm", "--url", view.Url, "--type", "order.*");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("0123456789abcdef", service.BodyJson.GetProperty("secret").GetString());
        Assert.DoesNotContain("0123456789abcdef", run.Out + run.Error);
    }

    [Fact]
    public async Task An_alarm_is_shown_with_its_history_and_the_earlier_ones()
    {
        var alarm = new AlarmView(3, "critical", "sw-3 is locked", "Look.", Some.Then, "ann", null, 4, Some.Then, Some.Then, "lane-locked:sw-3");
        var detail = new AlarmDetailView(alarm, [new(Some.Then, "raised", null, "major", "sw-3 is locked"), new(Some.Then, "acknowledged", "ann", "major", "sw-3 is locked")], [alarm with { Id = 1 }]);

        var run = await Run.OfAsync(new FakeService().On("GET /api/v1/alarms/3", detail), "--lang", "zh", "alarm", "show", "3");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("确认  major  ann", run.Out);
        Assert.Contains("此前: 1", run.Out);
    }

    private static string Told(long sequence, string kind, object data) =>
        $"event: {kind}\nid: {sequence}\ndata: {JsonSerializer.Serialize(new CloudEventView
        {
            Id = $"{sequence}", Sequence = $"{sequence}", Source = "provisionsvc", Type = $"provisionsvc.{kind}", Subject = "order/17", Time = Some.Then, Data = JsonSerializer.SerializeToElement(data),
        }, JsonSerializerOptions.Web)}\n\n";
}
