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

    /// <summary>Every line was confirmed.</summary>
    public sealed record Written : WriteOutcome;

    /// <summary>The switch refused; the steps of <paramref name="Begun"/> may have changed something.</summary>
    public sealed record Refused(string Words, IReadOnlyList<PlanStep> Begun) : WriteOutcome;

    /// <summary>The session broke; read back in a new one.</summary>
    public sealed record Interrupted(string Why) : WriteOutcome;
}

/// <summary>Runs a plan's steps on a session: journal, lease, one line, outcome.</summary>
internal sealed class WriteItem(Journal journal, SwitchAccess access)
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

    private async Task<WriteOutcome> StepsAsync(Lane lane, SwitchSession session, DueItem item, DevicePlan plan, CancellationToken ct)
    {
        var begun = new List<PlanStep>();
        foreach (var step in plan.Steps)
        {
            begun.Add(step);
            if (step.Snmp is { } set && await SetAsync(lane, item, step, set, begun, ct) is { } stopped)
            {
                return stopped;
            }

            foreach (var line in step.Lines)
            {
                if (await TypeAsync(lane, session, item, step, line, begun, ct) is { } ended)
                {
                    return ended;
                }
            }
        }

        // The commit makes all steps take effect at once; it is journalled with the last of them.
        foreach (var line in begun.Count == 0 ? [] : plan.Commit)
        {
            if (await TypeAsync(lane, session, item, begun.FindLast(s => s.Lines.Count > 0) ?? begun[^1], line, begun, ct) is { } ended)
            {
                return ended;
            }
        }

        return new WriteOutcome.Written();
    }

    private async Task<WriteOutcome?> TypeAsync(
        Lane lane, SwitchSession session, DueItem item, PlanStep step, PlanLine line, List<PlanStep> begun, CancellationToken ct)
    {
        switch (await session.MoveToAsync(line.Scope, item.Port, ct))
        {
            case LineResult.Rejected(_, var refused):
                return new WriteOutcome.Refused($"\"{refused}\" on the way to \"{line.Text}\"", begun);
            case LineResult.Unknown(_, var lost):
                return new WriteOutcome.Interrupted(lost);
        }

        var row = await journal.OpenAsync(lane.Lease, item, step, Channel.Terminal, line.Text, session.LocalPort, ct);
        var result = await session.TypeAsync(line.Text, ct);
        var (outcome, ending) = result switch
        {
            LineResult.Confirmed => (LineOutcome.Confirmed, default(WriteOutcome)),
            LineResult.Rejected(_, var reason) => (LineOutcome.Rejected, new WriteOutcome.Refused($"\"{reason}\" after \"{line.Text}\"", begun)),
            LineResult.Unknown(_, var why) => (LineOutcome.Unknown, new WriteOutcome.Interrupted(why)),
            _ => throw new InvalidOperationException($"A line cannot end as {result}."),
        };
        await journal.CloseAsync(row, Channel.Terminal, outcome, result.Output, ct);
        return ending;
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
