using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Lanes;

/// <summary>A claimed switch with all that is needed to speak with it.</summary>
/// <param name="Since">When that was looked up.</param>
internal sealed record Lane(LaneLease Lease, LaneSwitch Switch, SwitchCredential Credential, LoadedTemplate Template, DateTimeOffset Since, LaneGate Gate)
{
    public string Name => Switch.Endpoint.Name;

    /// <summary>Before every line: the claim must stand, and nobody may have stopped everything.</summary>
    public void RequireGoing()
    {
        Lease.RequireHeld();
        Gate.RequireGoing();
    }
}

/// <summary>An item whose lines were all confirmed, with the plan as first made and what the port showed before.</summary>
/// <param name="UpTime">How long the switch had been up when it was last read before a line was typed.</param>
internal sealed record WrittenItem(DueItem Item, DevicePlan Plan, PortReading Before, TimeSpan? UpTime);
