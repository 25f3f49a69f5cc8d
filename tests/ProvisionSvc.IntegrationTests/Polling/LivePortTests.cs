using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Polling;

/// <summary>Ports as the switch shows them now.</summary>
public sealed class LivePortTests(SmallEngineLab lab) : IClassFixture<SmallEngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_live_reading_shows_now_what_a_sweep_would_show_later()
    {
        var name = lab.NextSwitch();
        var line = lab.Sold(name);
        lab.Lab.Control.EditPort(name, line.IfName, p => p with { Shutdown = true, Description = "by hand" });
        var stored = await PortsAsync($"switch={name}&ifName={line.IfName}");
        var rows = await lab.ScalarAsync<string>("select string_agg(p::text, '' order by p.id) from port p", _ct);

        var live = Assert.Single(await PortsAsync($"switch={name}&ifName={line.IfName}&live=true"));
        Assert.Equal(("down", "by hand", line.CircuitId), (live.AdminStatus, live.Alias, live.Service));
        Assert.Equal(lab.Lab.Control.State(name, line.IfName).IfIndex, live.IfIndex);
        Assert.True(live.ReadAt > TimeProvider.System.GetUtcNow().AddMinutes(-1));
        Assert.NotEqual("by hand", stored.Single().Alias);
        Assert.Equal(rows, await lab.ScalarAsync<string>("select string_agg(p::text, '' order by p.id) from port p", _ct));

        var all = await PortsAsync($"switch={name}&live=true");
        Assert.Equal(lab.Lab.Control.State(name).Ports.Select(p => (p.IfName, p.AdminUp ? "up" : "down")).ToHashSet(), all.Select(p => (p.IfName, p.AdminStatus!)).ToHashSet());
        Assert.DoesNotContain(lab.Lab.WriteLog.WritesOf(name), w => w.Channel != "control");
    }

    [Fact]
    public async Task A_switch_that_is_silent_is_said_to_be()
    {
        var name = lab.NextSwitch();
        lab.Lab.Control.Tell(name, new Fault.Unreachable());
        using var answer = await lab.Client.GetAsync($"/api/v1/ports?switch={name}&live=true", _ct);
        var problem = await answer.Problem(HttpStatusCode.BadGateway, _ct);
        Assert.Equal("switch-unreachable", problem.Code);
        Assert.Contains(name, problem.Title);
    }

    [Fact]
    public async Task An_unknown_switch_is_not_asked()
    {
        using var answer = await lab.Client.GetAsync("/api/v1/ports?switch=nowhere&live=true", _ct);
        Assert.Equal("unknown-switch", (await answer.Problem(HttpStatusCode.NotFound, _ct)).Code);
    }

    private Task<IReadOnlyList<PortView>> PortsAsync(string query) => lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?{query}", _ct);
}
