using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Bad input: a clear answer that names the thing, and nothing is touched.</summary>
public sealed class OrderInputTests(SmallEngineLab lab) : IClassFixture<SmallEngineLab>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private long _orders;

    private string Switch => lab.Lab.Switches[0].Name;

    public async ValueTask InitializeAsync() => _orders = await OrdersAsync();

    /// <summary>No refused order leaves a row, and no switch is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(_orders, await OrdersAsync());
        Assert.Empty(lab.Lab.WriteLog.WritesOf(Switch));
    }

    [Fact]
    public Task An_unknown_port_is_named() => RefusedAsync(Activate() with { IfName = "GigabitEthernet0/0/99" }, "unknown-port", $"{Switch} GigabitEthernet0/0/99");

    [Fact]
    public Task An_unknown_switch_is_named() => RefusedAsync(Activate() with { Switch = "sw-nowhere-1" }, "unknown-port", "sw-nowhere-1");

    [Fact]
    public Task An_unknown_service_is_named() => RefusedAsync(Place.Suspend("T-NOBODY"), "unknown-service", "T-NOBODY");

    [Fact]
    public Task An_unknown_account_is_named() => RefusedAsync(Activate() with { Account = "A-NOBODY" }, "unknown-account", "A-NOBODY");

    [Fact]
    public Task An_unknown_building_is_named() => RefusedAsync(Activate() with { Switch = null, IfName = null, Building = "Nowhere" }, "unknown-building", "Nowhere");

    [Fact]
    public async Task A_template_that_is_not_loaded_is_named()
    {
        await lab.SqlAsync($"update switch set template = 'acme-os' where name = '{Switch}'", _ct);
        try
        {
            await RefusedAsync(Activate(), "unknown-template", "acme-os");
        }
        finally
        {
            await lab.SqlAsync($"update switch set template = 'huawei-vrp5' where name = '{Switch}'", _ct);
        }
    }

    [Fact]
    public Task An_uplink_is_never_written() => RefusedAsync(
        Activate() with { IfName = lab.Lab.Control.State(Switch).Ports.First(p => p.Role == "uplink").IfName }, "port-not-customer", "uplink");

    [Fact]
    public Task A_speed_above_the_port_is_refused() => RefusedAsync(Activate() with { RateDownMbps = 2000 }, "rate-above-port", "do not fit");

    [Fact]
    public Task A_second_attachment_on_a_port_needs_a_trunk() =>
        RefusedAsync(Activate() with { IfName = lab.Sold(Switch).IfName }, "port-occupied", lab.Sold(Switch).CircuitId);

    [Fact]
    public Task A_second_attachment_of_a_service_is_refused() =>
        RefusedAsync(Activate() with { Service = lab.Sold(Switch).CircuitId }, "service-attached", lab.Sold(Switch).IfName);

    [Theory]
    [InlineData("T-1\nshutdown")]
    [InlineData("T-1\r")]
    [InlineData("T-1\0")]
    [InlineData("T-1\u001b[A")]
    [InlineData("T-1\u2028x")]
    [InlineData("T-1?")]
    [InlineData("-T")]
    [InlineData("")]
    public async Task A_circuit_id_that_could_end_a_line_is_refused(string circuit)
    {
        var problem = await RefusedAsync(Activate() with { Service = circuit }, "invalid-circuit-id", "is not a circuit id");
        Assert.DoesNotContain(problem.Faults.Single().Message, char.IsControl);
    }

    [Theory]
    [InlineData("vlan")]
    [InlineData("rateDownMbps")]
    [InlineData("account")]
    [InlineData("ifName")]
    public Task A_field_of_another_order_is_misplaced(string field) => RefusedAsync(
        field switch
        {
            "vlan" => Place.Suspend(lab.Sold(Switch).CircuitId) with { Vlan = 5 },
            "rateDownMbps" => Place.Suspend(lab.Sold(Switch).CircuitId) with { RateDownMbps = 5 },
            "account" => Place.Suspend(lab.Sold(Switch).CircuitId) with { Account = lab.Account },
            _ => Place.Suspend(lab.Sold(Switch).CircuitId) with { IfName = "x" },
        },
        "misplaced-member", field);

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var form = await FaultsAsync(new()
        {
            ExternalId = "a\tb", Action = "activate", Service = "x y", Hold = "unpaid", Switch = Switch, Vlan = 4095, RateDownMbps = -1, Why = "a\nb",
        });
        Assert.Equal(
            ["half-a-port ifName", "invalid-circuit-id service", "invalid-external-id externalId", "invalid-rate rateDownMbps", "invalid-vlan vlan", "invalid-why why", "misplaced-member hold"],
            form);
        var sense = await FaultsAsync(Activate() with { Account = "A-NOBODY", IfName = "GigabitEthernet0/0/99", RateDownMbps = null });
        Assert.Equal(["missing-rate rateDownMbps", "unknown-account account", "unknown-port ifName"], sense);
        var port = await FaultsAsync(Activate() with { IfName = lab.Sold(Switch).IfName, RateDownMbps = 2000 });
        Assert.Contains("port-occupied port", port);
        Assert.Contains("rate-above-port rateDownMbps", port);
    }

    [Fact]
    public async Task A_member_that_is_not_known_is_refused()
    {
        var problem = await lab.Client.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/v1/orders", new { externalId = Place.Key(), action = "suspend", service = lab.Sold(Switch).CircuitId, hold = "unpaid", state = "completed" }, _ct);
        Assert.Contains("state", Assert.Single(problem.Faults).Message);
    }

    [Fact]
    public async Task A_dry_run_is_refused_as_the_order_would_be()
    {
        var problem = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders?dryRun=true", Activate() with { RateDownMbps = 2000 }, _ct);
        Assert.Contains(problem.Faults, f => f.Code == "rate-above-port");
    }

    private PlaceOrderRequest Activate() => Place.Activate(Place.Key(), lab.Account, Switch, lab.FreePort(Switch));

    private async Task<ProblemView> RefusedAsync(PlaceOrderRequest request, string code, string naming)
    {
        var problem = await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", request, _ct);
        var fault = Assert.Single(problem.Faults);
        Assert.Equal(code, fault.Code);
        Assert.Contains(naming, fault.Message, StringComparison.Ordinal);
        return problem;
    }

    private async Task<IEnumerable<string>> FaultsAsync(PlaceOrderRequest request) =>
        (await lab.Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders", request, _ct)).Faults.Select(f => $"{f.Code} {f.Field}").Order(StringComparer.Ordinal);

    private Task<long> OrdersAsync() => lab.ScalarAsync<long>("select (select count(*) from service_order) + (select count(*) from service)", _ct);
}
