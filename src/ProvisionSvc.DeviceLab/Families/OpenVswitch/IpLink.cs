using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>iproute2's <c>ip link</c>.</summary>
internal static class IpLink
{
    public static Ran Run(CommandContext context, string[] words) => words switch
    {
        ["-o", "link", "show", "dev", var port] => Show(context, port),
        ["link", "set", "dev", var port, ("up" or "down") and var status] =>
            Set(context, port, "shutdown", p => p with { Shutdown = status == "down" }, p => p.Shutdown ? "down" : "up"),
        ["link", "set", "dev", var port, "alias", var text] => Set(context, port, "linkAlias", p => p with { LinkAlias = text }, p => p.LinkAlias),
        ["link", "set", "dev", _, .. var rest] => Ran.Failed(255, $"Error: either \"dev\" is duplicate, or \"{string.Join(' ', rest)}\" is a garbage."),
        _ => Ran.Failed(255, $"Object \"{words.FirstOrDefault()}\" is unknown, try \"ip help\"."),
    };

    private static Ran Set(CommandContext context, string port, string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        if (context.Device.Model.IndexOf(port) is not (>= 0 and var slot)) return Ran.Failed(1, $"Cannot find device \"{port}\"");
        context.WritePort(slot, field, change, shown);
        return Ran.Ok();
    }

    private static Ran Show(CommandContext context, string port)
    {
        if (context.Device.Model.IndexOf(port) is not (>= 0 and var slot)) return Ran.Failed(1, $"Device \"{port}\" does not exist.");
        var config = context.Config.Ports[slot];
        var carrier = context.Device.ReadLink(slot).HasEquipment;
        var flags = config.Shutdown ? "BROADCAST,MULTICAST,PROMISC" : carrier ? "BROADCAST,MULTICAST,PROMISC,UP,LOWER_UP" : "NO-CARRIER,BROADCAST,MULTICAST,PROMISC,UP";
        var state = config.Shutdown ? "DOWN" : carrier ? "UP" : "LOWERLAYERDOWN";
        var alias = config.LinkAlias.Length == 0 ? "" : $@"\    alias {config.LinkAlias}";
        return Ran.Ok(
            $@"{context.Device.IfIndexOf(slot)}: {port}@if2: <{flags}> mtu 1500 qdisc {(config.Outbound is null ? "noqueue" : "htb")} state {state} mode DEFAULT group default qlen 1000\    link/ether 02:07:89:cd:5a:{slot:x2} brd ff:ff:ff:ff:ff:ff link-netnsid {slot}{alias}");
    }
}
