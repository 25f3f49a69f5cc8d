using System.Net;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Snmp;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Switches;

public class AgentPortsTests
{
    private static readonly DeviceTemplate SnmpOnly = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("snmp-only")!.Template;
    private static readonly DeviceTemplate Vrp5 = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("huawei-vrp5")!.Template;
    private static readonly SwitchEndpoint Endpoint = new("sw1", IPAddress.Loopback, 161, 22, null);
    private static readonly PortName Port = new("sw1", "Port7");

    private readonly ScriptedAgent _agent = new();

    [Theory]
    [InlineData(1, null)]
    [InlineData(1007, "1007")]
    public async Task The_PVID_stands_for_the_access_VLAN_where_the_family_says_so(int pvid, string? vlan)
    {
        _agent.Variables[BridgeMib.Dot1qPvid.Append(7)] = SnmpValue.Gauge32((uint)pvid);

        var reading = await ReadAsync(SnmpOnly);

        Assert.Equal(vlan, reading.Values[IntentField.AccessVlan]);
        Assert.Equal("down", reading.Values[IntentField.AdminStatus]);
        Assert.DoesNotContain(IntentField.AccessVlan, (await ReadAsync(Vrp5)).Values.Keys);
    }

    [Fact]
    public async Task The_PVID_is_SET_by_base_port_and_not_by_ifIndex()
    {
        await new AgentPorts(_agent).SetAsync(Endpoint, ScriptedAgent.Credential, Port, 107, new(PlanSet.Dot1qPvid, "1007"), TestContext.Current.CancellationToken);

        Assert.Equal([new VarBind(BridgeMib.Dot1qPvid.Append(7), SnmpValue.Gauge32(1007))], _agent.Sets);
        Assert.Equal("1007", (await ReadAsync(SnmpOnly)).Values[IntentField.AccessVlan]);
    }

    [Fact]
    public async Task A_port_that_is_no_bridge_port_is_neither_read_nor_SET()
    {
        _agent.Variables.Remove(BridgeMib.Dot1dBasePortIfIndex.Append(7));

        Assert.Equal(DeviceFault.Protocol, (await Assert.ThrowsAsync<DeviceException>(() => ReadAsync(SnmpOnly))).Fault);
        await Assert.ThrowsAsync<DeviceException>(() => new AgentPorts(_agent).SetAsync(
            Endpoint, ScriptedAgent.Credential, Port, 107, new(PlanSet.Dot1qPvid, "1007"), TestContext.Current.CancellationToken));
        Assert.Empty(_agent.Sets);
    }

    [Fact]
    public async Task A_whole_plan_by_SNMP_ends_in_what_it_expects_and_its_reverse_in_what_was_read()
    {
        var before = await ReadAsync(SnmpOnly);
        var lit = new PortIntent(AdminStatus.Up, new VlanId(1007), Alias: CircuitId.Parse("C-1"), RatesElsewhere: true);
        var plan = Assert.IsType<PlanOutcome.Planned>(MakePlan.For(SnmpOnly, Port, PortRole.Customer, lit, before)).Plan;

        await RunAsync(plan);
        Assert.Empty(Compare.Unproven(plan.Expected, await ReadAsync(SnmpOnly)));

        await RunAsync(MakePlan.Reverse(plan));
        Assert.Equal(before.Values, (await ReadAsync(SnmpOnly)).Values);
    }

    private async Task RunAsync(DevicePlan plan)
    {
        foreach (var step in plan.Steps)
        {
            await new AgentPorts(_agent).SetAsync(Endpoint, ScriptedAgent.Credential, Port, 107, step.Snmp!, TestContext.Current.CancellationToken);
        }
    }

    private async Task<PortReading> ReadAsync(DeviceTemplate template) =>
        (await new AgentPorts(_agent).ReadAsync(Endpoint, ScriptedAgent.Credential, template, Port, 107, TestContext.Current.CancellationToken)).Reading;
}
