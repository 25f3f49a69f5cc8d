using System.Collections.Immutable;
using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>What a command may see and do while it runs: the switch, where the session stands, and its answer.</summary>
internal sealed class CommandContext(SimSwitch device, TerminalState state, Origin origin)
{
    private readonly List<string> _answer = [];

    public SimSwitch Device => device;

    public TerminalState State => state;

    /// <summary>Who is writing, for the switch's log.</summary>
    public Origin Origin => origin;

    public IReadOnlyList<Token> Arguments { get; set; } = [];

    public IReadOnlyList<string> Answer => _answer;

    /// <summary>Refused: nothing was carried out.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Something reached the configuration, so the log has it already.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>What configuration commands see and change: the candidate where there is one, else what runs.</summary>
    public SwitchConfig Config => state.Candidate?.Config ?? device.Running;

    public PortConfig Port => Config.Ports[state.Slot];

    public string Text(int index) => Arguments[index].Text;

    public int Number(int index) => int.Parse(Arguments[index].Text, CultureInfo.InvariantCulture);

    public long Long(int index) => long.Parse(Arguments[index].Text, CultureInfo.InvariantCulture);

    public void Print(string line) => _answer.Add(line);

    public void Print(IEnumerable<string> lines) => _answer.AddRange(lines);

    /// <summary>Nothing was carried out; these are the device's words for it.</summary>
    public void Refuse(params IEnumerable<string> lines)
    {
        IsRejected = true;
        _answer.AddRange(lines);
    }

    public void Ask(Question question) => state.Asking = question;

    public void WritePort(string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown) => WritePort(state.Slot, field, change, shown);

    public void WritePort(int slot, string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        if (state.Candidate is { } candidate)
        {
            candidate.Add(config => config.WithPort(slot, change(config.Ports[slot])), d => d.WritePort(origin, slot, field, change, shown));
            return;
        }

        HasWritten = true;
        device.WritePort(origin, slot, field, change, shown);
    }

    public void WriteVlans(Func<ImmutableSortedSet<int>, ImmutableSortedSet<int>> change)
    {
        if (state.Candidate is { } candidate)
        {
            candidate.Add(config => config with { Vlans = change(config.Vlans) }, d => d.WriteVlans(origin, change));
            return;
        }

        HasWritten = true;
        device.WriteVlans(origin, change);
    }

    /// <summary>Puts the candidate's lines into effect, all at once.</summary>
    public void Commit()
    {
        HasWritten = true;
        device.Commit(origin, state.Candidate!.Edits);
        state.Candidate = new Candidate(device.Running);
    }

    /// <summary>Makes the running configuration the startup configuration; false, with the reason, when the switch was told to fail at that.</summary>
    public bool TrySave(out string why)
    {
        why = device.Faults.SaveError ?? "";
        if (why.Length > 0)
        {
            IsRejected = true;
            return false;
        }

        HasWritten = true;
        device.Save(origin);
        return true;
    }
}

/// <summary>Where a session stands: its mode, what it has switched off, and what it is being asked.</summary>
internal sealed class TerminalState(string sysName, Mode mode)
{
    public string SysName => sysName;

    /// <summary>Who this session is, in the lab's log.</summary>
    public string Session { get; init; } = "";

    public Mode Mode { get; set; } = mode;

    /// <summary>The interface of the interface's mode, as a position in the model.</summary>
    public int Slot { get; set; } = -1;

    public string SlotName { get; set; } = "";

    /// <summary>The VLANs of the VLAN's mode.</summary>
    public IReadOnlyList<int> Vlans { get; set; } = [];

    /// <summary>Lines typed but not committed, where lines do not take effect at once.</summary>
    public Candidate? Candidate { get; set; }

    /// <summary>Lines to a page; 0: no paging.</summary>
    public int PageLength { get; set; } = 24;

    public bool MonitorsLogs { get; set; } = true;

    public bool IsOver { get; set; }

    /// <summary>A question that waits for a line; it is given the answer and says whether it understood.</summary>
    public Question? Asking { get; set; }

    /// <summary>Variables of a shell; <c>?</c> is the exit status of the line before.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);
}

/// <summary>A question of the device, and what happens with the answer; an answer not understood is asked again.</summary>
internal sealed record Question(string Text, Func<CommandContext, string, bool> Answered)
{
    /// <summary>The answer is not echoed, and not logged.</summary>
    public bool IsSecret { get; init; }
}

/// <summary>What was typed since the last commit: what it would make of the configuration, and each line's part of that.</summary>
internal sealed class Candidate(SwitchConfig start)
{
    private readonly List<Action<SimSwitch>> _edits = [];

    public SwitchConfig Config { get; private set; } = start;

    public IReadOnlyList<Action<SimSwitch>> Edits => _edits;

    public bool IsClean => _edits.Count == 0;

    public void Add(Func<SwitchConfig, SwitchConfig> preview, Action<SimSwitch> edit)
    {
        Config = preview(Config);
        _edits.Add(edit);
    }
}
