using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>Takes a failed change back, but only what is still as we wrote it, and proves that the port is as it was (I9).</summary>
internal sealed class Compensate(WriteItem write, SwitchAccess access)
{
    /// <summary>Null when the port shows again what it showed before; else why a person has to look.</summary>
    public async Task<string?> RunAsync(Lane lane, WrittenItem written, CancellationToken ct)
    {
        var (item, plan, before) = written;
        try
        {
            await using var session = await access.OpenAsync(lane.Switch.Endpoint, lane.Credential, lane.Template, lane.Lease.RequireHeld, ct);
            var now = await access.ReadAsync(session, lane.Switch.Endpoint, lane.Credential, lane.Template, item.Port, item.IfIndex, ct);
            var changed = plan.Steps.Where(s => !before.Values.TryGetValue(s.Field, out var was) || now.Values.GetValueOrDefault(s.Field) != was).ToList();
            if (changed.Count == 0)
            {
                return null;
            }

            if (changed.Find(s => now.Values.GetValueOrDefault(s.Field) != s.After) is { } foreign)
            {
                return $"{FieldNames.Of(foreign.Field)} is {now.Values.GetValueOrDefault(foreign.Field) ?? "-"}, neither what it was nor what was written";
            }

            var undo = MakePlan.Reverse(plan with { Steps = changed });
            if (undo.Steps.Count < changed.Count)
            {
                return "what the port showed before cannot be typed back";
            }

            if (await write.RunAsync(lane, session, item, undo, ct) is not WriteOutcome.Written)
            {
                return "the switch refused it, or the session broke";
            }

            await using var fresh = await access.OpenAsync(lane.Switch.Endpoint, lane.Credential, lane.Template, lane.Lease.RequireHeld, ct);
            var after = await access.ReadAsync(fresh, lane.Switch.Endpoint, lane.Credential, lane.Template, item.Port, item.IfIndex, ct);
            var left = Compare.Unproven(changed.ToDictionary(s => s.Field, s => before.Values[s.Field]), after);
            return left.Count == 0 ? null : string.Join("; ", left);
        }
        catch (DeviceException away)
        {
            return away.Message;
        }
    }
}
