using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>What the switch showed of a port, and what of it is not as expected.</summary>
internal sealed record Proof(IReadOnlyList<ProvenFieldView> Fields, OperStatus OperStatus, long IfIndex, TimeSpan? UpTime, IReadOnlyList<FieldDifference> Unproven);

/// <summary>
/// Reads a port back: each field by the channel that its template names, the terminal in a session of its own. Agents lag, so they are asked again for a while.
/// </summary>
internal sealed class ProveItem(SwitchAccess access, TimeProvider clock, IOptions<LaneOptions> options)
{
    /// <param name="steps">What was changed, which says by which channel it must be proven; other fields as the template says.</param>
    public async Task<Proof> RunAsync(
        Lane lane, SwitchSession fresh, DueItem item,
        IReadOnlyDictionary<IntentField, string?> expected, IReadOnlyList<PlanStep> steps, CancellationToken ct)
    {
        var typed = await fresh.ReadAsync(item.Port, ct);
        var channels = expected.Keys.ToDictionary(f => f, f => ChannelOf(lane.Template.Template, f, steps));
        var asked = await AskUntilAsync(lane, item, expected.Where(e => channels[e.Key] == Channel.Snmp).ToDictionary(), ct);
        var shown = new PortReading(channels
            .Select(c => (c.Key, Source: c.Value == Channel.Snmp ? asked.Reading : typed))
            .Where(c => c.Source.Values.ContainsKey(c.Key))
            .ToDictionary(c => c.Key, c => c.Source.Values[c.Key]));
        return new(
            [.. shown.Values.OrderBy(v => v.Key).Select(v => new ProvenFieldView(FieldNames.Of(v.Key), v.Value, EnumText.Of(channels[v.Key])))],
            asked.Reading.OperStatus, asked.IfIndex, asked.UpTime, Compare.Unproven(expected, shown));
    }

    private static Channel ChannelOf(DeviceTemplate template, IntentField field, IReadOnlyList<PlanStep> steps) =>
        steps.FirstOrDefault(s => s.Field == field)?.VerifyBy ?? (template.Fields[field].Read is null ? Channel.Snmp : template.Fields[field].VerifyBy);

    private async Task<AgentReading> AskUntilAsync(
        Lane lane, DueItem item, Dictionary<IntentField, string?> expected, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            var asked = await access.Agents.ReadAsync(lane.Switch.Endpoint, lane.Credential, lane.Template.Template, item.Port, item.IfIndex, ct);
            if (Compare.Unproven(expected, asked.Reading).Count == 0 || clock.GetElapsedTime(started) > options.Value.ProofPatience)
            {
                return asked;
            }

            await Task.Delay(pause, clock, ct);
            pause = TimeSpan.FromMilliseconds(Math.Min(2000, pause.TotalMilliseconds * 2));
        }
    }
}
