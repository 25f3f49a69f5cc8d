using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Ports;

/// <summary><c>port plan</c>: what would make a port what it should be.</summary>
internal static class PlanPort
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var ifName = Values.Name("IFNAME", "The port's ifName");
        var (reverse, native) = (PlanShape.Reverse(), PlanShape.Native());
        return new UseCase(
            "plan", "Read a port now and show what would make it what it should be; writes nothing; exit code 2 when something would change",
            [
                "port plan sw-3 GigabitEthernet0/0/7",
                "port plan sw-3 GigabitEthernet0/0/7 --reverse",
                "port plan sw-3 GigabitEthernet0/0/7 --native",
            ],
            [switchName, ifName, reverse, native],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.PlanPortAsync(parse.GetRequiredValue(switchName), parse.GetRequiredValue(ifName), ct);
                session.Show(answer, view => session.Screen.PortPlan(view, PlanShape.Of(parse, reverse, native)));
                return answer.Value.Plan.Steps.Count > 0 ? ExitCode.ChangesPending : ExitCode.Done;
            });
    }
}
