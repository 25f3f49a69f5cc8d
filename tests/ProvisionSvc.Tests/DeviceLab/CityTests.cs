using System.Net;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.City;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.Tests.DeviceLab;

public sealed class CityTests
{
    private static readonly IPAddress Base = new([127, 1, 0, 0]);

    [Fact]
    public void The_same_seed_draws_the_same_city()
    {
        var (one, two) = (CityBuilder.Build(40, 3, 20, 7, Base), CityBuilder.Build(40, 3, 20, 7, Base));
        Assert.Equal(one.Services, two.Services);
        Assert.Equal(one.Nodes, two.Nodes);
        Assert.NotEqual(one.Services, CityBuilder.Build(40, 3, 20, 8, Base).Services);
    }

    [Fact]
    public void Every_address_is_its_own_and_on_loopback()
    {
        var city = CityBuilder.Build(1000, 10, 500, 1, Base);
        Assert.Equal(1000, city.Switches.Select(s => s.Address).Distinct().Count());
        Assert.All(city.Switches, s => Assert.True(IPAddress.IsLoopback(s.Address)));
    }

    [Fact]
    public void A_vlan_of_a_node_is_one_line_or_one_group()
    {
        var city = CityBuilder.Build(40, 3, 20, 1, Base);
        var nodes = city.Buildings.ToDictionary(b => b.Name, b => b.Node, StringComparer.Ordinal);
        foreach (var shared in city.Services.GroupBy(s => (nodes[s.Building], s.Vlan)).Where(g => g.Count() > 1))
        {
            Assert.Single(shared.Select(s => s.Group).Distinct());
            Assert.NotEqual("", shared.First().Group);
        }

        Assert.All(city.Services, s => Assert.InRange(s.Vlan, 1001, 1999));
    }

    [Fact]
    public void There_is_room_in_the_first_building_and_hardly_any_in_the_last()
    {
        var city = CityBuilder.Build(40, 3, 20, 1, Base);
        Assert.True(Free(city, "B001") > 30);
        Assert.Equal(2, Free(city, "B020"));
    }

    [Fact]
    public void The_last_node_is_nearly_sold_out_and_no_node_is_oversold()
    {
        var city = CityBuilder.Build(40, 3, 20, 1, Base);
        var room = city.Nodes.Select(n => (n.UplinkMbps * n.Oversubscription) - city.Services.Where(s => city.Buildings.First(b => b.Name == s.Building).Node == n.Name).Sum(s => s.DownMbps)).ToList();
        Assert.All(room, r => Assert.True(r > 0));
        Assert.True(room[^1] < 1000 && room[0] > 10000);
    }

    [Fact]
    public async Task The_inventory_says_what_the_switches_are_configured_with()
    {
        var folder = Directory.CreateTempSubdirectory("lab-inventory-").FullName;
        await using var lab = await TestLab.StartAsync(o => o with { InventoryDirectory = folder, Switches = 4 });
        var services = Rows(folder, "services.csv").ToDictionary(r => r[0], StringComparer.Ordinal);
        var attachments = Rows(folder, "attachments.csv").ToList();
        Assert.Equal(lab.Host.City.Services.Count, attachments.Count);
        foreach (var row in attachments)
        {
            var port = lab.Host.Control.State(row[1], row[2]);
            var service = services[row[0]];
            Assert.Equal((row[0], row[3], true), (port.Description, $"{port.DefaultVlan}", port.AdminUp));
            Assert.Equal(($"{port.OutboundKbps / 1000}", $"{port.InboundKbps / 1000}"), (service[4], service[5]));
        }

        var lit = lab.Host.Switches.SelectMany(s => lab.Host.Control.State(s.Name).Ports).Count(p => p.Role == "customer" && p.AdminUp);
        Assert.Equal(attachments.Count, lit);
        Assert.Equal("name,building,template,address,snmp_port,ssh_port,credential,serial,host_key_sha256", File.ReadLines(Path.Combine(folder, "switches.csv")).First());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Families_are_dealt_over_the_city_in_turn_and_named_in_its_inventory()
    {
        var folder = Directory.CreateTempSubdirectory("lab-families-").FullName;
        await using var lab = await TestLab.StartAsync(o => o with { InventoryDirectory = folder, Switches = 4, Families = ["cisco-ios", "snmp-only"] });
        var switches = Rows(folder, "switches.csv").ToList();
        Assert.Equal(["cisco-ios", "snmp-only", "cisco-ios", "snmp-only"], switches.Select(r => r[2]));
        Assert.All(switches, r => Assert.Equal(lab.Host.Find(r[0]).Family.Name, r[2]));
        Assert.Contains(Rows(folder, "ports.csv"), r => r[0] == switches[0][0] && r[1] == "Gi1/0/24");
        var without = Assert.Throws<LabException>(() => lab.Host.OpenTerminal(switches[1][0]));
        Assert.Contains("no terminal", without.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_family_that_does_not_exist_is_refused_with_those_that_do()
    {
        var error = await Assert.ThrowsAsync<LabException>(() => TestLab.StartAsync(o => o with { Families = ["cisco-ios", "acme-os"] }));
        Assert.Contains("no family acme-os; there are huawei-vrp5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lab_started_again_finds_what_was_saved_and_has_lost_the_rest()
    {
        var folder = Directory.CreateTempSubdirectory("lab-again-").FullName;
        string saved, lost;
        await using (var lab = await TestLab.StartAsync(folder: folder))
        {
            (saved, lost) = (lab.Lit, lab.Dark);
            using var terminal = await lab.LoginAsync();
            await terminal.SendAsync("system-view");
            await terminal.SendAsync($"interface {saved}");
            await terminal.SendAsync("description kept");
            await terminal.SendAsync("return");
            await terminal.TypeAsync("save\r");
            await terminal.ReadToAsync(@"\[Y/N\]$");
            await terminal.SendAsync("y");
            lab.Host.Control.EditPort(lab.First.Name, lost, p => p with { Description = "gone" });
            lab.Keep = true;
        }

        await using var again = await TestLab.StartAsync(folder: folder);
        Assert.Equal("kept", again.Port(saved).Description);
        Assert.Equal("", again.Port(lost).Description);
    }

    [Fact]
    public async Task A_second_lab_in_the_same_state_folder_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("lab-twice-").FullName;
        await using var lab = await TestLab.StartAsync(folder: folder);
        var error = await Assert.ThrowsAsync<LabException>(() => TestLab.StartAsync(folder: folder));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused_with_every_fault()
    {
        var error = await Assert.ThrowsAsync<LabException>(() => LabHost.StartAsync(
            new LabOptions { StateDirectory = "unused", Switches = 0, Base = IPAddress.Parse("10.0.0.0") }, TestContext.Current.CancellationToken));
        Assert.Contains("Switches", error.Message, StringComparison.Ordinal);
        Assert.Contains("10.0.0.0", error.Message, StringComparison.Ordinal);
    }

    private static int Free(CityPlan city, string building)
    {
        var switches = city.Switches.Where(s => s.Building == building).ToList();
        return switches.Sum(s => s.Model.Interfaces.Count(i => i.Role == PortRole.Customer)) - city.Services.Count(s => s.Building == building);
    }

    private static IEnumerable<string[]> Rows(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Skip(1).Select(l => l.Split(','));
}
