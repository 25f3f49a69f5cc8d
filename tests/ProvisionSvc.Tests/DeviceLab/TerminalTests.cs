using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.Tests.DeviceLab;

public sealed class TerminalTests
{
    [Fact]
    public async Task A_login_shows_the_users_on_line_and_the_users_prompt()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = new Terminal(lab.Host.OpenTerminal(lab.First.Name), lab.First.Name);
        var banner = await terminal.ReadToPromptAsync();
        Assert.StartsWith("Info: The max number of VTY users is 10, and the number\r\n      of current VTY users on line is 1.\r\n", banner, StringComparison.Ordinal);
        Assert.EndsWith($"<{lab.First.Name}>", banner, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_is_lit_by_the_commands_of_the_vendor()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync("vlan batch 1500");
        Assert.EndsWith($"[{lab.First.Name}-{lab.Dark}]", await terminal.SendAsync($"interface {lab.Dark}"), StringComparison.Ordinal);
        var port = lab.Dark;
        foreach (var line in new[]
        {
            "description BJ-900001", "port link-type access", "port default vlan 1500", "qos lr inbound cir 20000", "qos lr outbound cir 100000 cbs 12500000",
            "undo shutdown",
        })
        {
            Assert.DoesNotContain("Error", await terminal.SendAsync(line), StringComparison.Ordinal);
        }

        var shown = await terminal.SendAsync("display this");
        Assert.Contains(
            $"#\r\ninterface {port}\r\n description BJ-900001\r\n port link-type access\r\n port default vlan 1500\r\n"
            + " qos lr inbound cir 20000 cbs 2500000\r\n qos lr outbound cir 100000 cbs 12500000\r\n#\r\nreturn\r\n", shown, StringComparison.Ordinal);
        Assert.Equal(new PortConfig
        {
            Description = "BJ-900001", LinkType = LinkType.Access, DefaultVlan = 1500, Inbound = new(20000, 2500000), Outbound = new(100000, 12500000),
        }, lab.Port(port).Running);
    }

    [Theory]
    [InlineData("foo", "Unrecognized command", 0)]
    [InlineData("display", "Incomplete command", 7)]
    [InlineData("display version now", "Too many parameters", 16)]
    [InlineData("display interface Foo0/0/1", "Wrong parameter", 18)]
    [InlineData("display vlan 5000", "Wrong parameter", 13)]
    [InlineData("s", "Ambiguous command", 0)]
    public async Task A_wrong_line_gets_a_caret_under_its_fault(string line, string error, int column)
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        var caret = new string(' ', column + lab.First.Name.Length + 2) + "^";
        Assert.Contains($"{line}\r\n{caret}\r\nError: {error} found at '^' position.\r\n", await terminal.SendAsync(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_may_be_shortened_while_only_one_fits()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("sys");
        Assert.EndsWith("-GigabitEthernet0/0/1]", await terminal.SendAsync("int gi 0/0/1"), StringComparison.Ordinal);
        await terminal.SendAsync("undo shut");
        Assert.True(lab.Port("GigabitEthernet0/0/1").AdminUp);
        Assert.Contains("interface GigabitEthernet0/0/1\r\n", await terminal.SendAsync("dis th"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_takes_no_vlan_that_does_not_exist_and_none_before_it_is_an_access_port()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Dark}");
        Assert.Contains("Error: The VLAN does not exist.", await terminal.SendAsync("port default vlan 2000"), StringComparison.Ordinal);
        await terminal.SendAsync("vlan 2000");
        await terminal.SendAsync($"interface {lab.Dark}");
        Assert.Contains("Error: Please renew the default configurations.", await terminal.SendAsync("port default vlan 2000"), StringComparison.Ordinal);
        Assert.Equal(1, lab.Port(lab.Dark).DefaultVlan);
    }

    [Fact]
    public async Task The_link_type_stays_while_a_vlan_is_configured()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        Assert.Contains("Error: Please renew the default configurations.", await terminal.SendAsync("undo port link-type"), StringComparison.Ordinal);
        await terminal.SendAsync("undo port default vlan");
        Assert.DoesNotContain("Error", await terminal.SendAsync("undo port link-type"), StringComparison.Ordinal);
        Assert.Equal("default", lab.Port(lab.Lit).LinkType);
    }

    [Fact]
    public async Task Saving_asks_first_and_a_restart_brings_back_what_was_saved()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        var lit = lab.Lit;
        await terminal.SendAsync("shutdown");
        await terminal.SendAsync("return");
        await terminal.TypeAsync("save\r");
        await terminal.ReadToAsync(@"Are you sure to continue\?\[Y/N\]$");
        Assert.Contains("Save the configuration successfully.\r\n", await terminal.SendAsync("y"), StringComparison.Ordinal);
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lit}");
        await terminal.SendAsync("description not saved");

