using System.Text;

namespace ProvisionSvc.Tests.Terminal;

/// <summary>
/// A VRP-like switch that answers each line with that line's own token, and misbehaves in between: it dies, hangs, floods, drips, asks, pages, logs into the
/// midst of its answers, shows prompts that are none, and takes a way without going it. It notes what was typed where.
/// </summary>
internal sealed class MisbehavingSwitch(IDeviceEnd line, Random random)
{
    private const string Name = "SW-01";
    private string? _view;
    private bool _configuring;

    /// <summary>Lines for a port that were executed at another one.</summary>
    public int WrongPorts { get; private set; }

    /// <summary>Lines that came twice, or answers that came to no question.</summary>
    public int Strays { get; private set; }

    public int Lines { get; private set; }

    private string Prompt => _view is { } view ? $"[{Name}-{view}]" : _configuring ? $"[{Name}]" : $"<{Name}>";

    public async Task RunAsync()
    {
        await line.WriteAsync(random.Next(3) == 0 ? $"Welcome <SW-99>\r\n#\r\n{Prompt}" : Prompt);
        while (true)
        {
            var typed = await line.ReadLineAsync();
            Lines++;
            if (typed == "quit" && !_configuring)
            {
                return;
            }

            if (!await AnswerAsync(typed))
            {
                return;
            }
        }
    }

    /// <returns>False: it died.</returns>
    private async Task<bool> AnswerAsync(string typed)
    {
        switch (random.Next(220))
        {
            case 0:
                return false; // Before the line took effect.
            case 1:
                Execute(typed);
                return false; // After it.
            case 2:
                await HangAsync();
                return false;
            case 3:
                await line.WriteAsync($"{typed}\r\n{Token(typed)}");
                await HangAsync();
                return false;
            case 4:
                await line.WriteAsync($"{typed} x\r\ntoken 99\r\n{Prompt}");
                return true;
            case 5:
                await line.WriteAsync($"{typed}\r\nreally? [Y/N]:");
                await HangAsync();
                return false;
            case 6:
                await FloodAsync(typed);
                return false;
            case 7:
                await DripAsync(typed);
                return true;
            case 8:
                _view = null;
                _configuring = false; // Its idle time is over, it says.
                break;
        }

        await NoiseAsync(typed);
        var result = Execute(typed);
        await line.WriteAsync($"{(random.Next(5) == 0 ? "\0\a" : "")}{typed}\r\n{LookAlikes(typed)}{Token(typed)}{result}");
        if (random.Next(12) == 0)
        {
            await line.WriteAsync("  ---- More ----");
            if (await line.ReadKeyAsync() != ' ')
            {
                Strays++;
            }

            await line.WriteAsync("\e[16D                \e[16D");
        }

        if (random.Next(20) == 0)
        {
            await line.PauseAsync(TimeSpan.FromMilliseconds(random.Next(1, 40)));
        }

        await line.WriteAsync(random.Next(8) == 0 ? $"{Prompt}\r\n{Log(typed)}" : Prompt);
        return true;
    }

    /// <summary>What the switch makes of the line; what it prints about it.</summary>
    private string Execute(string typed)
    {
        var words = typed.Split(' ');
        switch (words[0])
        {
            case "system-view":
                _configuring = true;
                return "Enter system view, return user view with Ctrl+Z.\r\n";
            case "return":
                (_configuring, _view) = (false, null);
                return "";
            case "quit" when random.Next(15) > 0:
                _configuring = _view is not null;
                _view = null;
                return "";
            case "interface" when !_configuring:
                return "Error: Unrecognized command found at '^' position.\r\n";
            case "interface":
                _view = random.Next(25) switch { 0 => _view, 1 => "GigabitEthernet0/0/99", _ => words[1] };
                return "";
            case "description" when _view is null:
                return "Error: Unrecognized command found at '^' position.\r\n";
            case "description":
                // It says for which port it is meant.
                WrongPorts += words[1].StartsWith($"C-{_view!.Split('/')[^1]}-", StringComparison.Ordinal) ? 0 : 1;
                return random.Next(10) == 0 ? "Error: No.\r\n" : "";
            default:
                return "";
        }
    }

    private static string Token(string typed) => typed.StartsWith("display ", StringComparison.Ordinal) ? $"token {typed[8..]}\r\n" : "";

    private string Log(string typed) => $"Jan  1 2026 12:00:00 {Name} %%01SHELL/5/CMDRECORD(l)[{random.Next(100)}]:{(random.Next(2) == 0 ? typed : "up")}\r\n";

    private Task NoiseAsync(string typed) => random.Next(10) switch
    {
        0 => line.WriteAsync($"\r\n{Log(typed)}{Prompt}"),
        1 when typed.Length > 3 => line.WriteAsync($"{typed[..3]}\r\n{Log("")}"),
        _ => Task.CompletedTask,
    };

    private string LookAlikes(string typed)
    {
        var text = new StringBuilder();
        for (var i = typed.StartsWith("display", StringComparison.Ordinal) ? random.Next(4) : 0; i > 0; i--)
        {
            text.Append(random.Next(6) switch
            {
                0 => $"{Prompt}\r\n",
                1 => $" description {Prompt}#\r\n",
                2 => Log(typed),
                3 => "\e[1m#\e[0m\r\n",
                4 => $"{typed} \r\n",
                _ => "[SW-011]\r\n",
            });
        }

        return text.ToString();
    }

    private async Task HangAsync()
    {
        while (true)
        {
            await line.ReadKeyAsync();
            Strays++;
        }
    }

    private async Task FloodAsync(string typed)
    {
        await line.WriteAsync(typed + "\r\n");
        for (var row = new string('x', 4000) + "\r\n"; ;)
        {
            await line.WriteAsync(row);
        }
    }

    private async Task DripAsync(string typed)
    {
        foreach (var c in $"{typed}\r\n{Token(typed)}{Execute(typed)}{Prompt}")
        {
            await line.WriteAsync(c.ToString());
            await line.PauseAsync(TimeSpan.FromMilliseconds(2));
        }
    }
}
