using System.Net;
using System.Text;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Qualification;

public sealed class QualificationTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SmallCity.Default.ImportAsync(fixture.Service.Administrator, _ct);

    public async ValueTask DisposeAsync() => await fixture.Service.Database.ExecuteAsync("truncate district, customer, service_order, alarm, audit cascade", _ct);

    [Fact]
    public async Task A_building_with_room_is_qualified_with_the_port_and_vlan()
    {
        var view = await AskAsync("b1", 100);
        Assert.Equal((true, "b1-sw2", "GigabitEthernet0/0/1", 101, 11), (view.Qualified, view.Switch, view.IfName, view.Vlan, view.FreePorts));
    }

    [Fact]
    public async Task A_port_is_not_free_while_it_is_lit_by_hand_missing_attached_or_its_switch_is_locked()
    {
        await fixture.Service.Database.ExecuteAsync(
            """
            update port p set seen_admin = 'up' from switch w where w.id = p.switch_id and w.name = 'b2-sw1' and if_name = 'GigabitEthernet0/0/2';
            update port p set missing_since = now() from switch w where w.id = p.switch_id and w.name = 'b2-sw1' and if_name = 'GigabitEthernet0/0/3';
            """,
            _ct);
        var view = await AskAsync("b2", 10);
        Assert.Equal(("GigabitEthernet0/0/4", 3), (view.IfName, view.FreePorts));
        await fixture.Service.Database.ExecuteAsync("insert into lane (switch_id, locked_reason) select id, 'x' from switch where name = 'b2-sw1'", _ct);
        Assert.Equal(["no-free-port"], (await AskAsync("b2", 10)).Shortfalls.Select(s => s.Code));
    }

    [Fact]
    public async Task Every_shortfall_is_said()
    {
        await fixture.Service.Database.ExecuteAsync("update node set vlan_last = 100 where name = 'n2'", _ct);
        var view = await AskAsync("b2", 1801);
        Assert.False(view.Qualified);
        Assert.Equal(["port-too-slow", "node-oversubscribed", "no-vlan"], view.Shortfalls.Select(s => s.Code));
    }

    [Fact]
    public async Task A_building_without_a_switch_says_so() => Assert.Equal(["no-switch"], (await AskAsync("b3", 10)).Shortfalls.Select(s => s.Code));

    [Fact]
    public async Task An_unknown_building_is_404()
    {
        var problem = await fixture.Service.Administrator.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/qualifications", new QualifyRequest { Building = "b9", Mbps = 1 }, _ct);
        Assert.Equal("unknown-building", problem.Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("0.0001")]
    [InlineData("1e12")]
    [InlineData("1e40")]
    [InlineData("\"ten\"")]
    [InlineData("null")]
    public async Task What_is_no_rate_is_refused(string mbps)
    {
        using var body = new StringContent($"{{\"building\":\"b1\",\"mbps\":{mbps}}}", Encoding.UTF8, "application/json");
        using var answer = await fixture.Service.Administrator.PostAsync("/api/v1/qualifications", body, _ct);
        Assert.Equal("mbps", Assert.Single((await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct)).Faults).Field);
    }

    private Task<QualificationView> AskAsync(string building, decimal mbps) =>
        fixture.Service.Administrator.PostAsync<QualificationView>("/api/v1/qualifications", new QualifyRequest { Building = building, Mbps = mbps }, _ct);
}
