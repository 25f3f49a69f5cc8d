using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>The lab itself, configured by hand: what the tests of the service stand on.</summary>
[Collection(RealSwitches.Name)]
public sealed class RealLabTests(RealLab lab)
{
    private const int Vlan = 101;
    private const int Sold = 20;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_configured_by_hand_carries_the_sold_rate_each_way_and_nothing_before_or_after()
    {
        lab.Require();
        var on = lab.Switches[0];
        var customer = on.CustomerAt("p1");
        Assert.Equal(0, await lab.PingAsync(customer, Vlan, 1, Ct));

        await TypeAsync(on, $"ovs-vsctl set port p1 vlan_mode=access tag={Vlan}");
        await TypeAsync(on, $"ovs-vsctl --if-exists destroy qos p1 -- --id=@q create qos type=linux-htb other_config:max-rate={Sold}000000 -- set port p1 qos=@q");
        await TypeAsync(on, $"ovs-ofctl -O OpenFlow13 add-meter br0 meter=1,kbps,burst,band=type=drop,rate={Sold}000,burst_size={Sold * 250}");
        await TypeAsync(on, "ovs-ofctl -O OpenFlow13 add-flow br0 priority=100,in_port=p1,actions=meter:1,NORMAL");
        await TypeAsync(on, "ip link set dev p1 up");

        await lab.RequireAnswerAsync(customer, Vlan, Ct);
        Assert.Equal(0, await lab.PingAsync(customer, Vlan + 1, 1, Ct));
        await lab.RequireSoldRateAsync(customer, Vlan, LabTraffic.Direction.Down, Sold, Ct);
        await lab.RequireSoldRateAsync(customer, Vlan, LabTraffic.Direction.Up, Sold, Ct);

        await TypeAsync(on, "ip link set dev p1 down");
        await TypeAsync(on, "ovs-ofctl -O OpenFlow13 del-meter br0 meter=1");
        await TypeAsync(on, "ovs-vsctl --if-exists destroy qos p1 -- clear port p1 qos");
        await TypeAsync(on, "ovs-vsctl set port p1 vlan_mode=access -- clear port p1 tag");
        Assert.Equal(0, await lab.PingAsync(customer, Vlan, 1, Ct));
    }

    [Fact]
    public async Task The_agent_of_each_switch_names_its_ports()
    {
        lab.Require();
        var snmpwalk = Requires.Program("snmpwalk", "snmp");
        foreach (var on in lab.Switches)
        {
            var names = await BoundedCommand.RunAsync(TimeSpan.FromSeconds(20), Ct,
                [snmpwalk, "-m", "", "-v2c", "-c", on.ReadCommunity, "-Oqv", $"{on.Address}:{on.SnmpPort}", "1.3.6.1.2.1.31.1.1.1.1"]);
            Assert.Superset(on.Ports.Select(p => $"\"{p.Name}\"").Append($"\"{on.Uplink}\"").ToHashSet(), names.Succeeded().Split('\n').ToHashSet());
        }
    }

    [Fact]
    public async Task A_lab_leaves_nothing_behind()
    {
        lab.Require(); // what a second lab needs, the first needed too
        var second = new RealLab();
        await second.InitializeAsync();
        var (prefix, state) = (second.Description.Prefix, second.State);
        Assert.Contains(prefix, await NamespacesAsync(), StringComparison.Ordinal);

        await second.DisposeAsync();

        Assert.DoesNotContain(prefix, await NamespacesAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain($"pl-{prefix[5..]}", (await BoundedCommand.RunAsync(Second * 20, Ct, ["ip", "link", "show"])).Succeeded(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(state), $"{state} is still there");
        Assert.DoesNotContain(ProcessesNaming(state), _ => true);
    }

    private async Task TypeAsync(LabSwitch on, string line) => (await lab.TypeAsync(on, line, Ct)).Succeeded();

    private static async Task<string> NamespacesAsync() => (await BoundedCommand.RunAsync(Second * 20, Ct, ["ip", "netns", "list"])).Succeeded();

    private static IEnumerable<string> ProcessesNaming(string state) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let file = Path.Combine(folder, "cmdline")
        where char.IsAsciiDigit(Path.GetFileName(folder)[0]) && File.Exists(file)
        let text = ReadOrEmpty(file)
        where text.Contains(state, StringComparison.Ordinal)
        select text;

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // it has just ended
        }
    }
}
