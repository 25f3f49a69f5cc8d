using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Ports;

/// <summary><c>port events</c>: what changed on a switch's ports, as the sweeps saw it.</summary>
internal static class ListPortEvents
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var ifName = Values.Name("IFNAME", "Only this port");
        ifName.Arity = System.CommandLine.ArgumentArity.ZeroOrOne;
        var limit = Values.Limit();
        return new UseCase(
            "events", "What changed on the ports of a switch, newest first",
            ["port events sw-3", "port events sw-3 GigabitEthernet0/0/7 --limit 20"], [switchName, ifName, limit],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListPortEventsAsync(parse.GetRequiredValue(switchName), parse.GetValue(ifName), parse.GetValue(limit), ct),
                    new(("AT", "时间"), e => session.Screen.Time(e.At)) { IsKept = true },
                    new(("PORT", "端口"), e => e.IfName) { IsKept = true, KeepsEnd = true },
                    new(("WHAT", "事件"), e => e.Kind),
                    new(("BEFORE", "之前"), e => e.Before ?? "-"),
                    new(("AFTER", "之后"), e => e.After ?? "-"));
                return ExitCode.Done;
            });
    }
}
