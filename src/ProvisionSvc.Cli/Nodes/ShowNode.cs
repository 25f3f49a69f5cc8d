using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Nodes;

/// <summary><c>node show</c>.</summary>
internal static class ShowNode
{
    public static UseCase Create()
    {
        var name = Values.Name("NODE", "Name of the node");
        return new UseCase(
            "show", "One node: uplink sold against uplink there is, VLANs", ["node show north-1"], [name],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadNodeAsync(parse.GetRequiredValue(name), ct), node => Show(session.Screen, node));
                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, NodeView node)
    {
        var room = (node.UplinkMbps * node.Oversubscription) - node.CommittedMbps;
        screen.Fields(
            new(("node", "节点"), node.Name, Tone.Strong),
            new(("district", "区域"), $"{node.District}"),
            new(("uplink", "上联"), $"{node.UplinkMbps:0.###} Mbit/s × {node.Oversubscription:0.##}"),
            new(("committed", "已售"), $"{node.CommittedMbps:0.###} Mbit/s"),
            new(("room", "剩余"), $"{room:0.###} Mbit/s", room > 0 ? Tone.Good : Tone.Bad),
            new(("VLANs", "VLAN"), screen.Say(
                ($"{node.VlanFirst}..{node.VlanLast}, used {node.VlansUsed}", $"{node.VlanFirst}..{node.VlanLast}，已用 {node.VlansUsed}"))),
            new(("buildings", "楼宇"), $"{node.Buildings}"),
            new(("switches", "交换机"), $"{node.Switches}"));
    }
}