        await lab.Host.Control.RebootAsync(lab.First.Name, renumber: false, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await terminal.ReadToEndAsync();
        Assert.False(lab.Port(lit).AdminUp);
        Assert.NotEqual("not saved", lab.Port(lit).Description);
    }

    [Fact]
    public async Task Output_stops_after_a_page_until_paging_is_switched_off()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.TypeAsync("display current-configuration\r");
        var page = await terminal.ReadToAsync("  ---- More ----$");
        Assert.Equal(25, page.Split("\r\n").Length - 1);
        await terminal.TypeAsync(" ");
        Assert.StartsWith("\u001b[42D", await terminal.ReadToAsync("  ---- More ----$"), StringComparison.Ordinal);
        await terminal.TypeAsync("q");
        // The mark is wiped out, so the prompt stands on its line.
        await terminal.ReadToAsync($@"\u001b\[42D<{lab.First.Name}>$");

        await terminal.SendAsync("screen-length 0 temporary");
        var whole = await terminal.SendAsync("display current-configuration");
        Assert.DoesNotContain("More", whole, StringComparison.Ordinal);
        Assert.Contains("\r\n#\r\nreturn\r\n<", whole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_eleventh_user_is_turned_away_until_one_logs_out()
    {
        await using var lab = await TestLab.StartAsync();
        var users = new List<Terminal>();
        for (var i = 0; i < 10; i++) users.Add(await lab.LoginAsync());
        using (var late = new Terminal(lab.Host.OpenTerminal(lab.First.Name), lab.First.Name))
        {
            Assert.Contains("All user interfaces are used, please try later!", await late.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await users[0].TypeAsync("quit\r");
        Assert.Contains("of current VTY users on line is 9.", await users[0].ReadToEndAsync(), StringComparison.Ordinal);
        using var next = await lab.LoginAsync();
        foreach (var user in users) user.Dispose();
    }

    [Fact]
    public async Task Deleting_a_vlan_returns_its_ports_to_the_default_one()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        var (lit, vlan) = (lab.Lit, lab.Port(lab.Lit).DefaultVlan);
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"undo vlan {vlan}");
        Assert.Equal(1, lab.Port(lit).DefaultVlan);
        Assert.Contains("Error: The VLAN does not exist.", await terminal.SendAsync($"display vlan {vlan}"), StringComparison.Ordinal);
        Assert.Contains(lab.Host.WriteLog.WritesOf(lab.First.Name), w => w.Port == lit && w.Field == "defaultVlan" && w.After == "1");
    }

    [Fact]
    public async Task The_interface_table_tells_shut_from_unplugged()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("screen-length 0 temporary");
        var lit = lab.Lit;
        lab.Host.Control.SetEquipment(lab.First.Name, lit, present: false);
        lab.Clock.Advance(TimeSpan.FromSeconds(5));
        var table = await terminal.SendAsync("display interface brief");
        Assert.Matches($@"\n{lit} +down +down", table);
        Assert.Matches($@"\n{lab.Dark} +\*down +down", table);
        Assert.Matches(@"\nEth-Trunk1 +up +up", table);
        Assert.Matches(@"\n  XGigabitEthernet0/0/1 +up", table);
        Assert.Contains($"{lab.Dark} current state : Administratively DOWN\r\n", await terminal.SendAsync($"display interface {lab.Dark}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newline_inside_a_text_is_a_second_command()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        var lit = lab.Lit;
        await terminal.TypeAsync("description one\nshutdown\r");
        await terminal.ReadToAsync(@"shutdown\r\n\[.*\]$");
        Assert.False(lab.Port(lit).AdminUp);
        Assert.Equal("one", lab.Port(lit).Description);
    }
}
