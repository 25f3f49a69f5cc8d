using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Events;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Events;

/// <summary>Another system is told: signed, at least once, in order for each subject, whatever it answers meanwhile.</summary>
public sealed class WebhookTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Secret = "canary-webhook-secret-1";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private WebhookReceiver _receiver = null!;
    private RunningTestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync(_ct);
        _service = await RunningTestService.StartAsync(
            postgres, _ct, $"--Events:WebhookPrefixes:0={_receiver.Url}hooks/", "--Events:WebhookNetworks:0=127.0.0.0/8", "--Events:Sweep=00:00:00.020",
            "--Events:WebhookPause=00:00:00.020", "--Events:WebhookAttempts=4");
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Events_come_signed_and_in_order_for_each_subject_though_each_is_refused_twice()
    {
        // A second worker beside the service's own.
        using var second = new DeliverWebhooks(
            _service.Database.DataSource, _service.Get<EventSignal>(), _service.Get<WebhookTargets>(), _service.Get<CredentialKeys>(), TimeProvider.System,
            _service.Get<IOptions<EventOptions>>(), NullLogger<DeliverWebhooks>.Instance);
        await second.StartAsync(_ct);
        _receiver.Answer = (_, before) => before < 2 ? 500 : 200;
        await AddAsync(new() { Name = "noc", Url = $"{_receiver.Url}hooks/noc", Secret = Secret });
        for (var i = 0; i < 5; i++)
        {
            await RaiseAsync($"alarm-{i}", "warning");
            await RaiseAsync($"alarm-{i}", "critical");
            await ClearAsync($"alarm-{i}");
        }

        await UntilAsync(() => _receiver.Taken.Select(m => m.Sequence).Distinct().Count() == 15);

        Assert.All(_receiver.Messages, m => Assert.True(m.IsSignedWith(Secret)));
        Assert.All(_receiver.Messages, m => Assert.StartsWith("application/cloudevents+json", m.ContentType));
        Assert.All(_receiver.Messages, m => Assert.Equal(("1.0", m.Id), (m.Json.GetProperty("specversion").GetString(), m.Json.GetProperty("id").GetString())));
        foreach (var subject in _receiver.Taken.GroupBy(m => m.Subject))
        {
            Assert.Equal(["provisionsvc.alarm.raised", "provisionsvc.alarm.changed", "provisionsvc.alarm.cleared"], subject.DistinctBy(m => m.Sequence).Select(m => m.Type));

            // A later one is never even tried before the earlier one was taken.
            var all = _receiver.Messages.Where(m => m.Subject == subject.Key).Select(m => m.Sequence).ToList();
            Assert.Equal(all.Order(), all);
        }

        var view = await UntilAsync(v => v.Waiting == 0);
        Assert.Equal((15, 0, null), (view.Delivered, view.Dead, view.LastError));
        await second.StopAsync(_ct);
        Assert.Contains("critical", _receiver.Taken[^1].Json.GetProperty("data").GetProperty("severity").GetString());
    }

    [Fact]
    public async Task What_is_refused_to_the_end_is_a_dead_letter_that_stops_nobody_and_a_replay_tells_it()
    {
        _receiver.Answer = (type, _) => type.EndsWith("raised", StringComparison.Ordinal) ? 503 : 200;
        await AddAsync(new() { Name = "noc", Url = $"{_receiver.Url}hooks/noc", Secret = Secret, Subject = "alarm/*", Types = ["alarm.raised", "alarm.cleared"] });
        await RaiseAsync("one", "major");
        await ClearAsync("one");
        await UntilAsync(() => _receiver.Taken.Count > 0);
        var dead = await UntilAsync(v => v.Dead > 0);

        Assert.Equal("provisionsvc.alarm.cleared", _receiver.Taken[0].Type);
        Assert.Equal(4, _receiver.Messages.Count(m => m.Sequence < _receiver.Taken[0].Sequence));
        Assert.Contains("503", (await _service.Database.TextsAsync("select error from webhook_delivery where dead_at is not null", _ct))[0]);
        Assert.True(dead.Dead >= 1);
        Assert.Contains(await _service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true&severity=minor", _ct), a => a.Key == "webhook-dead:noc");

        _receiver.Answer = (_, _) => 200;
        var replayed = await _service.Administrator.PostAsync<ReplayedWebhookView>("/api/v1/webhooks/noc/replay", new ReplayWebhookRequest(), _ct);
        Assert.True(replayed.Events >= 1);
        await UntilAsync(v => v is { Dead: 0, Waiting: 0 });
        Assert.Contains(_receiver.Taken, m => m.Type == "provisionsvc.alarm.raised" && m.Json.GetProperty("data").GetProperty("key").GetString() == "one");
        Assert.DoesNotContain(await _service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct), a => a.Key == "webhook-dead:noc");

        // Everything since the beginning, again under the same ids.
        var (ids, count) = (_receiver.Taken.Select(m => m.Id).ToHashSet(), _receiver.Taken.Count);
        var again = await _service.Administrator.PostAsync<ReplayedWebhookView>("/api/v1/webhooks/noc/replay", new ReplayWebhookRequest(From: 0), _ct);
        Assert.True(again.Events >= ids.Count);
        await UntilAsync(() => _receiver.Taken.Count >= count + ids.Count);
        Assert.Superset(ids, _receiver.Taken.Skip(count).Select(m => m.Id).ToHashSet());
    }

    [Fact]
    public async Task Filters_choose_and_a_redirect_is_a_refusal()
    {
        await AddAsync(new() { Name = "clears", Url = $"{_receiver.Url}hooks/clears", Secret = Secret, Types = ["alarm.cleared"] });
        await AddAsync(new() { Name = "orders", Url = $"{_receiver.Url}hooks/orders", Secret = Secret, Subject = "order/*" });
        _receiver.Answer = (_, before) => before == 0 ? 302 : 200;
        await RaiseAsync("x", "major");
        await ClearAsync("x");
        await UntilAsync(() => _receiver.Taken.Count > 0);

        Assert.All(_receiver.Messages, m => Assert.Equal(("provisionsvc.alarm.cleared", "/hooks/clears"), (m.Type, m.Path)));
        Assert.Equal(302, _receiver.Messages.First().Answered);
    }

    [Fact]
    public async Task A_secret_is_never_shown_and_a_url_that_nobody_allowed_is_refused_T11()
    {
        await AddAsync(new() { Name = "noc", Url = $"{_receiver.Url}hooks/noc", Secret = Secret });
        var list = await _service.Administrator.GetStringAsync("/api/v1/webhooks", _ct);
        Assert.Contains("noc", list);
        Assert.DoesNotContain(Secret, list);
        Assert.DoesNotContain(Secret, await _service.Database.DumpAsync(_ct));

        foreach (var url in (string[])[$"{_receiver.Url}other", $"{_receiver.Url}hooks/../other", "http://169.254.169.254/hooks/", $"{_receiver.Url}hooks/x".Replace("127.0.0.1", "me@127.0.0.1", StringComparison.Ordinal), "ftp://x/"])
        {
            var refused = await _service.Administrator.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/webhooks", new AddWebhookRequest { Name = "bad", Url = url, Secret = Secret }, _ct);
            Assert.Equal("url-not-allowed", Assert.Single(refused.Faults).Code);
        }

        var faults = (await _service.Administrator.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/v1/webhooks", new AddWebhookRequest { Name = "a b", Url = "x", Secret = "short", Types = ["'; drop"] }, _ct)).Faults;
        Assert.Equal(["invalid-filter", "invalid-name", "invalid-secret", "url-not-allowed"], faults.Select(f => f.Code).Order(StringComparer.Ordinal));

        using var removed = await _service.Administrator.DeleteAsync("/api/v1/webhooks/noc", _ct);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(await _service.Administrator.GetAsync<IReadOnlyList<WebhookView>>("/api/v1/webhooks", _ct));
    }

    private async Task AddAsync(AddWebhookRequest request)
    {
        using var answer = await _service.Administrator.PostAsJsonAsync("/api/v1/webhooks", request, _ct);
        await answer.Created<WebhookView>(_ct);
    }

    private async Task RaiseAsync(string key, string severity)
    {
        await using var db = await _service.Database.DataSource.OpenConnectionAsync(_ct);
        await db.RaiseAlarmAsync(TimeProvider.System.GetUtcNow(), key, severity, $"{key} is {severity}", "Look.", _ct);
    }

    private async Task ClearAsync(string key)
    {
        await using var db = await _service.Database.DataSource.OpenConnectionAsync(_ct);
        await db.ClearAlarmAsync(TimeProvider.System.GetUtcNow(), key, _ct);
    }

    private async Task<WebhookView> UntilAsync(Func<WebhookView, bool> wanted)
    {
        WebhookView view = null!;
        await UntilAsync(async () => wanted(view = Assert.Single(await _service.Administrator.GetAsync<IReadOnlyList<WebhookView>>("/api/v1/webhooks", _ct))));
        return view;
    }

    private Task UntilAsync(Func<bool> wanted) => UntilAsync(() => Task.FromResult(wanted()));

    private async Task UntilAsync(Func<Task<bool>> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(40));
        while (!await wanted())
        {
            Assert.False(patience.IsCancellationRequested, $"Messages after 40 s: {string.Join("; ", _receiver.Messages.Select(m => $"{m.Sequence} {m.Type} {m.Answered}"))}");
            await Task.Delay(20, _ct);
        }
    }
}
