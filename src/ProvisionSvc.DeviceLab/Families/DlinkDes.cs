using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>D-Link DES, classic command line: every line is repeated and answered; aliases and PVIDs are the agent's. Paging is a setting of the switch.</summary>
internal sealed class DlinkDes : CommandLine
{
    public static readonly Family Family = new(
        "dlink-des", "1.3.6.1.4.1.171.10.64.1", model => $"{model.Name} Fast-Ethernet Switch",
        AgentHas.Names | AgentHas.Aliases | AgentHas.Bridge | AgentHas.AdminIsWritable | AgentHas.AliasIsWritable, new DlinkDes())
    {
        Small = new HardwareModel("DES-3526", 24, Names),
        Large = new HardwareModel("DES-3550", 48, Names),
        Hold = Family.WithoutVlan,
    };

    public override Pager? Pager { get; } = new("CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All ", $"\r{new string(' ', 60)}\r") { All = 'a' };

    protected override IEnumerable<Command> Commands =>
    [
        new(Mode.User, "enable clipaging", c => Done(c, () => c.Device.IsPaging = true)),
        new(Mode.User, "disable clipaging", c => Done(c, () => c.Device.IsPaging = false)),
        new(Mode.User, "config ports <word> state enable", c => Shut(c, false)),
        new(Mode.User, "config ports <word> state disable", c => Shut(c, true)),
        new(Mode.User, "save", c => c.Print(["Command: save", "", $"Saving all configurations to NV-RAM...... {(c.TrySave(out var why) ? "Done." : $"Fail! {why}")}", ""])),
        new(Mode.User, "show switch", c => c.Print(["Command: show switch", "", $"Device Type       : {Family.SysDescr(c.Device.Model)}", $"System Name       : {c.Device.Name}", ""])),
        new(Mode.User, "logout", c => c.State.IsOver = true),
    ];

    public override int PageLength(SimSwitch device, TerminalState state) => device.IsPaging ? state.PageLength : 0;

    public override IEnumerable<string> Greet(SimSwitch device, int inUse) =>
        ["", $"                     {device.Model.Name} Fast Ethernet Switch Command Line Interface", "", "                             Firmware: Build 6.00.B25", ""];

    public override string Prompt(TerminalState state) => $"{state.SysName}:admin#";

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent)
    {
        yield return $"Command: {line.Trim()}";
        yield return "";
        switch (misfit)
        {
            case Misfit.Ambiguous:
                yield return "Ambiguous token:";
                break;
            case Misfit.Unrecognized when CommandMatcher.Split(line).Count == 1:
                yield return "Available commands:";
                yield return string.Join(' ', In(Mode.User).Select(c => c.Words[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
                break;
            default:
                yield return "Next possible completions:";
                foreach (var word in CommandMatcher.Next(In(Mode.User), line.TrimEnd() + " ")) yield return word;
                break;
        }

        yield return "";
    }

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => new InterfaceName($"1/{n}", $"{n}"),
        InterfaceKind.FastPort => new InterfaceName($"1/{n + 48}", $"{n + 48}"),
        InterfaceKind.VlanInterface => "System",
        _ => default(InterfaceName?),
    };

    private static void Done(CommandContext context, Action act)
    {
        act();
        context.Print([$"Command: {context.Origin.Line}", "", "Success.", ""]);
    }

    private void Shut(CommandContext context, bool down)
    {
        if (context.Device.Model.Interfaces.ToList().FindIndex(i => i.IsPhysical && i.CliName == context.Text(0)) is >= 0 and var slot)
        {
            Done(context, () => context.WritePort(slot, "shutdown", p => p with { Shutdown = down }, p => p.Shutdown ? "disable" : "enable"));
        }
        else WrongParameter(context, 0);
    }
}
