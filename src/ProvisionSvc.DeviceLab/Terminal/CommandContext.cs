using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>What a command may see and do while it runs: the switch, where the session stands, and its answer.</summary>
internal sealed class CommandContext(SimSwitch device, TerminalState state, Origin origin, IReadOnlyList<Token> arguments)
{
    private readonly List<string> _answer = [];

    public SimSwitch Device => device;

    public TerminalState State => state;

    /// <summary>Who is writing, for the switch's log.</summary>
    public Origin Origin => origin;

    public IReadOnlyList<string> Answer => _answer;

    /// <summary>Refused: nothing was carried out.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Something reached the configuration, so the log has it already.</summary>
    public bool HasWritten { get; private set; }

    public string Text(int index) => arguments[index].Text;

    public int Number(int index) => int.Parse(arguments[index].Text, CultureInfo.InvariantCulture);

    public long Long(int index) => long.Parse(arguments[index].Text, CultureInfo.InvariantCulture);

    public void Print(string line) => _answer.Add(line);

    public void Print(IEnumerable<string> lines) => _answer.AddRange(lines);

    public void Error(string text)
    {
        IsRejected = true;
        _answer.Add($"Error: {text}");
    }

    public void WrongParameter(int index)
    {
        IsRejected = true;
        Print(Caret("Wrong parameter", state.Prompt.Length + arguments[index].Column));
    }

    public static IEnumerable<string> Caret(string error, int column) =>
        [new string(' ', column) + "^", $"Error: {error} found at '^' position."];

    public void WritePort(string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        HasWritten = true;
        device.WritePort(origin, state.Slot, field, change, shown);
    }

    public void WriteVlans(Func<System.Collections.Immutable.ImmutableSortedSet<int>, System.Collections.Immutable.ImmutableSortedSet<int>> change)
    {
        HasWritten = true;
        device.WriteVlans(origin, change);
    }

    public void Save()
    {
        HasWritten = true;
        device.Save(origin);
    }
}

/// <summary>Where a session stands: its view, and what it has switched off.</summary>
internal sealed class TerminalState(string sysName)
{
    public Views View { get; set; } = Views.User;

    /// <summary>The interface of the interface view, as a position in the model.</summary>
    public int Slot { get; set; } = -1;

    public int Vlan { get; set; }

    public string SlotName { get; set; } = "";

    /// <summary>Lines to a page; 0: no paging.</summary>
    public int PageLength { get; set; } = 24;

    public bool MonitorsLogs { get; set; } = true;

    public bool IsOver { get; set; }

    /// <summary>A question that waits for a line; it is given the answer and says whether it understood.</summary>
    public Question? Asking { get; set; }

    public string Prompt => View switch
    {
        Views.User => $"<{sysName}>",
        Views.System => $"[{sysName}]",
        Views.Vlan => $"[{sysName}-vlan{Vlan}]",
        _ => $"[{sysName}-{SlotName}]",
    };
}

/// <summary>A question of the device, and what happens with the answer; an answer not understood is asked again.</summary>
internal sealed record Question(string Text, Func<CommandContext, string, bool> Answered);
