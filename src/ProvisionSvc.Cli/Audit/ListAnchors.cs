using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Audit;

/// <summary><c>audit anchors</c>.</summary>
internal static class ListAnchors
{
    public static UseCase Create() => new(
        "anchors", "What each day of the audit log ended with, to be kept where nobody with the database's rights can reach it",
        ["audit anchors", "audit anchors --output json"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListAuditAnchorsAsync(ct),
                new(("DAY", "日期"), a => a.Day) { IsKept = true },
                new(("SEAL", "封印"), a => $"{a.Sequence}") { IsNumber = true },
                new(("HASH", "哈希"), a => a.Hash) { IsKept = true });
            return ExitCode.Done;
        });
}
