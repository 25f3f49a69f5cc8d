using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Nodes;

/// <summary><c>node list</c>.</summary>
internal static class ListNodes
{
    public static UseCase Create() => new(
        "list", "Nodes with uplink and VLAN room", ["node list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListNodesAsync(ct),
                new(("NODE", "节点"), n => n.Name) { IsKept = true },
                new(("DISTRICT", "区域"), n => $"{n.District}") { IsNumber = true },
                new(("UPLINK", "上联"), n => $"{n.UplinkMbps:0.###}") { IsNumber = true },
                new(("OVERSUB", "超售比"), n => $"{n.Oversubscription:0.##}") { IsNumber = true },
                new(("COMMITTED", "已售"), n => $"{n.CommittedMbps:0.###}") { IsNumber = true },
                new(("VLANS", "VLAN"), n => $"{n.VlansUsed}/{n.VlanLast - n.VlanFirst + 1}") { IsNumber = true },
                new(("BUILDINGS", "楼宇"), n => $"{n.Buildings}") { IsNumber = true },
                new(("SWITCHES", "交换机"), n => $"{n.Switches}") { IsNumber = true });
            return ExitCode.Done;
        });
}
