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
        await using var service = await RealOrders.StartServiceAsync(lab, postgres, on, adminStatusBy, Ct);
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
        var suspended = await RealOrders.PlaceAsync(service, new() { ExternalId = "s", Action = "suspend", Service = circuit, Hold = "unpaid" }, Ct);
        Assert.Equal(("down", provenBy), AdminStatus(suspended));
        Assert.Equal(0, await lab.PingAsync(customer, sold, 5, Ct));

        var resumed = await RealOrders.PlaceAsync(service, new() { ExternalId = "r", Action = "resume", Service = circuit, Hold = "unpaid" }, Ct);
        Assert.Equal(("up", provenBy), AdminStatus(resumed));
        await lab.RequireAnswerAsync(customer, sold, Ct);

        await RealOrders.PlaceAsync(service, new() { ExternalId = "d", Action = "disconnect", Service = circuit }, Ct);
        Assert.Equal(0, await lab.PingAsync(customer, sold, 3, Ct));
        await NothingIsLeftAsync(real);

        await NothingIsLostAsync(neighbourPing);
        await RealOrders.PlaceAsync(service, new() { ExternalId = "nd", Action = "disconnect", Service = $"N-{number}" }, Ct);
    }

    private static async Task NothingIsLostAsync(LabTraffic.RunningPing ping)
    {
        var (sent, received) = await ping.StopAsync(Ct);
        Assert.True(sent >= 5 && sent == received, $"The neighbour sent {sent} pings and received {received} answers.");
    }

    /// <summary>Lights a line and returns the VLAN that the service chose.</summary>
    private static async Task<int> ActivateAsync(RunningTestService service, string circuit, string account, string on, string port)
    {
        var order = await RealOrders.PlaceAsync(service, new()
        {
            ExternalId = $"a-{circuit}", Action = "activate", Service = circuit, Account = account, Switch = on, IfName = port, RateDownMbps = Sold,
        }, Ct);
        return int.Parse(order.Items[0].Proof!.Fields.Single(f => f.Field == "accessVlan").Value!);
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
