using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Lanes;

/// <summary>
/// Proves a change while the switch tries it out, and tells it to keep it. What is not proven, or not kept in time, the switch takes back by itself,
/// whoever has died meanwhile.
/// </summary>
internal sealed class KeepTrial(ProveItem prove, SettleItem settle, Journal journal, TimeProvider clock)
{
    /// <summary>True: nothing is on trial any more, and what was written is now proven and saved like any other change. False: the item waits or has ended.</summary>
    public async Task<bool> RunAsync(Lane lane, LaneSession line, IReadOnlyList<WrittenItem> batch, CancellationToken ct)
    {
        if (batch is not [{ Trial: { } trial } written])
        {
            return true;
        }

        lane.Said.TurnTo("keep", written.Item.Id);
        try
        {
            if (!trial.Plan.SameSession)
            {
                await line.CloseAsync();
            }

            var session = await line.OpenAsync(ct);
            var proof = await prove.RunAsync(lane, session, written.Item, written.Plan.Expected, written.Plan.Steps, ct);
            if (FailedItem.Of(lane, written, proof) is { Restarted: false } failed)
            {
                await line.CloseAsync();
                await settle.TakeBackAsync(lane, written, Reasons.NotProven, failed.Why, ct);
                return false;
            }

            if (await NotKeptAsync(lane, session, written, trial, ct) is not { } why)
            {
                await journal.TrialUntilAsync(lane.Lease, null, ct);
                return true;
            }

            await line.CloseAsync();
            await settle.WaitAsync(lane, written.Item, Reasons.Interrupted, why, ct, trial.Until);
        }
        catch (DeviceException trouble)
        {
            await settle.WaitAsync(lane, written.Item, Reasons.Interrupted, trouble.Message, ct, trial.Until);
        }

        return false;
    }

    /// <summary>Types what keeps the change. Null when the switch took it in time.</summary>
    private async Task<string?> NotKeptAsync(Lane lane, SwitchSession session, WrittenItem written, RunningTrial trial, CancellationToken ct)
    {
        foreach (var line in trial.Plan.Keep)
        {
            if (await session.MoveToAsync(line.Scope, written.Item.Port, ct) is { } stopped)
            {
                return $"\"{line.Text}\" could not be typed: {stopped}";
            }

            if (!trial.MayBeKept(clock))
            {
                return $"{lane.Name} tries a change out for {trial.Plan.Within.TotalSeconds:0} s, and too little of that was left to keep it.";
            }

            var row = await journal.OpenAsync(lane.Lease, written.Item, "trial", line.Text, "on trial", "kept", session.LocalPort, ct);
            var result = await session.TypeAsync(line.Text, ct);
            await journal.CloseAsync(row, Channel.Terminal, WriteItem.OutcomeOf(result), result.Output, ct);
            if (result is not LineResult.Confirmed)
            {
                return $"{lane.Name} was to keep a change that it tries out: {result}";
            }
        }

        return null;
    }
}
