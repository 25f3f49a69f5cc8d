using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Lanes;

/// <summary>A change that the switch tries out, or may: it was told to, and perhaps nobody saw the answer.</summary>
/// <param name="Since">The monotonic moment before the line that began it: the switch counts from later on, so that we always run out first.</param>
/// <param name="Until">When it has gone back by itself at the latest.</param>
internal sealed record RunningTrial(PlanTrial Plan, long Since, DateTimeOffset Until)
{
    public static RunningTrial Begin(PlanTrial plan, TimeSpan longestCommit, TimeProvider clock) =>
        new(plan, clock.GetTimestamp(), clock.GetUtcNow() + longestCommit + plan.Within + Slack(plan));

    /// <summary>The switch has answered, so its time runs since now at the latest.</summary>
    public RunningTrial Begun(TimeProvider clock) => this with { Until = clock.GetUtcNow() + Plan.Within + Slack(Plan) };

    /// <summary>Enough of its time is left for a line to be typed and to arrive.</summary>
    public bool MayBeKept(TimeProvider clock) => clock.GetElapsedTime(Since) < Plan.Within - Slack(Plan);

    private static TimeSpan Slack(PlanTrial plan) => plan.Within / 4 < TimeSpan.FromSeconds(10) ? plan.Within / 4 : TimeSpan.FromSeconds(10);
}
