using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Switches;

/// <summary>A switch for a person.</summary>
internal static class SwitchText
{
    public static void Switch(this Screen screen, SwitchView view) => screen.Fields(
        new(("switch", "交换机"), view.Name, Tone.Strong),
        new(("building", "楼宇"), $"{view.Building} ({screen.Say(("node", "节点"))} {view.Node})"),
        new(("template", "模板"), view.Template),
        new(("address", "地址"), $"{view.Address}  SNMP {view.SnmpPort}  SSH {view.SshPort}"),
        new(("credential", "凭据"), view.Credential),
        new(("serial", "序列号"), view.Serial),
        new(("host key", "主机密钥"), view.HostKeySha256 ?? screen.Say(
            ($"none trusted: provision switch trust {view.Name}", $"未信任：provision switch trust {view.Name}"))),
        new(("mode", "模式"), view.Mode, Tones.OfSwitchMode(view.Mode)),
        new(("locked", "锁定原因"), view.LockedReason, Tone.Bad),
        new(("ports", "端口"), screen.Say(
            ($"{view.Ports}, lit {view.PortsLit}, free {view.PortsFree}", $"共 {view.Ports}，已开通 {view.PortsLit}，空闲 {view.PortsFree}"))),
        new(("reachability", "可达性"), view.Reachability, Tones.OfReachability(view.Reachability)),
        new(("polled", "轮询时间"), view.LastPolledAt is null ? screen.Say(("never", "从未")) : screen.Time(view.LastPolledAt)));
}
