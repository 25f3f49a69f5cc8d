using System.Collections.Immutable;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>
/// Open vSwitch on Linux, reached by a shell: its database is its startup configuration, meters and flows are lost with a restart, and the agent knows neither
/// aliases nor VLANs.
/// </summary>
internal sealed class OpenVswitch : CommandLine
{
    public static readonly Family Family = new(
        "open-vswitch", "1.3.6.1.4.1.8072.3.2.10", model => $"Linux {model.Name} 6.1.0-22-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.94-1 x86_64",
        AgentHas.Names | AgentHas.AdminIsWritable, new OpenVswitch())
    {
        Small = new HardwareModel("ovs-24", 24, LinuxPorts.Names),
        Large = new HardwareModel("ovs-48", 48, LinuxPorts.Names),
        Hold = line => line with { LinkType = LinkType.Access, MeterKbps = line.Inbound?.CirKbps, LinkAlias = line.Description },
        KeepsWhatRuns = true,
        Restarted = startup => startup with { Ports = startup.Ports.Select(p => p with { Inbound = null, MeterKbps = null, LinkAlias = "" }).ToImmutableArray() },
    };

    protected override IEnumerable<Command> Commands => [];

    public override bool Helps => false;

    public override string Prompt(TerminalState state) =>
        state.Variables.GetValueOrDefault("PS1", "# ").Replace("$?", state.Variables.GetValueOrDefault("?", "0"), StringComparison.Ordinal);

    public override IEnumerable<string> Explain(Misfit misfit, string line, int column, int indent) => [$"-dash: 1: {line}: not found"];

    public override void Escape(CommandContext context)
    {
        // Nothing runs in the foreground that could be stopped.
    }

    public override void Refuse(CommandContext context, IEnumerable<string>? words)
    {
        base.Refuse(context, words);
        context.State.Variables["?"] = "1";
    }

    public override void Run(CommandContext context, string line)
    {
        var (output, status) = Shell.Run(context, line);
        context.State.Variables["?"] = $"{status}";
        if (status == 0) context.Print(output);
        else context.Refuse(output);
    }
}
