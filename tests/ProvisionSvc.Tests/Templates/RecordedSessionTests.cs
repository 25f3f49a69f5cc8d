using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Tests.Terminal;

namespace ProvisionSvc.Tests.Templates;

/// <summary>Prompts and whole sessions that oxidized's users recorded, through the product's own screen, grammar and session.</summary>
public sealed class RecordedSessionTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    /// <summary>A family, its recording, and whether the first prompt (before <c>enable</c>, of a shell) is meant. TP-Link has no family; its prompts look like IOS'.</summary>
    [Theory]
    [InlineData("h3c-comware", "h3c#generic#prompt.yaml", false)]
    [InlineData("cisco-ios", "ios#generic#prompt.yaml", false)]
    [InlineData("cisco-ios", "tplink#generic#prompt.yaml", true)]
    [InlineData("open-vswitch", "cumulus#generic#prompt.yaml", true)]
    public void Recorded_prompts_are_prompts_and_other_lines_are_none(string family, string file, bool first)
    {
        var grammar = Grammar.Of(Catalog.Find(family)!.Dialect!);
        var (good, seen) = (true, 0);
        foreach (var line in File.ReadLines(Folders.Recorded("cli", "oxidized", file)).Select(l => l.TrimEnd()))
        {
            good = line.StartsWith("pass", StringComparison.Ordinal) || (line != "fail:" && good);
            if (!line.StartsWith("  - ", StringComparison.Ordinal)) continue;
            var screen = new TerminalScreen();
            screen.Feed(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Unescape(Unquoted(line[4..])))));
            var found = Grammar.PromptIn(first ? grammar.InitialPrompt : grammar.Prompt, screen.LastLine);
            Assert.True(good == found is not null, $"\"{line}\" is {(good ? "a" : "no")} prompt.");
            seen++;
        }

        Assert.True(seen > 1);
    }

    /// <summary>A recording holds its prompts, or (empty) only the answers; then the prompt of the family stands around them.</summary>
    [Theory]
    [InlineData("h3c-comware", "h3c#5130-48G_7.1.070#simulation.yaml", "<test5130st1>", 3)]
    [InlineData("cisco-ios", "ios#C9200L-24P-4G_17.09.04a#simulation.yaml", "LAB-SW123_9200L#", 5)]
    [InlineData("juniper-junos", "junos#srx300_22.4#simulation.yaml", "oxidized@srx300> ", 7)]
    [InlineData("mikrotik-routeros", "routeros#L009UiGS_7.15.2#simulation.yaml", "[oxidized@L009UiGS] > ", 4)]
    [InlineData("open-vswitch", "cumulus#MSN2010_5.9.2_nvue#custom_simulation.yaml", "root@spine1-nyc2:~# ", 1)]
    public async Task A_recorded_session_is_followed_from_prompt_to_prompt(string family, string file, string prompt, int commands)
    {
        var dialect = Catalog.Find(family)!.Dialect!;
        var (greeting, answers) = Recording(Folders.Recorded("cli", "oxidized", file));
        answers.Remove(dialect.Logout[^1]);
        answers.Remove("quit");

        // Whoever names the prompt anew gets the new one from then on.
        var renamed = dialect.InitialPrompt is not null && family == "open-vswitch" ? "provision:0>" : prompt;
        var device = new ScriptedDevice(async d =>
        {
            var now = prompt;
            await d.WriteAsync($"{greeting.Replace(prompt.TrimEnd(), "", StringComparison.Ordinal)}\r\n{now}");
            while (true)
            {
                var line = (await d.ReadLineAsync()).TrimEnd('\r');
                if (line.StartsWith("PS1=", StringComparison.Ordinal)) now = renamed;
                await d.WriteAsync($"{line}\r\n{Body(answers.GetValueOrDefault(line, ""), line, prompt)}{now}");
            }
        }) { ChunkSize = () => 7 };

        await using var session = await device.LoginAsync(dialect);
        Assert.Equal(commands, answers.Keys.Count(c => !dialect.Login.Any(l => l.Send == c)));
        foreach (var (command, answer) in answers)
        {
            var result = Assert.IsType<LineResult.Confirmed>(await session.SendAsync(command, TestContext.Current.CancellationToken));
            Assert.Equal(Shown(Body(answer, command, prompt)), Shown(result.Output));
        }
    }

    /// <summary>A recorded answer without the echo before it and the prompt behind it.</summary>
    private static string Body(string answer, string command, string prompt)
    {
        var text = answer;
        if (text.StartsWith(command, StringComparison.Ordinal)) text = text[command.Length..].TrimStart('\r').TrimStart('\n');
        if (text.TrimEnd().EndsWith(prompt.TrimEnd(), StringComparison.Ordinal)) text = text.TrimEnd()[..^prompt.TrimEnd().Length];
        text = text.EndsWith("\e[?2004h", StringComparison.Ordinal) ? text[..^8] : text;
        return text.Length == 0 || text.EndsWith('\n') ? text : text + "\r\n";
    }

    /// <summary>As the screen keeps it: no control characters, no blanks at the end of lines.</summary>
    private static string Shown(string text)
    {
        var screen = new TerminalScreen();
        screen.Feed(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));
        return screen.Text().TrimEnd();
    }

    /// <summary>The greeting and, in their order, the commands with their answers.</summary>
    private static (string Greeting, Dictionary<string, string> Answers) Recording(string file)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        var (greeting, key, indent) = (new StringBuilder(), default(string), 2);
        var body = greeting;
        foreach (var line in File.ReadLines(file))
        {
            if (Regex.Match(line, """^  (?<item>- )?"(?<command>.*)\\n": (?<body>\|-|"")$""", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } found)
            {
                Keep();
                (key, indent, body) = (Unescape(found.Groups["command"].Value), found.Groups["item"].Success ? 6 : 4, new StringBuilder());
            }
            else if (key is not null && line.Length > 0 && !line.StartsWith("    ", StringComparison.Ordinal)) break;
            else if (!line.StartsWith("init_prompt", StringComparison.Ordinal) && line is not ("commands:" or "---"))
            {
                body.Append(line.Length > indent ? Unescape(line[indent..]) : "").Append('\n');
            }
        }

        Keep();
        return (greeting.ToString(), answers);

        void Keep()
        {
            if (key is not null) answers[key] = body.ToString().TrimEnd('\n');
        }
    }

    private static string Unquoted(string text) => text.Length > 1 && text[0] is '"' or '\'' ? text[1..^1] : text;

    private static string Unescape(string text) => text
        .Replace(@"\x20", " ", StringComparison.Ordinal).Replace(@"\t", "\t", StringComparison.Ordinal).Replace(@"\r", "\r", StringComparison.Ordinal)
        .Replace(@"\e", "\e", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
}
