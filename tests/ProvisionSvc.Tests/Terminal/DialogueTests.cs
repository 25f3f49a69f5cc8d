using ProvisionSvc.Core;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Terminal;

public sealed class DialogueTests
{
    private const string Prompt = ScriptedDevice.Prompt;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_device_says_before_its_first_prompt_is_the_banner()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync("\r\nInfo: The max number of VTY users is 5,\r\n");
            await d.WriteAsync($"Change now? [Y/N]:");
            Assert.Equal("N", await d.ReadLineAsync());
            await d.WriteAsync($"N\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        Assert.Equal("SW-01", session.Host);
        Assert.Contains("max number of VTY users is 5,", session.Banner);
        Assert.Equal("sw-12", session.SwitchName);
    }

    [Theory]
    [InlineData("all user interfaces are used, please try later!\r\n", true, DeviceFault.SessionLimit)]
    [InlineData("CLI session limit 4 reached\r\n", true, DeviceFault.SessionLimit)]
    [InlineData("bye\r\n", true, DeviceFault.Unreachable)]
    [InlineData("", true, DeviceFault.Unreachable)]
    [InlineData("Welcome\r\n", false, DeviceFault.Timeout)]
    [InlineData("Do you agree? [yes]", false, DeviceFault.Timeout)]
    public async Task A_login_that_does_not_reach_the_prompt_fails_with_its_cause(string said, bool hangsUp, DeviceFault fault)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(said);
            if (!hangsUp)
            {
                await d.ReadLineAsync();
            }
        });
        var failure = await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync());
        Assert.Equal((fault, true), (failure.Fault, failure.IsTransient));
        Assert.Contains("sw-12", failure.Message);
        Assert.True(device.WasAborted);
    }

    /// <summary>The number may be wrapped, as VRP wraps it.</summary>
    [Theory]
    [InlineData(5, 1, false)]
    [InlineData(5, 4, false)]
    [InlineData(5, 5, true)]
    [InlineData(1, 1, true)]
    public async Task The_last_free_session_is_left_to_people(int max, int used, bool leaves)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync($"\r\nInfo: The max number of VTY users is {max}, and the number\r\n      of current VTY users on line is {used}.\r\n{Prompt}");
            Assert.Equal("quit", await d.ReadLineAsync());
        });
        var dialect = ScriptedDevice.Dialect with { Lines = @"max number of VTY users is (?<max>\d+), and the number\s+of current VTY users on line is (?<used>\d+)" };
        if (leaves)
        {
            var failure = await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync(dialect));
            Assert.Equal((DeviceFault.SessionLimit, true), (failure.Fault, failure.IsTransient));
        }
        else
        {
            await using var session = await device.LoginAsync(dialect);
            Assert.Equal(new VtyLines(max, used), session.Lines);
        }

        Assert.Equal(["quit"], device.Read);
    }

    [Fact]
    public async Task A_login_that_fails_at_the_prompt_is_logged_out()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await AnswerAsync(d, "Error: No.\r\n");
            await d.ReadLineAsync();
        });
        var failure = await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync(ScriptedDevice.Dialect with { Login = [new LoginStep("screen-length 0 temporary")] }));
        Assert.Equal(DeviceFault.Rejected, failure.Fault);
        Assert.Equal(["screen-length 0 temporary", "quit"], device.Read);
    }

    [Fact]
    public async Task Login_lines_are_sent_in_order_and_one_that_may_fail_does_not_stop_them()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await AnswerAsync(d, "Error: Unrecognized command found at '^' position.\r\n");
            await AnswerAsync(d, "");
            await d.ReadLineAsync();
        });
        var dialect = ScriptedDevice.Dialect with { Login = [new LoginStep("screen-length 0 temporary", MayFail: true), new LoginStep("undo terminal monitor")] };
        await using (await device.LoginAsync(dialect))
        {
        }

        Assert.Equal(["screen-length 0 temporary", "undo terminal monitor", "quit"], device.Read);
    }

    [Fact]
    public async Task A_login_line_that_must_not_fail_ends_the_login()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await AnswerAsync(d, "Error: No permission.\r\n");
            await d.ReadLineAsync();
        });
        var failure = await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync(ScriptedDevice.Dialect with { Login = [new LoginStep("system-view")] }));
        Assert.Equal(DeviceFault.Rejected, failure.Fault);
        Assert.Contains("Error: No permission.", failure.Message);
    }

    [Fact]
    public async Task The_enable_secret_is_typed_where_it_is_asked_for_and_appears_nowhere()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync("SW-01>");
            Assert.Equal("enable", await d.ReadLineAsync());
            await d.WriteAsync("enable\r\nPassword: ");
            Assert.Equal("hunter2-canary", await d.ReadLineAsync());
            await d.WriteAsync("\r\nSW-01#");
            Assert.Equal("show run", await d.ReadLineAsync());
            await d.WriteAsync("show run\r\nusername x password hunter2-canary\r\nenable secret 5 $1$abc\r\nsnmp-server community public ro\r\nSW-01#");
            await d.ReadLineAsync();
        });
        var dialect = new TerminalDialect
        {
            Prompt = @"(?<host>[^\s#>(]+)(?:\([^)]*\))?[>#]",
            Login = [new LoginStep("enable", Dialogues: [new Dialogue("[Pp]assword:", Dialogue.EnableSecret)])],
            Logout = ["exit"],
        };
        await using var session = await device.LoginAsync(dialect);
        Assert.Equal("SW-01", session.Host);
        await session.SendAsync("show run", Ct);
        Assert.DoesNotContain("hunter2-canary", session.Transcript);
        Assert.DoesNotContain("$1$abc", session.Transcript);
        Assert.DoesNotContain("public", session.Transcript);
        Assert.Contains("username x password ***", session.Transcript);
    }

    [Fact]
    public async Task A_shell_gets_a_prompt_of_ours_and_tells_its_exit_status()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync("Last login: today\r\n# ");
            await d.WriteAsync(await d.ReadLineAsync() + "\r\npv:0$ ");
            await d.WriteAsync(await d.ReadLineAsync() + "\r\none\r\npv:0$ ");
            await d.WriteAsync(await d.ReadLineAsync() + "\r\nno such port\r\npv:2$ ");
            await d.ReadLineAsync();
        });
        var dialect = new TerminalDialect { InitialPrompt = "[#$]", Prompt = @"pv:(?<status>\d+)\$", Login = [new LoginStep("PS1='pv:$?$ '")], Logout = ["exit"] };
        await using var session = await device.LoginAsync(dialect);
        Assert.Equal("one\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("ok", Ct)).Output);
        Assert.Equal("exit status 2: no such port", Assert.IsType<LineResult.Rejected>(await session.SendAsync("not ok", Ct)).Reason);
    }

    [Fact]
    public async Task A_hostname_that_is_cut_in_configuration_mode_is_still_the_same_device()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync("building-12-entrance-3-sw-01#");
            await d.WriteAsync(await d.ReadLineAsync() + "\r\nbuilding-12-entrance-3-sw-02#\r\nbuilding-12#\r\nbuilding-12-entrance(config)#");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync(new TerminalDialect { Prompt = @"(?<host>[^\s#>(]+)(?:\([^)]*\))?[>#]", Logout = ["exit"] });
        var result = await session.SendAsync("configure terminal", Ct);
        Assert.Equal("building-12-entrance-3-sw-02#\nbuilding-12#\n", Assert.IsType<LineResult.Confirmed>(result).Output);
    }

    [Fact]
    public async Task A_pager_that_appears_although_it_is_off_is_turned_and_leaves_no_trace()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync(await d.ReadLineAsync() + "\r\nline 0\r\n");
            for (var page = 1; page < 8; page++)
            {
                await d.WriteAsync("  ---- More ----");
                Assert.Equal(' ', await d.ReadKeyAsync());
                await d.WriteAsync($"\e[16D                \e[16Dline {page}\r\n");
            }

            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        var result = await session.SendAsync("display x", Ct);
        Assert.Equal("line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\n", Assert.IsType<LineResult.Confirmed>(result).Output);
    }

    [Fact]
    public async Task A_save_with_two_questions_is_answered_once_each()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync(await d.ReadLineAsync() + "\r\nThe current configuration will be written to the device.\r\nAre you sure to continue?[Y/N]:");
            await d.WriteAsync(await d.ReadLineAsync() + "\r\n(To leave the existing filename unchanged, press the enter key):");
            await d.WriteAsync(await d.ReadLineAsync() + $"\r\nSave the configuration successfully.\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using (var session = await device.LoginAsync())
        {
            var result = await session.SendAsync("save", Ct, TimeSpan.FromSeconds(90), [new Dialogue(@"\[Y/N\]:", "Y"), new Dialogue("press the enter key\\):", "")]);
            Assert.EndsWith("Save the configuration successfully.\n", Assert.IsType<LineResult.Confirmed>(result).Output);
        }

        Assert.Equal(["save", "Y", "", "quit"], device.Read);
    }

    [Fact]
    public async Task A_question_asked_for_ever_is_not_answered_for_ever()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync(await d.ReadLineAsync() + "\r\n[Y/N]:");
            while (true)
            {
                await d.WriteAsync(await d.ReadLineAsync() + "\r\n[Y/N]:");
            }
        });
        await using var session = await device.LoginAsync();
        Assert.IsType<LineResult.Unknown>(await session.SendAsync("save", Ct, dialogues: [new Dialogue(@"\[Y/N\]:", "Y")]));
        Assert.Equal(["save", "Y", "Y", "Y", "Y"], device.Read);
    }

    [Fact]
    public async Task A_device_without_echo_is_believed_at_its_prompt()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync($"\r\none\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync(ScriptedDevice.Dialect with { Echoes = false });
        Assert.Equal("one\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display x", Ct)).Output.TrimStart('\n'));
    }

    [Fact]
    public async Task Two_lines_at_once_are_a_mistake_of_the_caller()
    {
        var answer = new TaskCompletionSource();
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await answer.Task;
            await d.WriteAsync($"a\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        var first = session.SendAsync("a", Ct);
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SendAsync("b", Ct));
        answer.SetResult();
        Assert.IsType<LineResult.Confirmed>(await first);
    }

    private static async Task AnswerAsync(ScriptedDevice device, string output)
    {
        var line = await device.ReadLineAsync();
        await device.WriteAsync($"{line}\r\n{output}{Prompt}");
    }

    /// <summary>T19: some devices ask three times; each answer may be one step to a lock-out.</summary>
    [Fact]
    public async Task A_secret_that_is_asked_for_again_was_refused_and_is_not_said_twice()
    {
        var answers = new List<string>();
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync((await d.ReadLineAsync()) + "\r\nPassword:");
            answers.Add(await d.ReadLineAsync());
            await d.WriteAsync("\r\nPassword:");
            answers.Add(await d.ReadLineAsync());
        });

        var refused = await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync(Enabling));
        Assert.Equal(DeviceFault.AuthenticationFailed, refused.Fault);
        Assert.Equal(["hunter2-canary"], answers);
    }

    [Fact]
    public async Task A_secret_that_is_answered_with_an_error_was_refused()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync((await d.ReadLineAsync()) + "\r\nPassword:");
            await d.ReadLineAsync();
            await d.WriteAsync($"\r\n% Access denied\r\n{Prompt}");
            await d.ReadLineAsync();
        });

        Assert.Equal(DeviceFault.AuthenticationFailed, (await Assert.ThrowsAsync<DeviceException>(() => device.LoginAsync(Enabling))).Fault);
    }

    [Fact]
    public async Task A_device_that_says_our_secret_back_is_not_heard_to()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.WriteAsync((await d.ReadLineAsync()) + $"\r\nyou are hunter2-canary\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();

        Assert.Equal("you are ***", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display users", Ct)).Output.Trim());
    }

    private static TerminalDialect Enabling => ScriptedDevice.Dialect with
    {
        Login = [new LoginStep("enable", Dialogues: [new Dialogue("[Pp]assword:", Dialogue.EnableSecret)])],
    };
}
