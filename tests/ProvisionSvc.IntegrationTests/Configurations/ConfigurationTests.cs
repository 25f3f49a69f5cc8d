using System.Net;
using System.Text.RegularExpressions;
using ProvisionSvc.Configurations;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Configurations;

/// <summary>The archive over HTTP: fetched in the session that wrote and by the interval, never at an order's cost.</summary>
public sealed class ConfigurationTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_s_session_leaves_the_configuration_and_the_next_one_the_difference()
    {
        var name = lab.NextSwitch();
        var (first, second) = (Place.Key(), Place.Key());
        await lab.DoAsync(Place.Activate(first, lab.Account, name, lab.FreePort(name)), _ct);
        var before = (await KeptAsync(name, 1)).Versions[0];
        var sessions = Opened(name);
        await lab.DoAsync(Place.Activate(second, lab.Account, name, lab.FreePort(name, 1)), _ct);
        var list = await KeptAsync(name, 2);

        Assert.Equal(sessions + 2, Opened(name)); // One wrote, one proved, saved and fetched: none was opened for the archive.
        Assert.Equal("orders", list.Versions[0].Source);
        Assert.Null(list.Problem);
        var now = await lab.Client.GetAsync<ConfigurationView>($"/api/v1/switches/{name}/configuration", _ct);
        Assert.Contains($" description {first}\n", now.Text);
        Assert.Contains($" description {second}\n", now.Text);
        var then = await lab.Client.GetAsync<ConfigurationView>($"/api/v1/switches/{name}/configuration?at={Moment(before.Since)}", _ct);
        Assert.Contains($" description {first}\n", then.Text);
        Assert.DoesNotContain(second, then.Text);
        Assert.Equal(before.Octets, System.Text.Encoding.UTF8.GetByteCount(then.Text));

        var diff = await lab.Client.GetAsync<ConfigurationDiffView>($"/api/v1/switches/{name}/configuration/diff?since={Moment(before.Since)}", _ct);
        Assert.Equal((before.Version, list.Versions[0].Version), (diff.Before.Version, diff.After.Version));
        Assert.Contains($"+ description {second}", diff.Hunks.SelectMany(h => h.Lines));
        Assert.DoesNotContain($"+ description {first}", diff.Hunks.SelectMany(h => h.Lines));
        Assert.Single(await DatabaseAsync<bool>($"select whole from configuration c join switch w on w.id = c.switch_id where w.name = '{name}' and whole"));
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_fetched_fails_no_order_and_is_fetched_later()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Hang(new Regex("^display current-configuration$")) { Times = 1 });
        var order = await lab.DoAsync(Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)), _ct);
        Assert.Equal("proven", order.Reason);
        await UntilAsync(async () => (await ListAsync(name)).Problem is not null);
        await lab.SqlAsync($"update configuration_fetch set due_at = now() where switch_id = {IdOf(name)}", _ct);

        var list = await KeptAsync(name, 1);
        Assert.Equal("interval", list.Versions[0].Source);
        Assert.Null(list.Problem);
    }

    [Fact]
    public async Task A_refused_configuration_says_why_and_an_alarm_tells_of_the_third_time()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Reject(new Regex("^display current-configuration$"), "Error: You do not have permission to run the command."));
        await DueAsync(name);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await UntilAsync(async () => (await DatabaseAsync<int>($"select attempts from configuration_fetch where switch_id = {IdOf(name)} and attempts >= {attempt}")).Count > 0);
            await lab.SqlAsync($"update configuration_fetch set due_at = now() where switch_id = {IdOf(name)}", _ct);
        }

        Assert.Contains("do not have permission", (await ListAsync(name)).Problem);
        Assert.Contains(await lab.AlarmsAsync(name, _ct), a => a.What.StartsWith($"The configuration of {name}", StringComparison.Ordinal));
        Assert.Empty((await ListAsync(name)).Versions);
        await lab.Client.GetProblemAsync(HttpStatusCode.NotFound, $"/api/v1/switches/{name}/configuration", _ct);

        lab.Lab.Control.Clear(name);
        await lab.SqlAsync($"update configuration_fetch set due_at = now() where switch_id = {IdOf(name)}", _ct);
        await KeptAsync(name, 1);
        await UntilAsync(async () => (await lab.AlarmsAsync($"The configuration of {name}", _ct)).Count == 0);
    }

    [Fact]
    public async Task The_tick_marks_managed_switches_once_per_interval_and_forgets_old_versions()
    {
        var (name, observed) = (lab.NextSwitch(), lab.NextSwitch());
        var (id, other) = (await IdAsync(name), await IdAsync(observed));
        await lab.SqlAsync($"update switch set mode = 'observe' where id = {other}", _ct);
        var options = new ConfigurationOptions();
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        await ConfigurationRows.SaveAsync(db, id, "sysname old\n#", "interval", now - options.Keep - TimeSpan.FromDays(2), _ct);
        await ConfigurationRows.SaveAsync(db, id, "sysname new\n#", "interval", now - options.Interval, _ct);
        await MarkConfigurationsDue.MarkAsync(db, ["huawei-vrp5"], now, options, _ct);
        var due = await DatabaseAsync<DateTime>($"select due_at from configuration_fetch where switch_id = {id}");
        await MarkConfigurationsDue.MarkAsync(db, ["huawei-vrp5"], now + TimeSpan.FromMinutes(5), options, _ct);

        Assert.Equal(due, await DatabaseAsync<DateTime>($"select due_at from configuration_fetch where switch_id = {id}"));
        Assert.InRange(due[0], now.UtcDateTime.AddSeconds(-1), (now + (options.Interval / 10)).UtcDateTime.AddSeconds(1));
        Assert.Empty(await DatabaseAsync<long>($"select switch_id from configuration_fetch where switch_id = {other}"));
        Assert.Equal("sysname new\n#", (await lab.Client.GetAsync<ConfigurationView>($"/api/v1/switches/{name}/configuration", _ct)).Text);
        Assert.Single((await ListAsync(name)).Versions);
        await lab.SqlAsync($"update switch set mode = 'manage' where id = {other}", _ct);
    }

    [Fact]
    public async Task Thirty_versions_come_back_one_by_one()
    {
        var id = await IdAsync(lab.NextSwitch());
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        var start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(40);
        string Text(int day) => string.Join('\n', Enumerable.Range(0, 50).Select(i => i % 30 == day % 7 ? $" description day {day}" : $"line {i}"));
        for (var day = 0; day < 30; day++)
        {
            Assert.True(await ConfigurationRows.SaveAsync(db, id, Text(day), "interval", start.AddDays(day), _ct));
            Assert.False(await ConfigurationRows.SaveAsync(db, id, Text(day), "interval", start.AddDays(day).AddHours(1), _ct));
        }

        var versions = await ConfigurationRows.VersionsAsync(db, id, _ct);
        Assert.Equal(30, versions.Count);
        foreach (var (day, version) in versions.AsEnumerable().Reverse().Index())
        {
            Assert.Equal(Text(day), await ConfigurationRows.TextAsync(db, id, version.Id, _ct));
            Assert.Equal(TimeSpan.FromHours(1), version.Until - version.Since);
        }
    }

    [Fact]
    public async Task Only_engineering_and_auditors_of_the_district_read_configurations()
    {
        var name = lab.NextSwitch();
        var sales = await lab.Service.ClientAsync("sales", _ct);
        await sales.GetProblemAsync(HttpStatusCode.Forbidden, $"/api/v1/switches/{name}/configurations", _ct);
        var elsewhere = await lab.Service.ClientAsync("engineering", _ct, 9);
        await elsewhere.GetProblemAsync(HttpStatusCode.NotFound, $"/api/v1/switches/{name}/configurations", _ct);
        await lab.Client.GetProblemAsync(HttpStatusCode.UnprocessableEntity, $"/api/v1/switches/{name}/configuration/diff", _ct);
    }

    private static string Moment(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("O"));

    private Task<ConfigurationListView> ListAsync(string name) => lab.Client.GetAsync<ConfigurationListView>($"/api/v1/switches/{name}/configurations", _ct);

    private async Task<ConfigurationListView> KeptAsync(string name, int versions)
    {
        await UntilAsync(async () => (await ListAsync(name)).Versions.Count >= versions);
        return await ListAsync(name);
    }

    private async Task DueAsync(string name)
    {
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(_ct);
        await ConfigurationRows.MakeDueAsync(db, await IdAsync(name), TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1), _ct);
    }

    private async Task UntilAsync(Func<Task<bool>> happened)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await happened();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "It never came.");
            await Task.Delay(100, _ct);
        }
    }

    private static string IdOf(string name) => $"(select id from switch where name = '{name}')";

    private Task<long> IdAsync(string name) => lab.ScalarAsync<long>($"select id from switch where name = '{name}'", _ct);

    private async Task<List<T>> DatabaseAsync<T>(string sql)
    {
        await using var command = lab.Service.Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(_ct);
        var found = new List<T>();
        while (await reader.ReadAsync(_ct))
        {
            found.Add(reader.GetFieldValue<T>(0));
        }

        return found;
    }

    private int Opened(string name) => lab.Lab.WriteLog.Entries.Count(e => e.Switch == name && e is { Channel: "ssh", Kind: ProvisionSvc.DeviceLab.Switches.LogKind.Open });
}
