using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.Tests.DeviceLab;

public sealed class FaultTests
{
    [Theory]
    [InlineData(DropMoment.Before, true)]
    [InlineData(DropMoment.Mid, false)]
    [InlineData(DropMoment.After, false)]
    public async Task A_dropped_session_leaves_the_line_undone_or_done(DropMoment moment, bool adminUp)
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        var lit = lab.Lit;
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lit}");
        lab.Host.Control.Tell(lab.First.Name, new Fault.Drop(moment, new Regex("^shutdown$")) { Times = 1 });
        await terminal.TypeAsync("shutdown\r");
        Assert.DoesNotContain("]", await terminal.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(adminUp, lab.Port(lit).AdminUp);

        using var again = await lab.LoginAsync();
        await again.SendAsync("system-view");
        await again.SendAsync($"interface {lit}");
        await again.SendAsync("shutdown");
        Assert.False(lab.Port(lit).AdminUp);
    }

    [Fact]
    public async Task Only_the_nth_matching_line_is_struck()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        var lit = lab.Lit;
        lab.Host.Control.Tell("*", new Fault.Reject(new Regex("^description"), "Error: Busy.") { Nth = 2, Times = 1 });
        Assert.DoesNotContain("Busy", await terminal.SendAsync("description one"), StringComparison.Ordinal);
        Assert.Contains("Error: Busy.\r\n", await terminal.SendAsync("description two"), StringComparison.Ordinal);
        Assert.Equal("one", lab.Port(lit).Description);
        await terminal.SendAsync("description three");
        Assert.Equal("three", lab.Port(lit).Description);
    }

    [Fact]
    public async Task A_line_can_be_accepted_without_effect()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        lab.Host.Control.Tell(lab.First.Name, new Fault.Ignore(new Regex("shutdown")));
        Assert.DoesNotContain("Error", await terminal.SendAsync("shutdown"), StringComparison.Ordinal);
        Assert.True(lab.Port(lab.Lit).AdminUp);
        Assert.Equal("ignored", lab.Host.WriteLog.Entries[^1].Result);
    }

    [Fact]
    public async Task A_save_can_fail_and_leave_the_startup_configuration()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await terminal.SendAsync("system-view");
        await terminal.SendAsync($"interface {lab.Lit}");
        var lit = lab.Lit;
        await terminal.SendAsync("shutdown");
        await terminal.SendAsync("return");
        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["save-fails"]));
        await terminal.TypeAsync("save\r");
        await terminal.ReadToAsync(@"\[Y/N\]$");
        Assert.Contains("Error: Failed to save the configuration.", await terminal.SendAsync("y"), StringComparison.Ordinal);
        Assert.False(lab.Port(lit).Startup.Shutdown);
        Assert.True(lab.Host.Control.State(lab.First.Name).Unsaved);
    }

    [Fact]
    public async Task A_slow_switch_answers_after_its_time()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        lab.Host.Control.Tell(lab.First.Name, new Fault.Slow(TimeSpan.FromSeconds(30)));
        await terminal.TypeAsync("system-view\r");
        await terminal.ReadToAsync("system-view\r\n$");
        var answer = terminal.ReadToPromptAsync();
        while (!answer.IsCompleted)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Contains("Enter system view", await answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_lines_break_into_answers_and_into_idle_sessions()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        await lab.Host.Control.LogAsync(lab.First.Name, "%%01IFNET/4/IF_STATE(l)[1]:Interface has turned into DOWN state.", always: false, TestContext.Current.CancellationToken);
        await terminal.ReadToAsync("DOWN state.\r\n$");
        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["log-on", "display version", "%%01TEST#"]));
        var answer = await terminal.SendAsync("display version");
        Assert.Contains("Software\r\nVRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)\r\n%%01TEST#\r\nCopyright", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_follows_a_line_that_was_carried_out()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["flood", "^system-view$", "spam"]));
        await terminal.TypeAsync("system-view\r");
        await terminal.ReadToAsync("(spam\r\n){50}");
        Assert.Equal("system-view", lab.Host.WriteLog.Entries[^1].Line);
    }

    [Fact]
    public async Task A_prompt_can_be_wrong_once_and_can_be_late()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["wrong-prompt", "^system-view$", "<another>"]));
        await terminal.TypeAsync("system-view\r");
        await terminal.ReadToAsync("<another>$");
        Assert.EndsWith($"[{lab.First.Name}]", await terminal.SendAsync("display clock"), StringComparison.Ordinal);

        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["late-prompt", "^display clock$", "30000"]));
        await terminal.TypeAsync("display clock\r");
        await terminal.ReadToAsync(@"\d\d:\d\d:\d\d\r\n$");
        var prompt = terminal.ReadToPromptAsync();
        while (!prompt.IsCompleted)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.EndsWith($"[{lab.First.Name}]", await prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_can_drip()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        lab.Host.Control.Tell(lab.First.Name, ControlWords.Parse(["drip", "1000"]));
        var since = lab.Clock.GetUtcNow();
        await terminal.TypeAsync("quit\r");
        var rest = terminal.ReadToEndAsync();
        while (!rest.IsCompleted)
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.StartsWith("quit", await rest, StringComparison.Ordinal);
        Assert.True(lab.Clock.GetUtcNow() - since >= TimeSpan.FromSeconds((await rest).Length));
    }

    [Fact]
    public async Task An_unreachable_switch_ends_its_sessions_and_answers_nothing()
    {
        await using var lab = await TestLab.StartAsync();
        using var terminal = await lab.LoginAsync();
        lab.Host.Control.Tell(lab.First.Name, new Fault.Unreachable());
        await terminal.ReadToEndAsync();
        using (var refused = new Terminal(lab.Host.OpenTerminal(lab.First.Name), lab.First.Name)) Assert.Equal("", await refused.ReadToEndAsync());
        lab.Host.Control.Clear(lab.First.Name);
        using var again = await lab.LoginAsync();
    }

    [Fact]
    public async Task A_hand_at_the_switch_is_seen_and_logged()
    {
        await using var lab = await TestLab.StartAsync();
        await ControlWords.RunAsync(lab.Host.Control, ["tell", lab.First.Name, "port", lab.Lit, "admin", "down"], TestContext.Current.CancellationToken);
        Assert.Contains(lab.Host.WriteLog.WritesOf(lab.First.Name), w => w is { Channel: "control", Field: "port", Kind: LogKind.Write } && w.After!.Contains("shutdown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_may_renumber_the_interfaces()
    {
        await using var lab = await TestLab.StartAsync();
        var before = lab.Port(lab.Lit).IfIndex;
        await lab.Host.Control.RebootAsync(lab.First.Name, renumber: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.NotEqual(before, lab.Port(lab.Lit).IfIndex);
        var name = await lab.GetAsync($"1.3.6.1.2.1.31.1.1.1.1.{lab.Port(lab.Lit).IfIndex}");
        Assert.Equal(lab.Lit, name!.Pdu.VarBinds[0].Value.Text);
    }

    [Theory]
    [InlineData("explode")]
    [InlineData("drop-after")]
    [InlineData("slow", "fast")]
    [InlineData("reject", "(")]
    public void An_order_not_understood_is_refused_with_the_words_that_are(params string[] words) =>
        Assert.Throws<ProvisionSvc.DeviceLab.LabException>(() => ControlWords.Parse(words));
}
