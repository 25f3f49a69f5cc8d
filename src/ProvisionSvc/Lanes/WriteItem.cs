using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Lanes;

/// <summary>How far a plan came.</summary>
internal abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>The change that the switch tries out, or may; null where it tries none.</summary>
    public RunningTrial? Trial { get; init; }

    /// <summary>Every line was confirmed.</summary>
    public sealed record Written : WriteOutcome;

    /// <summary>The switch refused; the steps of <paramref name="Begun"/> may have changed something.</summary>
    public sealed record Refused(string Words, IReadOnlyList<PlanStep> Begun) : WriteOutcome;

    /// <summary>The session broke; read back in a new one.</summary>
    public sealed record Interrupted(string Why) : WriteOutcome;
}

/// <summary>Runs a plan's steps on a session: journal, lease, one line, outcome.</summary>
internal sealed class WriteItem(Journal journal, SwitchAccess access, TimeProvider clock)
{
    public async Task<WriteOutcome> RunAsync(Lane lane, SwitchSession session, DueItem item, DevicePlan plan, CancellationToken ct)
    {
        var outcome = await StepsAsync(lane, session, item, plan, ct);
        if (outcome is WriteOutcome.Refused)
        {
            // Where lines only fill a candidate, it is emptied; nothing of it has taken effect.
            await session.AbortAsync(item.Port, ct);
        }

        return outcome;
    }

    public static LineOutcome OutcomeOf(LineResult result) => result switch
    {
        LineResult.Confirmed => LineOutcome.Confirmed,
        LineResult.Rejected => LineOutcome.Rejected,
        _ => LineOutcome.Unknown,
    };

    private async Task<WriteOutcome> StepsAsync(Lane lane, SwitchSession session, DueItem item, DevicePlan plan, CancellationToken ct)
    {
        var begun = new List<PlanStep>();
        var (trial, notBegun) = plan.Opening.Count > 0 ? await BeginAsync(lane, session, item, plan.Trial!, begun, ct) : default;
        if (notBegun is not null)
        {
            return notBegun;
        }

        foreach (var step in plan.Steps)
        {
            begun.Add(step);
            if (step.Snmp is { } set && await SetAsync(lane, item, step, set, begun, ct) is { } stopped)
            {
                return stopped with { Trial = trial };
            }

            foreach (var line in step.Lines)
            {
                if (await TypeAsync(lane, session, item, step, line, begun, ct) is { } ended)
                {
                    return ended with { Trial = trial };
                }
            }
        }

        if (plan is { Trial: { } closing, Closing.Count: > 0 })
        {
            var (tried, refused) = await BeginAsync(lane, session, item, closing, begun, ct);
            return refused ?? new WriteOutcome.Written { Trial = tried };
        }

        // The commit makes all steps take effect at once; it is journalled with the last of them.
        foreach (var line in begun.Count == 0 ? [] : plan.Commit)
        {
            if (await TypeAsync(lane, session, item, begun.FindLast(s => s.Lines.Count > 0) ?? begun[^1], line, begun, ct) is { } ended)
            {
                return ended;
            }
        }

        return new WriteOutcome.Written { Trial = trial };
    }

    /// <summary>Types what begins a trial. From the moment before that on nobody can be sure that none runs, unless the switch refuses to.</summary>
    private async Task<(RunningTrial? Trial, WriteOutcome? Ended)> BeginAsync(
        Lane lane, SwitchSession session, DueItem item, PlanTrial plan, IReadOnlyList<PlanStep> begun, CancellationToken ct)
    {
        var trial = default(RunningTrial);
        foreach (var line in plan.Begin)
        {
            if (await MoveAsync(session, item, line, begun, ct) is { } lost)
            {
                return (trial, lost with { Trial = trial });
            }

            var began = trial ?? RunningTrial.Begin(plan, lane.Template.Template.Configure.CommitDeadline ?? TimeSpan.FromMinutes(1), clock);
            await journal.TrialUntilAsync(lane.Lease, began.Until, ct);
            var row = await journal.OpenAsync(lane.Lease, item, "trial", line.Text, "-", "on trial", session.LocalPort, ct);
            var result = await session.TypeAsync(line.Text, ct);
            await journal.CloseAsync(row, Channel.Terminal, OutcomeOf(result), result.Output, ct);
            if (result is LineResult.Rejected(_, var reason))
            {
                await journal.TrialUntilAsync(lane.Lease, trial?.Until, ct);
                return plan.MayFail && trial is null ? default : (trial, new WriteOutcome.Refused($"\"{reason}\" after \"{line.Text}\"", begun) { Trial = trial });
            }

            if (result is LineResult.Unknown(_, var why))
            {
                return (began, new WriteOutcome.Interrupted(why) { Trial = began });
            }

            trial = began.Begun(clock);
            await journal.TrialUntilAsync(lane.Lease, trial.Until, ct);
        }

        return (trial, null);
    }

    /// <summary>Null when the session stands where this line is typed.</summary>
    private static async Task<WriteOutcome?> MoveAsync(SwitchSession session, DueItem item, PlanLine line, IReadOnlyList<PlanStep> begun, CancellationToken ct) =>
        await session.MoveToAsync(line.Scope, item.Port, ct) switch
        {
            LineResult.Rejected(_, var refused) => new WriteOutcome.Refused($"\"{refused}\" on the way to \"{line.Text}\"", begun),
            LineResult.Unknown(_, var lost) => new WriteOutcome.Interrupted(lost),
            _ => null,
        };

    private async Task<WriteOutcome?> TypeAsync(
        Lane lane, SwitchSession session, DueItem item, PlanStep step, PlanLine line, List<PlanStep> begun, CancellationToken ct)
    {
        if (await MoveAsync(session, item, line, begun, ct) is { } lost)
        {
            return lost;
        }

        var row = await journal.OpenAsync(lane.Lease, item, step, Channel.Terminal, line.Text, session.LocalPort, ct);
        var result = await session.TypeAsync(line.Text, ct);
        await journal.CloseAsync(row, Channel.Terminal, OutcomeOf(result), result.Output, ct);
        return result switch
        {
            LineResult.Rejected(_, var reason) => new WriteOutcome.Refused($"\"{reason}\" after \"{line.Text}\"", begun),
            LineResult.Unknown(_, var why) => new WriteOutcome.Interrupted(why),
            _ => null,
        };
    }

    private async Task<WriteOutcome?> SetAsync(
        Lane lane, DueItem item, PlanStep step, PlanSet set, List<PlanStep> begun, CancellationToken ct)
    {
        var row = await journal.OpenAsync(lane.Lease, item, step, Channel.Snmp, $"SET {set.Column} = {set.Value}", null, ct);
        lane.RequireGoing();
        try
        {
            await access.Agents.SetAsync(lane.Switch.Endpoint, lane.Credential, item.Port, item.IfIndex, set, ct);
            await journal.CloseAsync(row, Channel.Snmp, LineOutcome.Confirmed, "", ct);
            return null;
        }
        catch (DeviceException refused) when (refused.Fault == DeviceFault.Rejected)
        {
            await journal.CloseAsync(row, Channel.Snmp, LineOutcome.Rejected, refused.Message, ct);
            return new WriteOutcome.Refused(refused.Message, begun);
        }
        catch (DeviceException lost)
        {
            await journal.CloseAsync(row, Channel.Snmp, LineOutcome.Unknown, lost.Message, ct);
            return new WriteOutcome.Interrupted(lost.Message);
        }
    }
}
