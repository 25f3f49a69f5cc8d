using System.Net;
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
        Assert.Single(await fixture.Service.Database.TextsAsync("select who from audit where action = 'alarm.acknowledge'", _ct));

        await using (var db = await fixture.Service.Database.DataSource.OpenConnectionAsync(_ct))
        {
            await db.ClearAlarmAsync(Noon.AddHours(1), "lane-locked:sw9", _ct);
        }

        Assert.Empty(await OpenAsync());
        Assert.Equal(Noon.AddHours(1), Assert.Single(await fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=false", _ct)).ClearedAt);
        await engineer.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/alarms/999999/acknowledge", new { }, _ct);
    }

    private Task<IReadOnlyList<AlarmView>> OpenAsync() => fixture.Service.Administrator.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct);
}
