using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Ports;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Services;

/// <summary><c>service show</c>.</summary>
internal static class ShowService
{
    public static UseCase Create()
    {
        var circuit = Values.Name("CIRCUIT", "Circuit id of the service");
        return new UseCase(
            "show", "One service: who, what, where, and the holds on it", ["service show CN-1001"], [circuit],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.ReadServiceAsync(parse.GetRequiredValue(circuit), ct), service => Show(session.Screen, service));
                return ExitCode.Done;
            });
    }

    private static void Show(Screen screen, ServiceView service)
    {
        screen.Fields(
            new(("service", "业务"), service.CircuitId, Tone.Strong),
            new(("customer", "客户"), $"{service.Customer} ({service.Account})"),
            new(("building", "楼宇"), service.Building),
            new(("group", "集团"), service.Group),
            new(("state", "状态"), service.State, service.State == "active" ? Tone.Good : Tone.Waiting),
            new(("rate", "速率"), PortColumns.Rates(service.RateDownMbps, service.RateUpMbps)));
        screen.Line();
        screen.Table(
            service.Attachments,
            new(("SWITCH", "交换机"), a => a.Switch) { IsKept = true },
            new(("PORT", "端口"), a => a.IfName) { IsKept = true, KeepsEnd = true },
            new(("VLAN", "VLAN"), a => a.Tagged ? $"{a.Vlan} tagged" : $"{a.Vlan}") { IsNumber = true },
            new(("RATE", "速率"), a => PortColumns.Rates(a.RateDownMbps, a.RateUpMbps) + (a.RateEnforcedElsewhere ? " (elsewhere)" : "")));
        if (service.Holds.Count > 0)
        {
            screen.Line();
            screen.Table(
                service.Holds,
                new(("HOLD", "停机原因"), h => h.Kind) { IsKept = true, Tone = h => h.ReleasedAt is null ? Tone.Waiting : Tone.Faint },
                new(("OWNER", "责任人"), h => h.Owner),
                new(("REASON", "说明"), h => h.Reason),
                new(("SINCE", "起始"), h => screen.Time(h.Since)),
                new(("ENDS", "截止"), h => h.Until is null ? "" : screen.Time(h.Until)),
                new(("RELEASED", "解除"), h => h.ReleasedAt is null ? screen.Say(("stands", "生效中")) : $"{screen.Time(h.ReleasedAt)} {h.ReleasedBy}".TrimEnd()));
        }
    }
}
