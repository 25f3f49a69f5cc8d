using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Audit;

/// <summary><c>audit list</c>.</summary>
internal static class ListAudit
{
    public static UseCase Create()
    {
        var from = Values.Moment("--from", "Not before this time");
        var to = Values.Moment("--to", "Before this time");
        var who = Values.Text("--who", "NAME", "Only by this person, system or part of the service");
        var action = Values.Text("--action", "ACTION", "Only this, such as order.accept or switch.unlock");
        var what = Values.Text("--object", "OBJECT", "Only about this, such as order/17");
        var limit = Values.Limit();
        return new UseCase(
            "list", "Who did what, newest first", ["audit list --limit 20", "audit list --object order/17", "--lang zh audit list --who crm --from 2030-01-31T00:00Z"],
            [from, to, who, action, what, limit],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListAuditAsync(
                        parse.GetValue(from), parse.GetValue(to), parse.GetValue(who), parse.GetValue(action), parse.GetValue(what), parse.GetValue(limit), ct),
                    new(("WHEN", "时间"), a => session.Screen.Time(a.At)) { IsKept = true },
                    new(("WHO", "人员"), a => a.Who) { IsKept = true },
                    new(("ACTION", "操作"), a => a.Action) { IsKept = true },
                    new(("OBJECT", "对象"), a => a.Object) { IsKept = true },
                    new(("SEAL", "封印"), a => $"{a.Seal}") { IsNumber = true },
                    new(("DETAIL", "详情"), a => a.Detail.GetRawText()));
                return ExitCode.Done;
            });
    }
}
