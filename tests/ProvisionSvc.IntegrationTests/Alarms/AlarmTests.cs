using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Alarms;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Alarms;

public sealed class AlarmTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alarm_is_raised_once_renewed_acknowledged_by_the_first_and_cleared()
    {
        await using (var db = await fixture.Service.Database.DataSource.OpenConnectionAsync(_ct))
        {
            await db.RaiseAlarmAsync(Noon, "lane-locked:sw9", "critical", "sw9 is locked", "Look at it.", _ct);
            await db.RaiseAlarmAsync(Noon.AddMinutes(1), "lane-locked:sw9", "critical", "sw9 is still locked", "Look at it.", _ct);
        }

        var alarm = Assert.Single(await OpenAsync());
        Assert.Equal(("sw9 is still locked", Noon, null), (alarm.What, alarm.RaisedAt, alarm.AcknowledgedBy));

        using var engineer = await fixture.Service.ClientAsync(Roles.Engineering, _ct);
        Assert.Equal("test-engineering-", (await engineer.PostAsync<AlarmView>($"/api/v1/alarms/{alarm.Id}/acknowledge", new { }, _ct)).AcknowledgedBy);
        Assert.Equal("test-engineering-", (await fixture.Service.Administrator.PostAsync<AlarmView>($"/api/v1/alarms/{alarm.Id}/acknowledge", new { }, _ct)).AcknowledgedBy);
        Assert.Single(await fixture.Service.Database.TextsAsync($"select who from audit where action = 'alarm.acknowledge' and object = 'alarm/{alarm.Id}'", _ct));

        await using (var db = await fixture.Service.Database.DataSource.OpenConnectionAsync(_ct))
        {
            await db.ClearAlarmAsync(Noon.AddHours(1), "lane-locked:sw9", _ct);
        }

        Assert.Empty(await OpenAsync());
        Assert.Equal(Noon.AddHours(1), Assert.Single(await fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=false&key=lane-locked:sw9", _ct)).ClearedAt);
        await engineer.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/alarms/999999/acknowledge", new { }, _ct);
    }

    [Fact]
    public async Task An_alarm_has_a_history_and_one_that_got_worse_has_to_be_acknowledged_again()
    {
        const string key = "test:history";
        await using var db = await fixture.Service.Database.DataSource.OpenConnectionAsync(_ct);
        await db.RaiseAlarmAsync(Noon, key, "warning", "slow", "Look.", _ct);
        await db.ClearAlarmAsync(Noon.AddMinutes(1), key, _ct);
        await db.RaiseAlarmAsync(Noon.AddMinutes(2), key, "minor", "slow", "Look.", _ct);
        var id = Assert.Single(await fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>($"/api/v1/alarms?open=true&key={key}", _ct)).Id;
        await fixture.Service.Administrator.PostAsync<AlarmView>($"/api/v1/alarms/{id}/acknowledge", new { }, _ct);

        // The same again is counted, less is not believed, more is news.
        await db.RaiseAlarmAsync(Noon.AddMinutes(3), key, "minor", "slow", "Look.", _ct);
        await db.RaiseAlarmAsync(Noon.AddMinutes(4), key, "warning", "slow", "Look.", _ct);
        Assert.NotNull((await DetailAsync(id)).Alarm.AcknowledgedBy);
        await db.RaiseAlarmAsync(Noon.AddMinutes(5), key, "critical", "stopped", "Run.", _ct);
        await db.ClearAlarmAsync(Noon.AddMinutes(6), key, _ct);

        var detail = await DetailAsync(id);
        Assert.Equal(("critical", "stopped", "Run.", 4, null), (detail.Alarm.Severity, detail.Alarm.What, detail.Alarm.Remedy, detail.Alarm.Times, detail.Alarm.AcknowledgedBy));
        Assert.Equal(["raised", "acknowledged", "changed", "cleared"], detail.History.Select(h => h.What));
        Assert.Equal("administrator", detail.History[1].Who);
        Assert.Equal(["minor", "minor", "critical", "critical"], detail.History.Select(h => h.Severity));
        Assert.Equal("warning", Assert.Single(detail.Earlier).Severity);
        using var unknown = await fixture.Service.Administrator.GetAsync("/api/v1/alarms/999999", _ct);
        Assert.Equal("unknown-alarm", (await unknown.Problem(HttpStatusCode.NotFound, _ct)).Code);
        using var word = await fixture.Service.Administrator.GetAsync("/api/v1/alarms?severity=bad", _ct);
        Assert.Equal("unknown-severity", (await word.Problem(HttpStatusCode.UnprocessableEntity, _ct)).Faults[0].Code);
    }

    [Fact]
    public async Task Clocks_that_are_apart_are_an_alarm_until_they_agree_T25()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-3));
        var watch = new WatchClock(fixture.Service.Database.DataSource, clock, NullLogger<WatchClock>.Instance);
        await watch.CompareAsync(_ct);
        Assert.Single(await ClocksAsync());

        clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        await watch.CompareAsync(_ct);
        Assert.Empty(await ClocksAsync());
    }

    private Task<IReadOnlyList<AlarmView>> ClocksAsync() =>
        fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>($"/api/v1/alarms?open=true&key=clock:{Uri.EscapeDataString(Environment.MachineName)}", _ct);

    private Task<AlarmDetailView> DetailAsync(long id) => fixture.Service.Administrator.GetAsync<AlarmDetailView>($"/api/v1/alarms/{id}", _ct);

    private Task<IReadOnlyList<AlarmView>> OpenAsync() => fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true&key=lane-locked:sw9", _ct);
}
