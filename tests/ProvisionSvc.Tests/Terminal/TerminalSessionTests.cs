using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Terminal;

public sealed class TerminalSessionTests
{
    private const string Prompt = ScriptedDevice.Prompt;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What the device sends once it has read "display x", and what that must be taken for.</summary>
    public static readonly TheoryData<string, string, string> Answers = new()
    {
        { "plain", $"display x\r\none\r\ntwo\r\n{Prompt}", "one\ntwo\n" },
        { "nothing", $"display x\r\n{Prompt}", "" },
        { "a prompt with a blank behind it", $"display x\r\none\r\n{Prompt} ", "one\n" },
        { "another mode's prompt", $"display x\r\none\r\n[SW-01-GigabitEthernet0/0/1]", "one\n" },
        { "an uncommitted candidate's prompt", $"display x\r\none\r\n[*SW-01-acl4-basic-2000]", "one\n" },
        { "another hostname in brackets (F6)", $"display x\r\n<SW-02>\r\n{Prompt}", "<SW-02>\n" },
        { "a longer hostname (F6)", $"display x\r\n<SW-011>\r\n{Prompt}", "<SW-011>\n" },
        { "a version in brackets (F6)", $"display x\r\n[V200R009C00SPC500]\r\n#\r\n{Prompt}", "[V200R009C00SPC500]\n#\n" },
        { "our own prompt inside a description (F6)", $"display x\r\n description {Prompt}\r\n{Prompt}", $" description {Prompt}\n" },
        { "our own prompt as a line of the output (F6)", $"display x\r\n{Prompt}\r\nmore\r\n{Prompt}", $"{Prompt}\nmore\n" },
        { "NUL and BEL", $"\0display x\0\r\n\aone\0\r\n\0{Prompt}\a", "one\n" },
        { "colours", $"display x\r\n\e[1;32mone\e[0m\r\n\e[K\e(B{Prompt}\e[m", "one\n" },
        { "bracketed paste", $"display x\r\n\e[?2004lone\r\n\e[?2004h{Prompt}", "one\n" },
        { "a window title", $"display x\r\n\e]0;{Prompt}\aone\r\n\e]2;t\e\\{Prompt}", "one\n" },
        { "CR CR LF", $"display x\r\r\none\r\r\n{Prompt}", "one\n" },
        { "CR NUL", $"display x\r\0\none\r\0\n{Prompt}", "one\n" },
        { "LF CR", $"display x\n\rone\n\r{Prompt}", "one\n" },
        { "backspaces", $"display x\r\nonf\be\r\n{Prompt}", "one\n" },
        { "a repainted line", $"\r{Prompt}display x\r\nold\rnew\r\n\r{Prompt}\r{Prompt}", "new\n" },
        { "Cyrillic", $"display x\r\nдом 12\r\n{Prompt}", "дом 12\n" },
        { "line separators that are none", $"display x\r\na\u2028{Prompt}\u0085b\r\n{Prompt}", $"a{Prompt}b\n" },
        { "a log line before the echo", $"\r\nJan  1 12:00:00 SW-01 %%01IFNET/4/LINK: up\r\n{Prompt}display x\r\none\r\n{Prompt}", "one\n" },
        { "a log line before the echo, no new prompt", "\r\nJan  1 12:00:00 SW-01 %%01IFNET/4/LINK: up\r\ndisplay x\r\none\r\n" + Prompt, "one\n" },
        { "a log line inside the echo", $"disp\r\nJan  1 12:00:00 SW-01 %%01IFNET/4/LINK: up\r\nlay x\r\none\r\n{Prompt}", "one\n" },
        { "a log line inside the output", $"display x\r\none\r\nJan  1 12:00:00 SW-01 %%01IFNET: up\r\ntwo\r\n{Prompt}", "one\ntwo\n" },
        { "nothing but a log line", $"display x\r\nJan  1 12:00:00 SW-01 %%01IFNET: up\r\n{Prompt}", "" },
        { "a log line behind the prompt", $"display x\r\none\r\n{Prompt}\r\nJan  1 12:00:00 SW-01 %%01IFNET: up\r\n", "one\n" },
        { "a wrapped echo", $"displ\r\nay x\r\none\r\n{Prompt}", "one\n" },
        { "an echo wrapped at a blank", $"display \r\nx\r\none\r\n{Prompt}", "one\n" },
        { "a blank of the prompt that comes late", $" display x\r\none\r\n{Prompt}", "one\n" },
        { "an echo with blanks behind it", $"display x  \r\none\r\n{Prompt}", "one\n" },
        { "an error that means it is so already", $"display x\r\nError: VLAN 7 has already been configured\r\n{Prompt}", "Error: VLAN 7 has already been configured\n" },
        { "the echo's text once more in the output", $"display x\r\ndisplay x\r\n{Prompt}", "display x\n" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_answer_is_what_stands_between_echo_and_prompt(string what, string sent, string output)
    {
        var (result, _) = await AskAsync(sent);
        Assert.Equal(output, Assert.IsType<LineResult.Confirmed>(result, exactMatch: true).Output);
        _ = what;
    }

    [Theory]
    [InlineData("display x\r\n    ^\r\nError: Unrecognized command found at '^' position.\r\n", "Error: Unrecognized command found at '^' position.")]
    [InlineData("display x\r\n% Invalid input detected at '^' marker.\r\n", "% Invalid input detected at '^' marker.")]
    [InlineData("display x\r\nError: password hunter2-canary is weak\r\n", "Error: password *** is weak")]
    [InlineData("display x\r\nError: it has already been configured\r\nError: No.\r\n", "Error: No.")]
    public async Task A_marker_in_the_output_means_rejected(string sent, string reason)
    {
        var (result, device) = await AskAsync(sent + Prompt);
        Assert.Equal(reason, Assert.IsType<LineResult.Rejected>(result).Reason);
        Assert.Equal(["display x", "quit"], device.Read);
    }

    public static readonly TheoryData<string, string, bool> Doubts = new()
    {
        { "silence (F5)", "", false },
        { "cut before the echo (F4)", "", true },
        { "cut inside the echo (F3)", "disp", true },
        { "cut inside the output (F3)", "display x\r\none", true },
        { "cut right behind the prompt", $"display x\r\n{Prompt}", true },
        { "another echo", $"display y\r\none\r\n{Prompt}", false },
        { "a longer echo", $"display x1\r\none\r\n{Prompt}", false },
        { "a shorter echo", $"display\r\none\r\n{Prompt}", false },
        { "no echo at all", $"one\r\n{Prompt}", false },
        { "only a prompt", Prompt, false },
        { "another device's prompt", "display x\r\none\r\n<SW-02>", false },
        { "text behind the prompt", $"display x\r\none\r\n{Prompt}text", false },
        { "a question that nobody expects (F9)", "display x\r\nAre you sure? [Y/N]:", false },
        { "bytes that are no text", "display x\r\n\u0001\u0002\u0003", false },
    };

    [Theory]
    [MemberData(nameof(Doubts))]
    public async Task Any_doubt_is_Unknown_and_ends_the_session(string what, string sent, bool cut)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync(sent);
            if (!cut)
            {
                await d.ReadLineAsync();
            }
        });
        await using (var session = await device.LoginAsync())
        {
            Assert.IsType<LineResult.Unknown>(await session.SendAsync("display x", Ct));
            Assert.StartsWith("not sent", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display z", Ct)).Why);
        }

        Assert.True(device.WasAborted);
        Assert.Equal(["display x"], device.Read);
        _ = what;
    }

