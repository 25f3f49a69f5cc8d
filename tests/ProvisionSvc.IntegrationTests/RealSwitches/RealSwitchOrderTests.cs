using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>
/// The whole road on real switches: what a customer can send and receive before and after every order. Once typed on the terminal, once with the admin
/// status by SNMP SET; each is proven by the other channel.
/// </summary>
[Collection(RealSwitches.Name)]
public sealed class RealSwitchOrderTests(RealLab lab, PostgresFixture postgres)
{
    private const int Sold = 20;
    private const string Port = "p1";
    private const string NeighbourPort = "p2";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sw1", "terminal", "snmp")]
    [InlineData("sw2", "snmp", "terminal")]
    public async Task A_line_passes_traffic_while_it_is_lit_and_paid_and_only_then(string on, string adminStatusBy, string provenBy)
    {
        lab.Require();
        await using var service = await StartServiceAsync(on, adminStatusBy);
        var real = lab.Description.Switch(on);
        var number = real.Name[2..];

        // The neighbour is lit first, and pings through every order of the customer; not while a measurement fills the switch, which runs on our own CPU.
        var neighbourVlan = await ActivateAsync(service, $"N-{number}", $"LAB-ACC-{number}-2", on, NeighbourPort);
        var neighbour = real.CustomerAt(NeighbourPort);
        await lab.RequireAnswerAsync(neighbour, neighbourVlan, Ct);
        var circuit = $"C-{number}";
        var customer = real.CustomerAt(Port);
        foreach (var vlan in lab.Description.Gateway.Vlans)
        {
            Assert.Equal(0, await lab.PingAsync(customer, vlan.Id, 1, Ct));
        }

        int sold;
        using (var ping = lab.StartPing(neighbour, neighbourVlan))
        {
            sold = await ActivateAsync(service, circuit, $"LAB-ACC-{number}-1", on, Port);
            await lab.RequireAnswerAsync(customer, sold, Ct);
            await NothingIsLostAsync(ping);
        }

        await lab.RequireSoldRateAsync(customer, sold, LabTraffic.Direction.Down, Sold, Ct);
        await lab.RequireSoldRateAsync(customer, sold, LabTraffic.Direction.Up, Sold, Ct);

        using var neighbourPing = lab.StartPing(neighbour, neighbourVlan);
        var suspended = await OrderAsync(service, new() { ExternalId = "s", Action = "suspend", Service = circuit, Hold = "unpaid" });
        Assert.Equal(("down", provenBy), AdminStatus(suspended));
        Assert.Equal(0, await lab.PingAsync(customer, sold, 5, Ct));

        var resumed = await OrderAsync(service, new() { ExternalId = "r", Action = "resume", Service = circuit, Hold = "unpaid" });
        Assert.Equal(("up", provenBy), AdminStatus(resumed));
        await lab.RequireAnswerAsync(customer, sold, Ct);

        await OrderAsync(service, new() { ExternalId = "d", Action = "disconnect", Service = circuit });
        Assert.Equal(0, await lab.PingAsync(customer, sold, 3, Ct));
        await NothingIsLeftAsync(real);

        await NothingIsLostAsync(neighbourPing);
        await OrderAsync(service, new() { ExternalId = "nd", Action = "disconnect", Service = $"N-{number}" });
    }

    private static async Task NothingIsLostAsync(LabTraffic.RunningPing ping)
    {
        var (sent, received) = await ping.StopAsync(Ct);
        Assert.True(sent >= 5 && sent == received, $"The neighbour sent {sent} pings and received {received} answers.");
    }

    private async Task<RunningTestService> StartServiceAsync(string on, string adminStatusBy)
    {
        var service = await RunningTestService.StartAsync(postgres, Ct, $"--Provision:ManagementPrefixes:0={lab.Description.ManagementPrefix}");
        var real = lab.Description.Switch(on);
        await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/lab", new SetCredentialRequest
        {
            User = real.User, PrivateKey = await File.ReadAllTextAsync(real.KeyFile, Ct), SnmpReadCommunity = real.ReadCommunity, SnmpWriteCommunity = real.WriteCommunity,
        }, Ct);
        var files = Directory.GetFiles(lab.Description.Inventory, "*.csv").ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        await service.Administrator.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, Ct);
        var adopted = await service.Administrator.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, Ct);
        Assert.All(adopted.Switches, s => Assert.True(s.Adopted, s.Problem));
        await service.Administrator.PutAsync<SwitchView>($"/api/v1/switches/{on}/mode", new SetSwitchModeRequest("manage", AdminStatusBy: adminStatusBy), Ct);
        return service;
    }

    /// <summary>Lights a line and returns the VLAN that the service chose.</summary>
    private static async Task<int> ActivateAsync(RunningTestService service, string circuit, string account, string on, string port)
    {
        var order = await OrderAsync(service, new()
        {
            ExternalId = $"a-{circuit}", Action = "activate", Service = circuit, Account = account, Switch = on, IfName = port, RateDownMbps = Sold,
        });
        return int.Parse(order.Items[0].Proof!.Fields.Single(f => f.Field == "accessVlan").Value!);
    }

    /// <summary>Places an order and follows it to its proof.</summary>
    private static async Task<OrderView> OrderAsync(RunningTestService service, PlaceOrderRequest request)
    {
        using var answer = await service.Administrator.PostAsJsonAsync("/api/v1/orders", request, Ct);
        var order = await answer.Created<OrderView>(Ct);
        for (var tries = 0; tries < 300 && order.FinishedAt is null; tries++)
        {
            await Task.Delay(200, Ct);
            order = await service.Administrator.GetAsync<OrderView>($"/api/v1/orders/{order.Id}", Ct);
        }

        Assert.True(order.State == "completed", $"{request.Action} {request.Service} is {order.State}/{order.Reason}: {order.ReasonText}");
        Assert.NotNull(order.Items[0].Proof);
        return order;
    }

    private static (string? Value, string Channel) AdminStatus(OrderView order)
    {
        var field = order.Items[0].Proof!.Fields.Single(f => f.Field == "adminStatus");
        return (field.Value, field.Channel);
    }

    /// <summary>Read by hand, not by the service.</summary>
    private async Task NothingIsLeftAsync(LabSwitch on)
    {
        Assert.Equal("[]", (await lab.TypeAsync(on, $"ovs-vsctl get port {Port} tag", Ct)).Succeeded().Trim());
        Assert.Equal("access", (await lab.TypeAsync(on, $"ovs-vsctl get port {Port} vlan_mode", Ct)).Succeeded().Trim());
        Assert.Equal("[]", (await lab.TypeAsync(on, $"ovs-vsctl get port {Port} qos", Ct)).Succeeded().Trim());
        Assert.Equal("{}", (await lab.TypeAsync(on, $"ovs-vsctl get port {Port} external_ids", Ct)).Succeeded().Trim());
        Assert.DoesNotContain("alias", (await lab.TypeAsync(on, $"ip -o link show dev {Port}", Ct)).Succeeded(), StringComparison.Ordinal);
        var number = (await lab.TypeAsync(on, $"ovs-vsctl get interface {Port} ofport", Ct)).Succeeded().Trim();
        Assert.DoesNotContain($"in_port={number},", (await lab.TypeAsync(on, "ovs-ofctl -O OpenFlow13 --no-names dump-flows br0", Ct)).Succeeded(), StringComparison.Ordinal);
        Assert.DoesNotContain($"meter={number} ", (await lab.TypeAsync(on, "ovs-ofctl -O OpenFlow13 dump-meters br0", Ct)).Succeeded(), StringComparison.Ordinal);
    }
}
