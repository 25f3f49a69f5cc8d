using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Inventory;

public sealed class ViewTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private HttpClient Administrator => fixture.Service.Administrator;

    public async ValueTask InitializeAsync() => await SmallCity.Default.ImportAsync(Administrator, _ct);

    public async ValueTask DisposeAsync() => await fixture.Service.Database.ExecuteAsync("truncate district, customer, service_order, alarm, audit cascade", _ct);

    [Fact]
    public async Task A_node_shows_what_it_has_sold_and_what_is_left()
    {
        var nodes = await Administrator.GetAsync<IReadOnlyList<NodeView>>("/api/v1/nodes", _ct);
        Assert.Equal([new("n1", 1, 10000, 4, 100, 100, 199, 1, 2, 2), new("n2", 2, 1000, 2, 200, 100, 199, 1, 1, 1)], nodes);
        Assert.Equal(nodes[1], await Administrator.GetAsync<NodeView>("/api/v1/nodes/n2", _ct));
    }

    [Fact]
    public async Task A_vlan_stays_used_for_a_day_after_its_line_has_ended()
    {
        await fixture.Service.Database.ExecuteAsync("update service_attachment set ended_at = now() - interval '23 hours' where vlan = 100", _ct);
        Assert.Equal([(0m, 1), (0m, 1)], (await Administrator.GetAsync<IReadOnlyList<NodeView>>("/api/v1/nodes", _ct)).Select(n => (n.CommittedMbps, n.VlansUsed)));
        await fixture.Service.Database.ExecuteAsync("update service_attachment set ended_at = now() - interval '25 hours' where vlan = 100", _ct);
        Assert.All(await Administrator.GetAsync<IReadOnlyList<NodeView>>("/api/v1/nodes", _ct), n => Assert.Equal(0, n.VlansUsed));
    }

    [Fact]
    public async Task A_switch_shows_its_place_its_ways_and_its_ports()
    {
        var view = await Administrator.GetAsync<SwitchView>("/api/v1/switches/b1-sw1", _ct);
        Assert.Equal(
            ("b1", "n1", "huawei-vrp5", "127.10.0.1", 1161, 1022, "lab", "S1"),
            (view.Building, view.Node, view.Template, view.Address, view.SnmpPort, view.SshPort, view.Credential, view.Serial));
        Assert.Equal(("observe", 8, 0, 5, "unknown"), (view.Mode, view.Ports, view.PortsLit, view.PortsFree, view.Reachability));
        Assert.Equal(["b1-sw1", "b1-sw2"], (await Administrator.GetAsync<IReadOnlyList<SwitchView>>("/api/v1/switches?building=b1", _ct)).Select(s => s.Name));
    }

    [Fact]
    public async Task A_locked_lane_shows_as_locked_with_its_reason_and_no_free_port()
    {
        await fixture.Service.Database.ExecuteAsync("insert into lane (switch_id, locked_reason, locked_at) select id, 'looks odd', now() from switch where name = 'b1-sw1'", _ct);
        var view = await Administrator.GetAsync<SwitchView>("/api/v1/switches/b1-sw1", _ct);
        Assert.Equal(("locked", "looks odd", 0), (view.Mode, view.LockedReason, view.PortsFree));
    }

    [Fact]
    public async Task A_port_shows_what_it_should_be_what_it_was_seen_to_be_and_what_it_carries()
    {
        await fixture.Service.Database.ExecuteAsync(
            """
            update port set seen_admin = 'up', seen_oper = 'down', seen_alias = 'circuit-1', if_index = 7, read_at = now() where if_name = 'GigabitEthernet0/0/1';
            insert into port_intent (port_id, version, admin_status, access_vlan, rate_down_kbps, rate_up_kbps, alias, rates_elsewhere, expected, derived_at)
            select port_id, 3, 'down', vlan, a.rate_down_kbps, a.rate_up_kbps, 'circuit-1', false, '{}', now() from service_attachment a join service s on s.id = a.service_id where circuit_id = 'circuit-1';
            insert into hold (service_id, kind, owner, reason, since) select id, 'unpaid', 'billing', 'February', now() from service where circuit_id = 'circuit-1';
            insert into drift (port_id, class, expected, seen, since, last_seen) select port_id, 'adminStatus', 'down', 'up', now(), now() from port_intent;
            insert into drift (port_id, class, expected, seen, since, last_seen, cleared_at) select port_id, 'alias', 'a', 'b', now(), now(), now() from port_intent;
            insert into port_event (port_id, kind, before, after, at) select port_id, 'adminStatus', 'down', 'up', now() from port_intent;
            """,
            _ct);
        var ports = await Administrator.GetAsync<IReadOnlyList<PortView>>("/api/v1/ports?switch=b1-sw1", _ct);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"GigabitEthernet0/0/{i}"), ports.Select(p => p.IfName));

        var port = Assert.Single(await Administrator.GetAsync<IReadOnlyList<PortView>>("/api/v1/ports?switch=b1-sw1&ifName=GigabitEthernet0/0/1", _ct));
        Assert.Equal(("customer", 7, 1000m, "up", "down", "circuit-1"), (port.Role, port.IfIndex, port.SpeedMbps, port.AdminStatus, port.OperStatus, port.Alias));
        Assert.Equal(("circuit-1", "active"), (port.Service, port.ServiceState));
        Assert.Equal(["unpaid"], port.Holds);
        Assert.Equal(new IntentView(3, "down", 100, 100, 50, "circuit-1", false), port.Intent);
        Assert.Equal("adminStatus", Assert.Single(port.Drift).Class);
        Assert.Equal("b1-sw1", Assert.Single(await Administrator.GetAsync<IReadOnlyList<DriftView>>("/api/v1/drift?building=b1", _ct)).Switch);
        Assert.Empty(await Administrator.GetAsync<IReadOnlyList<DriftView>>("/api/v1/drift?switch=b2-sw1", _ct));
        var happened = Assert.Single(await Administrator.GetAsync<IReadOnlyList<PortEventView>>("/api/v1/ports/events?switch=b1-sw1", _ct));
        Assert.Equal(("adminStatus", "down", "up"), (happened.Kind, happened.Before, happened.After));
    }

    [Fact]
    public async Task A_service_shows_its_attachments_and_holds()
    {
        var service = await Administrator.GetAsync<ServiceView>("/api/v1/services/circuit-2", _ct);
        Assert.Equal(("a2", "第二公司", "b2", "g1", "active", 200m, 200m),
            (service.Account, service.Customer, service.Building, service.Group, service.State, service.RateDownMbps, service.RateUpMbps));
        Assert.Equal([new AttachmentView("b2-sw1", "GigabitEthernet0/0/1", 100, false, 200, 200, false)], service.Attachments);
    }

    [Fact]
    public async Task Whoever_sells_in_one_district_sees_nothing_of_another_T2()
    {
        using var east = await fixture.Service.ClientAsync(Roles.Sales, _ct, 1);
        Assert.Equal(["n1"], (await east.GetAsync<IReadOnlyList<NodeView>>("/api/v1/nodes", _ct)).Select(n => n.Name));
        Assert.Equal(["b1-sw1", "b1-sw2"], (await east.GetAsync<IReadOnlyList<SwitchView>>("/api/v1/switches", _ct)).Select(s => s.Name));
        foreach (var foreign in (string[])["nodes/n2", "switches/b2-sw1", "ports?switch=b2-sw1", "ports?switch=b2-sw1&ifName=GigabitEthernet0/0/1", "services/circuit-2"])
        {
            using var answer = await east.GetAsync($"/api/v1/{foreign}", _ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        await east.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/qualifications", new QualifyRequest { Building = "b2", Mbps = 10 }, _ct);
        Assert.True((await east.PostAsync<QualificationView>("/api/v1/qualifications", new QualifyRequest { Building = "b1", Mbps = 10 }, _ct)).Qualified);
    }
}