    [Fact]
    public async Task Endless_output_is_cut_off_at_the_limit()
    {
        var written = 0L;
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync("display x\r\n");
            for (var line = new string('x', 8190) + "\r\n"; written < 100_000_000; written += line.Length)
            {
                await d.WriteAsync(line);
                if (d.WasAborted)
                {
                    return;
                }
            }
        });
        await using var session = await device.LoginAsync();
        Assert.Contains("bytes came back", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display x", Ct)).Why);
        Assert.True(device.WasAborted);
        Assert.InRange(written, 1024 * 1024 - 16384, 1024 * 1024 + 32768);
    }

    [Fact]
    public async Task A_prompt_look_alike_does_not_count_while_more_follows_soon()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync($"display x\r\nAbout us:\r\n{Prompt}");
            await d.PauseAsync(TimeSpan.FromMilliseconds(10));
            await d.WriteAsync($" is our name\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        Assert.Equal($"About us:\n{Prompt} is our name\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display x", Ct)).Output);
    }

    [Fact]
    public async Task Output_that_nobody_asked_for_belongs_to_no_line()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync($"first\r\none\r\n{Prompt}");
            await d.WriteAsync($"\r\nError: late\r\n{Prompt}");
            await d.ReadLineAsync();
            await d.WriteAsync($"second\r\ntwo\r\n{Prompt}");
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        var first = await session.SendAsync("first", Ct);
        Assert.Equal("two\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("second", Ct)).Output);
        Assert.NotNull(first);
        Assert.Contains("Error: late", session.Transcript);
    }

    [Fact]
    public async Task A_slow_drip_is_followed_to_the_deadline_and_no_further()
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync("display x\r\n");
            while (true)
            {
                await d.WriteAsync("x");
                await d.PauseAsync(TimeSpan.FromSeconds(0.9));
                if (d.WasAborted)
                {
                    return;
                }
            }
        });
        await using var session = await device.LoginAsync();
        var before = device.Clock.GetTimestamp();
        Assert.Contains("no prompt within 10 s", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display x", Ct)).Why);
        Assert.InRange(device.Clock.GetElapsedTime(before).TotalSeconds, 10, 11.8);
    }

    [Fact]
    public async Task A_cancelled_line_leaves_a_dead_session()
    {
        using var cancel = new CancellationTokenSource();
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await cancel.CancelAsync();
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SendAsync("display x", cancel.Token));
        Assert.StartsWith("not sent", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display x", Ct)).Why);
    }

    /// <summary>The line is neither typed again nor answered for; the prompt that follows it is where the session can be left.</summary>
    [Theory]
    [InlineData($"display x\r\none\r\n{Prompt}", true)]
    [InlineData("display x\r\none\r\n", false)]
    [InlineData($"one\r\n{Prompt}", false)]
    [InlineData("display x\r\nAre you sure? [Y/N]:", false)]
    [InlineData("display x\r\n---- More ----", false)]
    public async Task A_cancelled_session_is_logged_out_where_the_prompt_comes_back(string sent, bool loggedOut)
    {
        using var cancel = new CancellationTokenSource();
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await cancel.CancelAsync();
            await d.WriteAsync(sent);
            await d.ReadLineAsync();
        });
        await using (var session = await device.LoginAsync())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                session.SendAsync("display x", cancel.Token, dialogues: [new Dialogue(@"Are you sure\? \[Y/N\]:", "Y")]));
        }

        Assert.Equal(loggedOut ? ["display x", "quit"] : ["display x"], device.Read);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0")]
    [InlineData("a\tb")]
    [InlineData("\u0003")]
    [InlineData("\u001b[A")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("дом")]
    [InlineData("a?")]
    public async Task A_character_that_acts_is_never_sent(string line)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            d.Close();
        });
        await using (var session = await device.LoginAsync())
        {
            await Assert.ThrowsAsync<ArgumentException>(() => session.SendAsync(line, Ct));
        }

        Assert.Equal(["quit"], device.Read);
    }

    private static async Task<(LineResult Result, ScriptedDevice Device)> AskAsync(string sent)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            await d.ReadLineAsync();
            await d.WriteAsync(sent);
            await d.ReadLineAsync();
        });
        await using var session = await device.LoginAsync();
        var result = await session.SendAsync("display x", Ct);
        return (result, device);
    }
}
