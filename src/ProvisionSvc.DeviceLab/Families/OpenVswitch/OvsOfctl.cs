using System.Globalization;
using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>ovs-ofctl: meters that are numbered like the ports, and flows that send what comes in through them.</summary>
internal static partial class OvsOfctl
{
    private const int Error = 2;

    public static Ran Run(CommandContext context, string[] words)
    {
        var rest = words.Where(w => !w.StartsWith('-') && w != "OpenFlow13").ToArray();
        if (rest is not [var verb, "br0", var what]) return Ran.Failed(1, "ovs-ofctl: unknown command; use --help for help");
        if (Number().Match(what) is not { Success: true } found || Slot(context, found.Groups[1].Value) is not { } slot) return Ran.Failed(1, $"ovs-ofctl: {what}: invalid port or meter");
        var port = context.Config.Ports[slot];
        var number = context.Device.Model.Interfaces[slot].BasePort;
        switch (verb)
        {
            case "dump-flows":
                return port.Inbound is null ? Ran.Ok() : Ran.Ok($" priority=100,in_port={context.Device.Model.Interfaces[slot].Name} actions=meter:{number},NORMAL");
            case "dump-meter":
                return port.MeterKbps is { } rate
                    ? Ran.Ok("OFPST_METER_CONFIG reply (OF1.3) (xid=0x2):", $"meter={number} kbps burst bands=", $"type=drop rate={rate} burst_size={rate / 4}")
                    : Ran.Ok("OFPT_ERROR (OF1.3) (xid=0x2): OFPMMFC_UNKNOWN_METER", $"OFPST_METER_CONFIG request (OF1.3) (xid=0x2): meter={number}");
            case "add-meter" when port.MeterKbps is not null:
                return Ran.Failed(Error, "OFPT_ERROR (OF1.3) (xid=0x2): OFPMMFC_METER_EXISTS");
            case "add-meter" when MeterRate().Match(what) is { Success: true } band:
                var kbps = int.Parse(band.Groups[1].Value, CultureInfo.InvariantCulture);
                context.WritePort(slot, "meter", p => p with { MeterKbps = kbps }, p => $"{p.MeterKbps}");
                return Ran.Ok();
            case "del-meter":
                // A flow that leads through it goes with it. One that is not there is gone already.
                context.WritePort(slot, "meter", p => p with { MeterKbps = null, Inbound = null }, p => $"{p.MeterKbps}");
                return Ran.Ok();
            case "add-flow" when port.MeterKbps is null:
                return Ran.Failed(Error, "OFPT_ERROR (OF1.3) (xid=0x2): OFPMMFC_INVALID_METER");
            case "add-flow":
                context.WritePort(slot, "inbound", p => p with { Inbound = new(p.MeterKbps ?? 0, 0) }, p => p.Inbound?.ToString() ?? "");
                return Ran.Ok();
            case "del-flows":
                context.WritePort(slot, "inbound", p => p with { Inbound = null }, p => p.Inbound?.ToString() ?? "");
                return Ran.Ok();
            default:
                return Ran.Failed(1, $"ovs-ofctl: unknown command '{verb}'; use --help for help");
        }
    }

    private static int? Slot(CommandContext context, string number)
    {
        var wanted = int.Parse(number, CultureInfo.InvariantCulture);
        return context.Device.Model.Interfaces.ToList().FindIndex(i => i.BasePort == wanted && wanted > 0) is >= 0 and var slot ? slot : null;
    }

    [GeneratedRegex(@"(?:in_port|meter)=(\d{1,5})", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\brate=(\d{1,9})", RegexOptions.CultureInvariant)]
    private static partial Regex MeterRate();
}
