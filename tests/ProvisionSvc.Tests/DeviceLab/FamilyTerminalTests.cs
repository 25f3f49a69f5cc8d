using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab.Faults;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>What a simulated family does around the lines that a template types: prompts, dialogues, pagers, words for what is wrong.</summary>
public sealed class FamilyTerminalTests
{
    [Theory]
    [InlineData("huawei-vrp8", "system-view|interface 10GE1/0/1|description x", @"\[\*sw-b001-1-10GE1/0/1\]$")]
    [InlineData("h3c-comware", "system-view|vlan 3000", @"\[sw-b001-1-vlan3000\]$")]
    [InlineData("cisco-ios", "enable|lab-enable|conf t|int gi1/0/1", @"\nsw-b001-1\(config-if\)#$")]
    [InlineData("ruijie-rgos", "enable|lab-enable|configure terminal|interface GigabitEthernet 0/1", @"\nsw-b001-1\(config-if-GigabitEthernet 0/1\)#$")]
    [InlineData("zte-zxr10", "enable|lab-enable|configure terminal|switchvlan-configuration|interface gei-0/1/1/1", @"\nsw-b001-1\(config-swvlan-if-gei-0/1/1/1\)#$")]
    [InlineData("juniper-junos", "configure exclusive", @"\n\{master:0\}\[edit\]\r\nadmin@sw-b001-1# $")]
    [InlineData("mikrotik-routeros", "/system resource print", @"\n\[admin@sw-b001-1\] > $")]
    [InlineData("dlink-des", "disable clipaging", @"\nsw-b001-1:admin#$")]
    [InlineData("open-vswitch", "PS1='at $?> '|false", @"\nat 127> $")]
    [InlineData("frr", "conf t|int p1", @"\nsw-b001-1\(config-if\)# ?$")]
    public async Task Every_mode_has_its_prompt(string family, string lines, string prompt)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        using var terminal = await TypedAsync(lab, lines.Split('|'));
        await terminal.ReadToAsync(prompt);
    }

    [Theory]
    [InlineData("huawei-vrp8", "bogus", "\\^\r\nError: Unrecognized command found at '\\^' position.")]
    [InlineData("h3c-comware", "display", "\\^\r\n % Incomplete command found at '\\^' position.")]
    [InlineData("cisco-ios", "show bogus", "\\^\r\n% Invalid input detected at '\\^' marker.")]
    [InlineData("cisco-ios", "e", "% Ambiguous command:  \"e\"")]
    [InlineData("ruijie-rgos", "bogus", "% Unrecognized command")]
    [InlineData("zte-zxr10", "bogus", "% Command not found")]
    [InlineData("zte-zxr10", "show interface bogus", "% Invalid input detected at")]
    [InlineData("juniper-junos", "bogus", "\\^\r\nunknown command.")]
    [InlineData("juniper-junos", "set bogus", "\\^\r\nsyntax error.")]
    [InlineData("mikrotik-routeros", "/bogus", "bad command name /bogus \\(line 1 column 1\\)")]
    [InlineData("dlink-des", "bogus", "Available commands:")]
    [InlineData("dlink-des", "config ports 1", "Next possible completions:\r\nstate")]
    [InlineData("open-vswitch", "bogus", "bogus: not found")]
    [InlineData("frr", "bogus", "% Unknown command: bogus")]
    public async Task A_line_that_makes_no_sense_is_answered_in_the_familys_words(string family, string line, string answer)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        using var terminal = await TypedAsync(lab, line);
        await terminal.ReadToAsync(answer);
        Assert.Equal("rejected", lab.Host.WriteLog.Entries[^1].Result);
    }

    [Fact]
    public async Task IOS_cuts_its_name_in_configuration_and_asks_for_the_secret_three_times()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["cisco-ios"], Buildings = 1, Switches = 1 });
        using var terminal = await TypedAsync(lab, "enable", "one", "two", "three");
        await terminal.ReadToAsync("Password: \r\nPassword: \r\nPassword: \r\n% Bad secrets\r\n\r\nsw-b001-1>$");
        Assert.Equal(3, lab.Host.WriteLog.Entries.Count(e => e.Line == "(secret)"));

        var line = new ProvisionSvc.DeviceLab.Terminal.TerminalState("a-name-of-twenty-two-xx", ProvisionSvc.DeviceLab.Terminal.Mode.Configure);
        Assert.Equal("a-name-of-twenty-two(config)#", lab.First.Family.CommandLine!.Prompt(line));
    }

    [Theory]
    [InlineData("cisco-ios", "enable|lab-enable|show running-config", " --More-- $")]
    [InlineData("ruijie-rgos", "enable|lab-enable|show running-config", " --More-- $")]
    [InlineData("zte-zxr10", "enable|lab-enable|show running-config", " --More-- $")]
    [InlineData("h3c-comware", "display current-configuration", "  ---- More ----$")]
    [InlineData("juniper-junos", "show interfaces", @"---\(more\)---$")]
    [InlineData("mikrotik-routeros", "/interface print detail without-paging", @"\[Q quit\|D dump\|down\]$")]
    public async Task A_long_answer_stops_after_a_page(string family, string lines, string mark)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        using var terminal = await TypedAsync(lab, lines.Split('|'));
        await terminal.ReadToAsync(mark);
        await terminal.TypeAsync(" ");
        await terminal.ReadToAsync(mark);
    }

    [Theory]
    [InlineData("huawei-vrp8", @"Change now\? \[Y/N\]:$")]
    [InlineData("h3c-comware", @"Press Y or ENTER to continue, N to exit\.$")]
    [InlineData("ruijie-rgos", @"change the password\? \[Y/N\]:$")]
    [InlineData("mikrotik-routeros", @"software license\? \[Y/n\]:$")]
    public async Task A_switch_that_is_told_to_asks_its_question_at_login(string family, string question)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        lab.Host.Control.Tell("*", ControlWords.Parse(["ask"]));
        using var terminal = new Terminal(lab.Host.OpenTerminal(lab.First.Name), lab.First.Name);
        await terminal.ReadToAsync(question);
        await terminal.TypeAsync("n\r");
        await terminal.ReadToAsync($"{lab.First.Name}.*[>#] ?\a?$");
    }

    [Fact]
    public async Task VRP8_asks_before_it_drops_a_candidate_and_commits_it_on_yes()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["huawei-vrp8"] });
        using var terminal = await TypedAsync(lab, "system-view", $"interface {lab.Lit}", "shutdown");
        var lit = lab.Lit;
        await terminal.ReadToAsync(@"\*.*\]$");
        Assert.True(lab.Port(lit).AdminUp);
        await terminal.TypeAsync("return\r");
        await terminal.ReadToAsync(@"\[Y\(yes\)/N\(no\)/C\(cancel\)\]:$");
        await terminal.TypeAsync("c\r");
        await terminal.ReadToAsync(@"\[\*.*\]$");
        await terminal.TypeAsync("clear configuration candidate\r");
        await terminal.ReadToAsync($@"\[~{lab.First.Name}\]$");
        Assert.True(lab.Port(lit).AdminUp);
        await terminal.TypeAsync($"interface {lit}\rshutdown\rreturn\ry\r");
        await terminal.ReadToAsync($"<{lab.First.Name}>$");
        Assert.False(lab.Port(lit).AdminUp);
    }

    [Fact]
    public async Task A_trial_is_taken_back_unless_it_is_kept()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["juniper-junos"] });
        var lit = lab.Lit;
        using var terminal = await TypedAsync(lab, "configure exclusive", $"set interfaces {lit} disable", "commit confirmed 2");
        await terminal.ReadToAsync("rolled back in 2 minutes unless confirmed\r\ncommit complete");
        Assert.False(lab.Port(lit).AdminUp);
        lab.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(lab.Port(lit).AdminUp);
        Assert.Contains(lab.Host.WriteLog.WritesOf(lab.First.Name), w => w is { Field: "running", After: "rolled back" });

        await terminal.TypeAsync($"set interfaces {lit} disable\rcommit confirmed 2\rcommit\r");
        await terminal.ReadToAsync("commit complete[^£]*commit complete[^£]*# $");
        lab.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(lab.Port(lit).AdminUp);
    }

    [Fact]
    public async Task Junos_gives_configuration_to_one_session_at_a_time()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["juniper-junos"] });
        using var first = await TypedAsync(lab, "configure exclusive");
        await first.ReadToAsync("# $");
        using var second = await TypedAsync(lab, "configure exclusive");
        await second.ReadToAsync("error: configuration database locked by:");
        await first.TypeAsync($"set interfaces {lab.Lit} disable\rexit\r");
        await first.ReadToAsync(@"Exit with uncommitted changes\? \[yes,no\] \(yes\) $");
        await first.TypeAsync("\r");
        await first.ReadToAsync("> $");
        Assert.True(lab.Port(lab.Lit).AdminUp);
        await second.TypeAsync("configure exclusive\r");
        await second.ReadToAsync("Entering configuration mode");
    }

    [Fact]
    public async Task Comware_keeps_rates_in_steps_and_saves_after_three_answers()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["h3c-comware"] });
        var lit = lab.Lit;
        using var terminal = await TypedAsync(lab, "system-view", $"interface {lit}", "qos lr outbound cir 100001", "return", "save");
        await terminal.ReadToAsync(@"Are you sure\? \[Y/N\]:$");
        Assert.Equal(new ProvisionSvc.DeviceLab.Switches.RateLimit(100008, 6250496 + 512), lab.Port(lit).Running.Outbound);
        Assert.True(lab.Host.Control.State(lab.First.Name).Unsaved);
        await terminal.TypeAsync("y\r");
        await terminal.ReadToAsync(@"press the enter key\):$");
        await terminal.TypeAsync("\r");
        await terminal.ReadToAsync(@"overwrite\? \[Y/N\]:$");
        await terminal.TypeAsync("y\r");
        await terminal.ReadToAsync("Saved the current configuration to mainboard device successfully.");
        Assert.False(lab.Host.Control.State(lab.First.Name).Unsaved);
    }

    [Fact]
    public async Task Open_vSwitch_loses_its_meters_with_a_restart_and_nothing_else()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["open-vswitch"] });
        var before = lab.Port(lab.Lit).Running;
        Assert.NotNull(before.Inbound);
        await lab.Host.Control.RebootAsync(lab.First.Name, renumber: false, TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(before with { Inbound = null, MeterKbps = null, LinkAlias = "" }, lab.Port(lab.Lit).Running);
    }

    [Theory]
    [InlineData("huawei-vrp5", "save|y", "Error: disk full")]
    [InlineData("huawei-vrp8", "save|y", "Error: disk full")]
    [InlineData("h3c-comware", "save force", "Failed to save the current configuration: disk full")]
    [InlineData("cisco-ios", "enable|lab-enable|write memory", @"%Error opening nvram:/startup-config \(disk full\)")]
    [InlineData("ruijie-rgos", "enable|lab-enable|write", "% Error: disk full")]
    [InlineData("zte-zxr10", "enable|lab-enable|write", "%Error 140301: disk full")]
    [InlineData("frr", "write memory", @"% Can't open configuration file /etc/frr/frr.conf.new \(disk full\)")]
    [InlineData("dlink-des", "save", "Fail! disk full")]
    [InlineData("juniper-junos", "configure exclusive|set interfaces ge-0/0/0 disable|commit", "error: disk full")]
    public async Task A_save_that_fails_leaves_what_the_switch_starts_with(string family, string lines, string answer)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        var startup = lab.First.Startup;
        lab.Host.Control.EditPort(lab.First.Name, lab.Lit, p => p with { Description = "changed" });
        startup = lab.First.Family.KeepsWhatRuns ? lab.First.Startup : startup;
        lab.Host.Control.Tell("*", ControlWords.Parse(["save-fails", "disk full"]));
        using var terminal = await TypedAsync(lab, lines.Split('|'));
        await terminal.ReadToAsync(answer);
        Assert.Same(startup, lab.First.Startup);
    }

    [Theory]
    [InlineData("huawei-vrp5", "system-view|interface {port}|port link-type trunk|undo port trunk allow-pass vlan 1|port trunk allow-pass vlan 101 to 103 105|undo port trunk allow-pass vlan 102|port trunk pvid vlan 105|display this", @" port trunk pvid vlan 105\r\n undo port trunk allow-pass vlan 1\r\n port trunk allow-pass vlan 101 103 105\r\n")]
    [InlineData("huawei-vrp8", "system-view|interface {port}|port link-type trunk|undo port trunk allow-pass vlan 1|port trunk allow-pass vlan 101 to 103 105|undo port trunk allow-pass vlan 102|port trunk pvid vlan 105|commit|display this", @" port link-type trunk\r\n port trunk pvid vlan 105\r\n undo port trunk allow-pass vlan 1\r\n port trunk allow-pass vlan 101 103 105\r\n")]
    [InlineData("h3c-comware", "system-view|interface {port}|port link-type trunk|undo port trunk permit vlan 1|port trunk permit vlan 101 to 103 105|undo port trunk permit vlan 102|port trunk pvid vlan 105|display this", @" port trunk pvid vlan 105\r\n undo port trunk permit vlan 1\r\n port trunk permit vlan 101 103 105\r\n")]
    [InlineData("cisco-ios", "enable|lab-enable|configure terminal|interface {port}|switchport trunk allowed vlan none|switchport mode trunk|switchport trunk allowed vlan add 101-103,105|switchport trunk allowed vlan remove 102|switchport trunk native vlan 105|end|show running-config interface {port}", @" switchport trunk native vlan 105\r\n switchport trunk allowed vlan 101,103,105\r\n switchport mode trunk\r\n")]
    [InlineData("open-vswitch", "ovs-vsctl set port {port} vlan_mode=trunk trunks=4095 -- clear port {port} tag|ovs-vsctl add port {port} trunks 101,102,103,105|ovs-vsctl add port {port} trunks 4095 -- remove port {port} trunks 102|ovs-vsctl set port {port} vlan_mode=native-untagged tag=105|ovs-vsctl --columns=tag,vlan_mode,trunks list port {port}", @"tag                 : 105\r\nvlan_mode           : native-untagged\r\ntrunks              : \[101, 103, 105, 4095\]\r\n")]
    public async Task A_trunk_carries_what_it_is_told_to(string family, string lines, string shown)
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = [family] });
        var slot = lab.First.Model.Interfaces.Single(i => i.Name == lab.Dark);
        using var terminal = await TypedAsync(lab, lines.Replace("{port}", slot.CliName, StringComparison.Ordinal).Split('|'));
        await terminal.ReadToAsync(shown);
        Assert.Equal((ProvisionSvc.DeviceLab.Switches.LinkType.Trunk, 105), (lab.Port(slot.Name).Running.LinkType, lab.Port(slot.Name).Running.NativeVlan));
        Assert.DoesNotContain(lab.Host.WriteLog.Entries, e => e.Result == "rejected");
    }

    [Fact]
    public async Task Dlink_keeps_paging_off_for_whoever_comes_next()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["dlink-des"] });
        using (var first = await TypedAsync(lab, "disable clipaging")) await first.ReadToAsync(@"Success\.\r\n\r\n.*#$");
        Assert.False(lab.First.IsPaging);
        using var second = await TypedAsync(lab, "enable clipaging");
        await second.ReadToAsync(@"Success\.\r\n\r\n.*#$");
        Assert.True(lab.First.IsPaging);
    }

    [Fact]
    public async Task Nobody_else_commits_while_VRP8_tries_a_change_out()
    {
        await using var lab = await TestLab.StartAsync(o => o with { Families = ["huawei-vrp8"] });
        var lit = lab.Lit;
        using var first = await TypedAsync(lab, "system-view", $"interface {lit}", "shutdown", "commit trial 120");
        await first.ReadToAsync("on a trial basis");
        using var second = await TypedAsync(lab, "system-view", $"interface {lit}", "description x", "commit");
        await second.ReadToAsync("Error: The system is in the trial running state");
        await first.TypeAsync("commit\r");
        await first.ReadToAsync(@"commit\r\n\[~[^\n]*\]$");
        lab.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.False(lab.Port(lit).AdminUp);
    }

    [Fact]
    public void Every_family_of_the_templates_is_simulated() => Assert.Equal(
        Devices.Templates.TemplateCatalog.Load(Templates.Folders.Templates).OrThrow().Templates.Select(t => t.Name).Order(StringComparer.Ordinal),
        ProvisionSvc.DeviceLab.Families.KnownFamilies.All.Select(f => f.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(FamilyLifeTests.Families), MemberType = typeof(FamilyLifeTests))]
    public void A_familys_agent_names_itself_as_its_template_expects(string name)
    {
        var catalog = Devices.Templates.TemplateCatalog.Load(Templates.Folders.Templates).OrThrow();
        var family = ProvisionSvc.DeviceLab.Families.KnownFamilies.Find(name);
        foreach (var model in new[] { family.Small, family.Large })
        {
            var ports = model.Interfaces.Where(i => i.Role == ProvisionSvc.DeviceLab.Switches.PortRole.Customer).ToList();
            Assert.True(name == "snmp-only" || catalog.Match(family.SysObjectId, family.SysDescr(model))?.Name == name);
            Assert.All(ports, p => Assert.Matches($"^(?:{catalog.Find(name)!.Template.PortPattern})$", p.Name));
            Assert.All(ports, p => Assert.Equal(p.CliName, catalog.Find(name)!.Template.Typed(p.Name)));
        }
    }

    /// <summary>A terminal of the first switch at which these lines were typed ahead; the fault of a line is the test's to see.</summary>
    private static async Task<Terminal> TypedAsync(TestLab lab, params string[] lines)
    {
        var terminal = new Terminal(lab.Host.OpenTerminal(lab.First.Name), lab.First.Name);
        await terminal.ReadToAsync(@"[>#] ?\a?$");
        foreach (var line in lines) await terminal.TypeAsync(line + "\r");
        return terminal;
    }
}
