using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Lanes;

/// <summary>A claimed switch with all that is needed to speak with it.</summary>
/// <param name="Since">When that was looked up.</param>
internal sealed record Lane(LaneLease Lease, LaneSwitch Switch, SwitchCredential Credential, LoadedTemplate Template, DateTimeOffset Since, LaneGate Gate)
{
    public string Name => Switch.Endpoint.Name;

    /// <summary>What was said in this run's sessions.</summary>
    public Conversation Said { get; } = new();

    /// <summary>Before every line: the claim must stand, and nobody may have stopped everything.</summary>
    public void RequireGoing()
    {
        Lease.RequireHeld();
        Gate.RequireGoing();
    }
}

/// <summary>An item whose lines were all confirmed, with the plan as first made and what the port showed before.</summary>
/// <param name="UpTime">How long the switch had been up when it was last read before a line was typed.</param>
/// <param name="Trial">Where the switch tries the change out, or may.</param>
internal sealed record WrittenItem(DueItem Item, DevicePlan Plan, PortReading Before, TimeSpan? UpTime, RunningTrial? Trial = null);

/// <summary>An item whose change the switch does not show.</summary>
internal sealed record FailedItem(WrittenItem Written, string Why, bool Restarted)
{
    /// <summary>Null where all is proven.</summary>
    public static FailedItem? Of(Lane lane, WrittenItem written, Proof proof) =>
        proof.Unproven.Count == 0 ? null

        // A switch that started again shows what it had saved: that is no refusal of ours (F7).
        : proof.UpTime < written.UpTime ? new(written, $"{lane.Name} has started again since its ports were written.", Restarted: true)
        : new(written, string.Join("; ", proof.Unproven), Restarted: false);
}
