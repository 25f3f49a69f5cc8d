using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>Takes a failed change back, but only what is still as we wrote it, and proves that the port is as it was (I9).</summary>
internal sealed class Compensate(WriteItem write, SwitchAccess access, Journal journal, TimeProvider clock)
{
    /// <summary>Null when the port shows again what it showed before; else why a person has to look.</summary>
    public async Task<string?> RunAsync(Lane lane, WrittenItem written, CancellationToken ct)
    {
        var (item, plan, before, _, trial) = written;
        lane.Said.TurnTo("takeBack", item.Id);
        try
        {
            await RunOutAsync(lane, trial, ct);
            var (left, undo) = await UndoAsync(lane, item, plan, before, ct);
            return undo is null ? left : await ProveAsync(lane, item, undo, ct);
        }
        catch (DeviceException away)
        {
            return away.Message;
        }
    }

    /// <summary>A change on trial is taken back by the switch itself; only what it shows afterwards counts. The lease is renewed meanwhile.</summary>
    private async Task RunOutAsync(Lane lane, RunningTrial? trial, CancellationToken ct)
    {
        if (trial is not null)
        {
            var left = trial.Until - clock.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, ct);
            await journal.TrialUntilAsync(lane.Lease, null, ct);
        }
    }

    /// <summary>Types back what is still as we wrote it. No plan where there was nothing to type, or where it could not be: then the sentence says why.</summary>
    private async Task<(string? Left, DevicePlan? Undo)> UndoAsync(Lane lane, DueItem item, DevicePlan plan, PortReading before, CancellationToken ct)
    {
        await using var line = new LaneSession(access, lane);
        var session = await line.OpenAsync(ct);
        var now = (await access.ReadAsync(session, lane.Switch.Endpoint, lane.Credential, lane.Template, item.Port, item.IfIndex, ct)).Reading;
        var changed = plan.Steps.Where(s => !before.Values.TryGetValue(s.Field, out var was) || now.Values.GetValueOrDefault(s.Field) != was).ToList();
        if (changed.Count == 0)
        {
            return (null, null);
        }

        if (changed.Find(s => now.Values.GetValueOrDefault(s.Field) != s.After) is { } foreign)
        {
            return ($"{FieldNames.Of(foreign.Field)} is {now.Values.GetValueOrDefault(foreign.Field) ?? "-"}, neither what it was nor what was written", null);
        }

        // Not tried out: what returns to what was there before needs no way back, and the switch may have none left.
        var undo = MakePlan.Reverse(plan with { Steps = changed }) with { Trial = null };
        return undo.Steps.Count < changed.Count ? ("what the port showed before cannot be typed back", null)
            : await write.RunAsync(lane, session, item, undo, ct) is WriteOutcome.Written ? (null, undo)
            : ("the switch refused it, or the session broke", null);
    }

    /// <summary>In a session of its own, which begins when the writing one has ended (I4).</summary>
    private async Task<string?> ProveAsync(Lane lane, DueItem item, DevicePlan undo, CancellationToken ct)
    {
        await using var fresh = new LaneSession(access, lane);
        var after = (await access.ReadAsync(await fresh.OpenAsync(ct), lane.Switch.Endpoint, lane.Credential, lane.Template, item.Port, item.IfIndex, ct)).Reading;
        var left = Compare.Unproven(undo.Steps.ToDictionary(s => s.Field, s => s.After), after);
        return left.Count == 0 ? null : string.Join("; ", left);
    }
}
