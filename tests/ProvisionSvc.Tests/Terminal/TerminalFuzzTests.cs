using System.Text;
using CsCheck;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Terminal;

public sealed class TerminalFuzzTests
{
    private const string Prompt = ScriptedDevice.Prompt;

    private static readonly string[] Pieces =
    [
        "one", " ", "\r\n", "\n", "\r", "\b", "\0", "\a", "\t", "\e[1;31m", "\e[0m", "\e[K", "\e[2K", "\e[5D", "\e[3C", "\e]0;title\a", "\eP1\e\\", "\e(B", "\e",
        "<SW-01>", "<SW-02>", "[SW-01]", "[SW-01-GE0/0/1]", "SW-01#", "#", "  ---- More ----", "[Y/N]:", "Error: no", "display x", "\r\ndisplay x\r\n",
        "Jan  1 12:00:00 SW-01 %%01IFNET: up\r\n", "дом", "楼", "😀", "\u2028", "\u0085", "éé",
    ];

    private static readonly Gen<byte[]> Output = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 24].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))),
        Gen.Byte.Array[0, 64]);

    private static readonly LoadedTemplate Vrp = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("huawei-vrp5")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task How_the_bytes_are_cut_changes_nothing() => Gen.Select(Output, Gen.Bool, Gen.Int[1, 7], Gen.Int).SampleAsync(
        async (output, echoes, most, seed) =>
        {
            var random = new Random(seed);
            Assert.Equal(await AskAsync(output, echoes, () => int.MaxValue), await AskAsync(output, echoes, () => random.Next(1, most + 1)));
        },
        iter: 3000);

    [Fact]
    public void The_screen_is_the_same_for_every_cut() => Gen.Select(Output, Gen.Int[0, 200]).Sample(
        (bytes, at) =>
        {
            var (whole, cut) = (new TerminalScreen(), new TerminalScreen());
            at = Math.Min(at, bytes.Length);
            whole.Feed(new(bytes));
            cut.Feed(new(bytes, 0, at));
            cut.Feed(new(bytes, at, bytes.Length - at));
            Assert.Equal(whole.Text(), cut.Text());
            Assert.DoesNotContain(whole.Text(), c => char.IsControl(c) && c is not ('\n' or '\t'));
        },
        iter: 20_000);

    /// <summary>A device that answers each line with that line's own token, and misbehaves in between. No answer may hold another line's token (F6).</summary>
    [Fact]
    public Task No_answer_is_given_to_another_line() => Gen.Int.SampleAsync(
        async seed =>
        {
            var chunks = new Random(seed);
            var device = new ScriptedDevice(d => MisbehaveAsync(d, new Random(seed + 1))) { ChunkSize = () => chunks.Next(1, 40) };
            await using var session = await device.LoginAsync();
            for (var line = 0; line < 8; line++)
            {
                var result = await session.SendAsync($"display {line}", Ct);
                if (result is LineResult.Unknown)
                {
                    Assert.IsType<LineResult.Unknown>(await session.SendAsync($"display {line}", Ct));
                    break;
                }

                var tokens = result.Output.Split('\n').Where(l => l.StartsWith("token", StringComparison.Ordinal)).ToList();
                Assert.Equal([$"token {line}"], tokens);
                Assert.Equal(result is LineResult.Rejected, result.Output.Contains("\nError: no\n", StringComparison.Ordinal));
            }

            Assert.Equal(device.Read.Distinct(), device.Read);
        },
        iter: 3000);

    /// <summary>The same with ports: nothing meant for one port is executed at another, and nothing is typed that nobody asked for (100,000 of these: eng/bench.sh terminal).</summary>
    [Fact]
    public Task Nothing_is_typed_at_another_port_than_it_is_meant_for() => Gen.Int.SampleAsync(
        async seed =>
        {
            var (chunks, chances) = (new Random(seed), new Random(seed + 1));
            MisbehavingSwitch? device = null;
            var line = new ScriptedDevice(d => (device = new(d, chances)).RunAsync()) { ChunkSize = () => chunks.Next(1, 60) };
            var count = await BusySession.RunAsync(await line.LoginAsync(Vrp.Dialect! with { Login = [], MaxOutputBytes = 64 * 1024 }), Vrp, new Random(seed + 2), Ct);
            Assert.Equal((0, 0, 0), (count.Wrong, device!.WrongPorts, device.Strays));
        },
        iter: 2000);

    private static async Task MisbehaveAsync(ScriptedDevice device, Random random)
    {
        await device.WriteAsync(random.Next(3) == 0 ? $"Welcome <SW-99>\r\n#\r\n{Prompt}" : Prompt);
        while (await device.ReadLineAsync() is var line && line != "quit")
        {
            var log = $"Jan  1 12:00:00 SW-01 %%01{random.Next()}: up\r\n";
            if (random.Next(10) == 0)
            {
                await device.WriteAsync($"\r\n{log}{Prompt}");
            }

            switch (random.Next(40))
            {
                case 0:
                    return;
                case 1:
                    await device.ReadLineAsync();
                    return;
                case 2:
                    await device.WriteAsync($"{line}\r\ntoken {line.Split(' ')[1]}\r\n");
                    return;
                case 3:
                    await device.WriteAsync($"{line} x\r\ntoken 99\r\n{Prompt}");
                    continue;
                case 4:
                    await device.WriteAsync($"{line}\r\nreally? [Y/N]:");
                    continue;
            }

            await device.WriteAsync($"{(random.Next(5) == 0 ? "\0\a" : "")}{line}\r\n");
            for (var i = random.Next(4); i > 0; i--)
            {
                await device.WriteAsync(random.Next(5) switch
                {
                    0 => $"{Prompt}\r\n",
                    1 => $" description {Prompt}#\r\n",
                    2 => log,
                    3 => "\e[1m#\e[0m\r\n",
                    _ => "[SW-011]\r\n",
                });
            }

            await device.WriteAsync($"token {line.Split(' ')[1]}\r\n");
            if (random.Next(6) == 0)
            {
                await device.WriteAsync("  ---- More ----");
                await device.ReadKeyAsync();
                await device.WriteAsync("\e[16D                \e[16D");
            }

            await device.WriteAsync(random.Next(8) == 0 ? "Error: no\r\n" : "");
            await device.WriteAsync(random.Next(8) == 0 ? $"{Prompt}\r\n{log}" : Prompt);
        }
    }

    private static async Task<string> AskAsync(byte[] output, bool echoes, Func<int> chunk)
    {
        var device = new ScriptedDevice(async d =>
        {
            await d.WriteAsync(Prompt);
            var line = await d.ReadLineAsync();
            await d.WriteAsync(echoes ? line + "\r\n" : "");
            await d.WriteAsync(output);
            await d.WriteAsync("\r\n" + Prompt);
            while (true)
            {
                await d.ReadKeyAsync();
            }
        })
        {
            ChunkSize = chunk,
        };
        await using var session = await device.LoginAsync();
        return (await session.SendAsync("display x", Ct)).ToString();
    }
}
