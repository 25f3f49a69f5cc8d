using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>How output stops after each page: what is shown, and what wipes it out again. Blank turns the page, Enter gives one line.</summary>
internal sealed record Pager(string More, string Erase)
{
    /// <summary>The key that shows everything that is left.</summary>
    public char? All { get; init; }
}

/// <summary>
/// One family's command line: its prompts, its commands per mode, its words. It has no state of its own: a session's is in <see cref="TerminalState"/>, the
/// switch's in <see cref="SimSwitch"/>.
/// </summary>
internal abstract class CommandLine
{
    private readonly Lazy<Dictionary<Mode, Command[]>> _byMode;

    protected CommandLine() => _byMode = new(() =>
        Enum.GetValues<Mode>().Where(m => int.IsPow2((int)m)).ToDictionary(m => m, m => Commands.Where(c => c.Modes.HasFlag(m)).ToArray()));

    protected abstract IEnumerable<Command> Commands { get; }

    public virtual Mode Start => Mode.User;

    public virtual Pager? Pager => null;

    /// <summary>Lines to a page; 0: no paging.</summary>
    public virtual int PageLength(SimSwitch device, TerminalState state) => state.PageLength;

    /// <summary>Whether ? and TAB are keys; in a shell they are not.</summary>
    public virtual bool Helps => true;

    /// <summary>What may be asked before the first prompt; a switch does so when it is told to.</summary>
    public virtual string? LoginQuestion => null;

    /// <summary>What is said when all terminal lines are in use.</summary>
    public virtual string Full => "Connection refused: too many sessions";

    public abstract string Prompt(TerminalState state);

    public virtual IEnumerable<string> Greet(SimSwitch device, int inUse) => [];

    public virtual IEnumerable<string> Part(int left) => [];

    /// <summary>The device's words for a line that it cannot make sense of.</summary>
    /// <param name="column">Where in the line it stumbled.</param>
    /// <param name="indent">How wide the prompt before the line is.</param>
    public abstract IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent);

    /// <summary>What happens to what a session holds when it ends, however it ends.</summary>
    public virtual void Left(SimSwitch device, TerminalState state)
    {
    }

    /// <summary>Ctrl+Z: out of configuration.</summary>
    public virtual void Escape(CommandContext context) => context.State.Mode = Start;

    public Command[] In(Mode mode) => _byMode.Value[mode];

    public virtual void Run(CommandContext context, string line)
    {
        switch (CommandMatcher.Find(In(context.State.Mode), line))
        {
            case Match.Found found:
                context.Arguments = found.Arguments;
                found.Command.Run(context);
                break;
            case Match.Wrong wrong:
                Refuse(context, wrong.Misfit, line, wrong.Column);
                break;
        }
    }

    /// <summary>Refuses a line that there is nothing wrong with, in these words or (null) in the family's.</summary>
    public virtual void Refuse(CommandContext context, IEnumerable<string>? words) =>
        context.Refuse(words ?? Explain(Misfit.WrongParameter, context.Origin.Line ?? "", 0, LastLine(Prompt(context.State)).Length));

    protected void Refuse(CommandContext context, Misfit misfit, string line, int column) =>
        context.Refuse(Explain(misfit, line, column, LastLine(Prompt(context.State)).Length));

    /// <summary>What a parameter says cannot be.</summary>
    protected void WrongParameter(CommandContext context, int index) =>
        Refuse(context, Misfit.WrongParameter, context.Origin.Line ?? "", context.Arguments[index].Column);

    /// <summary>Goes to an interface's mode; refuses a name that the switch does not have.</summary>
    protected void EnterInterface(CommandContext context, Mode mode)
    {
        if (FindPort(context, 0) is not { } slot) return;
        var model = context.Device.Model.Interfaces[slot];
        (context.State.Mode, context.State.Slot, context.State.SlotName) = (mode, slot, model.CliName);
    }

    /// <summary>The position of the interface that a parameter names; null, and refused, where there is none.</summary>
    protected int? FindPort(CommandContext context, int index)
    {
        if (PortNames.Find(context.Device.Model, context.Text(index)) is >= 0 and var slot) return slot;
        WrongParameter(context, index);
        return null;
    }

    protected static IEnumerable<string> Caret(int column, params IEnumerable<string> error) => error.Prepend(new string(' ', column) + "^");

    private static string LastLine(string text) => text[(text.LastIndexOf('\n') + 1)..];
}

/// <summary>Interface names as a person types them: any case, the part before the number shortened, a blank before the number.</summary>
internal static class PortNames
{
    public static int Find(HardwareModel model, string typed)
    {
        var text = Squeeze(typed);
        var split = text.AsSpan().IndexOfAnyInRange('0', '9');
        var family = split < 0 ? text : text[..split];
        var number = split < 0 ? "" : text[split..];
        var names = model.Interfaces.Select((m, slot) => (Name: Squeeze(m.CliName), slot)).ToList();
        if (names.FirstOrDefault(n => n.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { Name: not null } exact) return exact.slot;
        if (family.Length == 0) return -1;
        var families = names.Select(n => Family(n.Name)).Where(f => f.StartsWith(family, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal).ToList();
        return families.Count == 1 && names.FirstOrDefault(n => n.Name == families[0] + number) is { Name: not null } found ? found.slot : -1;
    }

    private static string Squeeze(string name) => name.Replace(" ", "", StringComparison.Ordinal);

    private static string Family(string name) => name.AsSpan().IndexOfAnyInRange('0', '9') is >= 0 and var at ? name[..at] : name;
}
