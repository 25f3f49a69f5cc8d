using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>
/// MikroTik on RouterOS: every line names its menu, takes effect at once and is kept. As for a user with the suffix <c>+ct</c>: no colours, no repainting.
/// A <c>find</c> that finds nothing changes nothing and says nothing.
/// </summary>
internal sealed class MikrotikRouteros : CommandLine
{
    public static readonly Family Family = new(
        "mikrotik-routeros", "1.3.6.1.4.1.14988.1", model => $"RouterOS {model.Name}", AgentHas.Names | AgentHas.Aliases, new MikrotikRouteros())
    {
        Small = new HardwareModel("CRS326-24G-2S+", 24, Names),
        Large = new HardwareModel("CRS354-48G-4S+2Q+", 48, Names),
        Hold = Family.WithoutRates,
        KeepsWhatRuns = true,
    };

    public override Pager? Pager { get; } = new("-- [Q quit|D dump|down]", $"\r{new string(' ', 24)}\r");

    public override string? LoginQuestion => "Do you want to see the software license? [Y/n]:";

    protected override IEnumerable<Command> Commands =>
    [
        new(Mode.User, "/quit", c => c.State.IsOver = true),
        new(Mode.User, "/interface print detail without-paging where <word>", c => c.Print([Flags, .. Slots(c, "name=", 0).SelectMany(s => Interface(c.Device, s))])),
        new(Mode.User, "/interface print detail without-paging", c => c.Print([Flags, .. Enumerable.Range(0, c.Device.Model.Interfaces.Count).SelectMany(s => Interface(c.Device, s))])),
        new(Mode.User, "/interface bridge port print terse without-paging where <word>", c => c.Print(Slots(c, "interface=", 0).Where(s => IsBridged(c.Device, s)).Select(s => Bridged(c.Device, s)))),
        new(Mode.User, "/interface set [find <word> <rest>", c => Set(c, "name=")),
        new(Mode.User, "/interface bridge port set [find <word> <rest>", c => Set(c, "interface=")),
        new(Mode.User, "/system resource print", c => c.Print(["             version: 7.15.2 (stable)", $"          board-name: {c.Device.Model.Name}"])),
    ];

    private const string Flags = "Flags: D - dynamic; X - disabled, R - running; S - slave; P - passthrough";

    public override string Prompt(TerminalState state) => $"[admin@{state.SysName}] > ";

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent)
    {
        var what = misfit switch
        {
            Misfit.Unrecognized => $"bad command name {CommandMatcher.Split(line).FirstOrDefault(t => t.Column == column).Text}",
            Misfit.TooMany => "expected end of command",
            Misfit.Ambiguous => "ambiguous value of command name",
            _ => "syntax error",
        };
        return [$"{what} (line 1 column {column + 1})"];
    }

    private static InterfaceName? Names(InterfaceKind kind, int n) => kind switch
    {
        InterfaceKind.Port => $"ether{n}",
        InterfaceKind.FastPort => $"sfp-sfpplus{n}",
        InterfaceKind.Lag => $"bonding{n}",
        InterfaceKind.VlanInterface => "bridge",
        _ => default(InterfaceName?),
    };

    /// <summary>The interface that <c>name=X</c>, <c>name=X]</c> or <c>interface=X</c> finds: one or none.</summary>
    private static IEnumerable<int> Slots(CommandContext context, string by, int index)
    {
        var word = context.Text(index).TrimEnd(']').Replace("\"", "", StringComparison.Ordinal);
        return word.StartsWith(by, StringComparison.Ordinal) && context.Device.Model.IndexOf(word[by.Length..]) is >= 0 and var slot ? [slot] : [];
    }

    private static bool IsBridged(SimSwitch device, int slot) => device.Model.Interfaces[slot] is { IsPhysical: true, IsLagMember: false };

    private static void Set(CommandContext context, string by)
    {
        var (key, value) = context.Text(1).Split('=', 2) is [var k, var v] ? (k, v.Trim('"')) : ("", "");
        var slots = Slots(context, by, 0).ToList();
        switch (by + key)
        {
            case "name=disabled" when value is "yes" or "no":
                Write("shutdown", p => p with { Shutdown = value == "yes" }, p => p.Shutdown ? "disabled" : "enabled");
                break;
            case "name=comment":
                Write("description", p => p with { Description = value }, p => p.Description);
                break;
            case "interface=pvid" when int.TryParse(value, out var vlan) && vlan is >= 1 and <= 4094:
                if (slots.Any(s => !IsBridged(context.Device, s))) return;
                Write("defaultVlan", p => p with { DefaultVlan = vlan, LinkType = vlan == 1 ? LinkType.Default : LinkType.Access }, p => $"{p.DefaultVlan}");
                break;
            case "name=disabled" or "interface=pvid":
                context.Refuse($"invalid value for argument {key}");
                break;
            default:
                context.Refuse($"expected end of command (line 1 column {context.Arguments[1].Column + 1})");
                break;
        }

        void Write(string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
        {
            foreach (var slot in slots) context.WritePort(slot, field, change, shown);
        }
    }

    private static IEnumerable<string> Interface(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var state = port.Shutdown ? "X" : device.ReadLink(slot).IsUp ? "RS" : "S";
        var rest = $"name=\"{model.CliName}\" default-name=\"{model.CliName}\" type=\"ether\" mtu=1500 actual-mtu=1500";
        if (port.Description.Length == 0)
        {
            yield return $" 0  {state,-3} {rest}";
            yield break;
        }

        yield return $" 0  {state,-3} ;;; {port.Description}";
        yield return $"        {rest}";
    }

    private static string Bridged(SimSwitch device, int slot)
    {
        var (model, port) = (device.Model.Interfaces[slot], device.Running.Ports[slot]);
        var frames = model.Kind == InterfaceKind.Lag ? "admit-only-vlan-tagged" : port.DefaultVlan == 1 ? "admit-all" : "admit-only-untagged-and-priority-tagged";
        return $" 0   {(device.ReadLink(slot).IsUp ? "H" : "I")} interface={model.CliName} bridge=bridge priority=0x80 path-cost=10 edge=auto pvid={port.DefaultVlan} frame-types={frames} ingress-filtering=yes";
    }
}
