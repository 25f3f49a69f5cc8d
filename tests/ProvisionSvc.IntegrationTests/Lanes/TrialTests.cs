using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Configurations;
using ProvisionSvc.Contracts;
using ProvisionSvc.Credentials;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Lanes;
using ProvisionSvc.Scheduling;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>Families that try a change out: whatever happens between its beginning and its end, the switch ends up with all of it, proven and saved, or as it was.</summary>
public sealed class TrialTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Switch = "b1-sw2";
    private const string SameSession = "confirm: { begin: [commit trial 5], keep: [commit], within: 5s, sameSession: true }";
    private const string NewSession = "confirm: { begin: [commit trial 5], keep: [commit], within: 5s }";
    private static readonly LaneOptions Options = new() { LeaseTtl = TimeSpan.FromSeconds(4), LeaseMargin = TimeSpan.FromSeconds(1), ProofPatience = TimeSpan.FromSeconds(0.3) };

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _templates = Directory.CreateTempSubdirectory("provision-templates-");
    private readonly string _circuit = Place.Key();
    private RunningTestService? _service;

    private RunningTestService Service => _service!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _templates.Delete(recursive: true);
    }

    [Fact]
    public async Task A_change_is_begun_on_trial_proven_kept_in_the_same_session_and_saved_in_another()
    {
        var device = new TrialSwitch();
        var order = await PlaceAsync(SameSession);
        await RunAsync(device);

        await ProvenAsync(order, device);
        var lines = device.Typed.Where(l => !l.Contains("display")).ToList();
        Assert.Equal("1: undo shutdown", lines[lines.IndexOf("1: commit trial 5") - 2]);
        Assert.Contains("1: commit", lines);
        Assert.Contains("2: save", lines);
        Assert.Equal(1, device.MostOpenAtOnce);
        Assert.Equal(["commit trial 5", "commit", "save"], await JournalAsync("trial", "startup"));
    }

    [Fact]
    public async Task Where_any_session_may_keep_it_a_new_one_does()
    {
        var device = new TrialSwitch { SessionBound = false };
        var order = await PlaceAsync(NewSession);
        await RunAsync(device);

        await ProvenAsync(order, device);
        Assert.Contains("2: commit", device.Typed);
        Assert.Contains("3: save", device.Typed);
        Assert.Equal(1, device.MostOpenAtOnce);
    }

    [Fact]
    public async Task Where_lines_run_at_once_the_trial_begins_before_them()
    {
        var device = new TrialSwitch { RunsAtOnce = true };
        var order = await PlaceAsync(NewSession.Replace("5s }", "5s, mayFail: true }", StringComparison.Ordinal), candidate: false);
        await RunAsync(device);

        await ProvenAsync(order, device);
        Assert.True(device.Typed.IndexOf("1: commit trial 5") < device.Typed.IndexOf("1: undo shutdown"));
    }

    [Fact]
    public async Task A_release_that_knows_no_trial_is_written_without()
    {
        var device = new TrialSwitch { RunsAtOnce = true, Fault = (line, _) => line.StartsWith("commit", StringComparison.Ordinal) ? new LineResult.Rejected("", "% Unrecognized command") : null };
        var order = await PlaceAsync(NewSession.Replace("5s }", "5s, mayFail: true }", StringComparison.Ordinal), candidate: false);
        await RunAsync(device);

        await ProvenAsync(order, device);
        Assert.Single(device.Typed, l => l.Contains("commit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_proven_the_switch_takes_back_by_itself()
    {
        var device = new TrialSwitch { Fault = (line, _) => line == "undo shutdown" ? new LineResult.Confirmed("") : null };
        var order = await PlaceAsync(SameSession);
        await RunAsync(device);

        var failed = await Service.Administrator.GetAsync<OrderView>($"/api/v1/orders/{order}", _ct);
        Assert.Equal(("failed", "not-proven"), (failed.State, failed.Reason));
        Assert.Equal(new TrialSwitch.Config(false, null, null), device.Running);
        Assert.DoesNotContain(device.Typed, l => l.EndsWith(": commit", StringComparison.Ordinal));
        Assert.Null(await TrialUntilAsync());
    }

    /// <summary>What a worker that died has begun the next one neither takes for lasting nor changes; then it starts from what the switch has gone back to.</summary>
    [Theory]
    [InlineData("commit trial 5")]
    [InlineData("commit")]
    [InlineData("display current-configuration interface GigabitEthernet0/0/1")]
    public async Task A_worker_that_dies_during_the_trial_leaves_it_to_the_switch(string where)
    {
        var begun = false;
        var device = new TrialSwitch();
        device.Fault = (line, execute) =>
        {
            begun |= line == "commit trial 5";
            if (!begun || line != where)
            {
                return null;
            }

            if (where == "commit trial 5")
            {
                execute();
            }

            throw new KilledException();
        };
        var order = await PlaceAsync(SameSession);
        await Assert.ThrowsAsync<KilledException>(() => RunAsync(device));
        Assert.True(device.IsOnTrial);
        Assert.True(device.Running.Up);

        device.Fault = (_, _) => null;
        var typed = device.Typed.Count;
        await RunAsync(device);
        Assert.Equal(typed, device.Typed.Count);
        Assert.Equal("interrupted", (await Service.Administrator.GetAsync<OrderView>($"/api/v1/orders/{order}", _ct)).Items[0].Reason);

        await PassAsync(device);
        Assert.False(device.Running.Up);
        await RunAsync(device);
        await ProvenAsync(order, device);
    }

    /// <summary>Nobody knows whether the trial was begun, or kept: until it must be over, nothing on the switch counts.</summary>
    [Theory]
    [InlineData("commit trial 5", true)]
    [InlineData("commit trial 5", false)]
    [InlineData("commit", true)]
    [InlineData("commit", false)]
    public async Task A_trial_with_an_unknown_outcome_is_waited_out(string line, bool arrived)
    {
        var device = new TrialSwitch();
        device.Fault = (typed, execute) =>
        {
            if (typed != line)
            {
                return null;
            }

            if (arrived)
            {
                execute();
            }

            return new LineResult.Unknown("", "the wire was cut");
        };
        var order = await PlaceAsync(SameSession);
        await RunAsync(device);
        Assert.Equal(("pending", "interrupted"), await StateAsync(order));

        device.Fault = (_, _) => null;
        await PassAsync(device);
        Assert.Equal(line == "commit" && arrived, device.Running.Up);
        await RunAsync(device);
        await ProvenAsync(order, device);
    }

    [Fact]
    public async Task Nothing_is_kept_when_too_little_of_the_time_is_left()
    {
        var device = new TrialSwitch();
        device.Pause = line => device.IsOnTrial && line.StartsWith("display", StringComparison.Ordinal) ? TimeSpan.FromSeconds(4) : TimeSpan.Zero;
        var order = await PlaceAsync(SameSession);
        await RunAsync(device);

        Assert.Equal(("pending", "interrupted"), await StateAsync(order));
        Assert.DoesNotContain("1: commit", device.Typed);
        device.Pause = _ => TimeSpan.Zero;
        await PassAsync(device);
        await RunAsync(device);
        await ProvenAsync(order, device);
    }

    [Fact]
    public async Task A_refused_trial_empties_the_candidate()
    {
        var device = new TrialSwitch { Fault = (line, _) => line == "commit trial 5" ? new LineResult.Rejected("", "Error: No.") : null };
        var order = await PlaceAsync(SameSession);
        await RunAsync(device);

        Assert.Equal(("failed", "rejected-by-device"), await StateAsync(order));
        Assert.Contains("1: clear configuration candidate", device.Typed);
        Assert.Equal(new TrialSwitch.Config(false, null, null), device.Running);
        Assert.Null(await TrialUntilAsync());
    }

    private async Task<long> PlaceAsync(string confirm, bool candidate = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_templates.FullName, "trial")).FullName;
        var yaml = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "device-templates", "huawei-vrp8", "template.yaml"), _ct);
        yaml = System.Text.RegularExpressions.Regex.Replace(yaml, "(?m)^  confirm: .*$", $"  {confirm}")
            .Replace("name: huawei-vrp8", "name: trial", StringComparison.Ordinal)
            .Replace("(?:GE|10GE|25GE|40GE|100GE)", "(?:GigabitEthernet)", StringComparison.Ordinal)
            .Replace("  deadline: 180s\n", "  deadline: 1s\n", StringComparison.Ordinal);
        if (!candidate)
        {
            yaml = yaml.Replace("  commit: [commit]\n", "", StringComparison.Ordinal).Replace("  abort: [clear configuration candidate]\n", "", StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "template.yaml"), yaml, _ct);
        File.Copy(Path.Combine(Checkout.Root, "device-templates", "standard.yaml"), Path.Combine(_templates.FullName, "standard.yaml"), overwrite: true);
        _service = await RunningTestService.StartAsync(
            postgres, _ct, "--Provision:Role=api", "--Provision:ManagementPrefixes:0=127.0.0.0/8", "--Provision:AllowDraftTemplates=true", $"--Provision:TemplatesDirectory={_templates.FullName}");
        var city = SmallCity.Default.With("switches.csv", SmallCity.Default.Files["switches.csv"].Replace(SmallCity.Template, "trial", StringComparison.Ordinal));
        await city.ImportAsync(Service.Administrator, _ct);
        await Service.Administrator.PutAsync<CredentialView>(
            "/api/v1/credentials/lab", new SetCredentialRequest { User = "u", Password = "p", SnmpReadCommunity = "r", SnmpWriteCommunity = "w" }, _ct);
        await Service.Administrator.PutAsync<SwitchView>($"/api/v1/switches/{Switch}/mode", new SetSwitchModeRequest("manage"), _ct);
        var order = Place.Activate(_circuit, "a1", Switch, "GigabitEthernet0/0/1") with { RateEnforcedElsewhere = true, Vlan = 101 };
        using var answer = await Service.Administrator.PostAsJsonAsync("/api/v1/orders", order, _ct);
        return (await answer.Created<OrderView>(_ct)).Id;
    }

    /// <summary>One claim and one run, by a worker of its own.</summary>
    private async Task RunAsync(TrialSwitch device)
    {
        var (db, clock, options) = (Service.Database.DataSource, TimeProvider.System, new OptionsWrapper<LaneOptions>(Options));
        var access = new SwitchAccess(device, new AgentPorts(device), [IPNetwork.Parse("127.0.0.0/8")], AccessRules.None, clock);
        var journal = new Journal(db, clock);
        var write = new WriteItem(journal, access, clock);
        var prove = new ProveItem(access, clock, options);
        var settle = new SettleItem(db, new Compensate(write, access, journal, clock), clock, NullLogger<SettleItem>.Instance);
        var configurations = new KeepConfiguration(db, clock, NullLogger<KeepConfiguration>.Instance);
        var run = new LaneRun(
            db, Service.Get<TemplateCatalog>(), Service.Get<CredentialStore>(), access,
            write, new KeepTrial(prove, settle, journal, clock), new FinishBatch(db, access, prove, settle, journal, configurations, clock), settle,
            new LaneGate(db, Service.Get<CurrentTimetable>(), clock, options, new OptionsWrapper<SchedulingOptions>(new())), clock, options);
        await SqlAsync("update lane set due_at = now(), lease_until = null");
        await using var lease = Assert.Single(await LaneLease.ClaimAsync(db, Options, clock, "worker", 1, _ct));
        await run.RunAsync(lease, _ct);
        await lease.ReleaseAsync(_ct);
    }

    /// <summary>Until the switch has gone back by itself, and we know it.</summary>
    private async Task PassAsync(TrialSwitch device)
    {
        while (device.IsOnTrial || await TrialUntilAsync() > TimeProvider.System.GetUtcNow())
        {
            await Task.Delay(100, _ct);
        }

        await SqlAsync("update order_item set not_before = now()");
    }

    private async Task ProvenAsync(long order, TrialSwitch device)
    {
        Assert.Equal(("completed", "proven"), await StateAsync(order));
        Assert.Equal(new TrialSwitch.Config(true, "101", _circuit), device.Running);
        Assert.Equal(device.Running, device.Saved);
        Assert.False(device.IsOnTrial);
        Assert.True(await TrialUntilAsync() is null || await TrialUntilAsync() <= TimeProvider.System.GetUtcNow());
    }

    private async Task<(string State, string? Reason)> StateAsync(long order)
    {
        var view = await Service.Administrator.GetAsync<OrderView>($"/api/v1/orders/{order}", _ct);
        return (view.State, view.Reason);
    }

    private async Task<DateTimeOffset?> TrialUntilAsync()
    {
        await using var command = Service.Database.DataSource.CreateCommand($"select trial_until from switch where name = '{Switch}'");
        return await command.ExecuteScalarAsync(_ct) is DateTime until ? new DateTimeOffset(until) : null;
    }

    private async Task<List<string>> JournalAsync(params string[] fields)
    {
        await using var command = Service.Database.DataSource.CreateCommand("select line from step_journal where field = any($1) and outcome = 'confirmed' order by id");
        command.Parameters.Add(new NpgsqlParameter { Value = fields });
        await using var rows = await command.ExecuteReaderAsync(_ct);
        var lines = new List<string>();
        while (await rows.ReadAsync(_ct))
        {
            lines.Add(rows.GetString(0));
        }

        return lines;
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = Service.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(_ct);
    }

    private sealed class KilledException : Exception;
}
