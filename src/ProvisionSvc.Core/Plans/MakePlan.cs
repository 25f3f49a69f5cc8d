using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>Turns template, intent and reading into the fewest lines that make them agree.</summary>
public static class MakePlan
{
    private static readonly IntentField[] LimitsAndName = [IntentField.RateDown, IntentField.RateUp, IntentField.Alias];

    /// <summary>
    /// The plan for <paramref name="port"/>. Opening: mode, VLANs, rates and alias before the port goes up. Closing: the port goes down before anything is
    /// cleared. A mode is left bare before it is changed. Fields that already agree are left alone; a field that could not be read is set.
    /// </summary>
    /// <param name="writeBy">By which channel fields that have both are written.</param>
    public static PlanOutcome For(
        DeviceTemplate template, PortName port, PortRole role, PortIntent intent, PortReading reading, Channel writeBy = Channel.Terminal)
    {
        var cleared = LeftBehind(template, intent, reading);
        var expected = Project.Expected(template, intent).Concat(cleared.Select(f => KeyValuePair.Create(f, (string?)null))).ToDictionary();
        var order = Order(intent, cleared)
            .Where(expected.ContainsKey)
            .Where(f => !reading.TryGet(f, out var seen) || seen != expected[f])
            .ToList();

        // A SET takes effect at once, a candidate only when it is committed: the port would open before its VLAN stood.
        writeBy = template.Configure.Commit.Count > 0 && order.Exists(f => !RenderStep.BySnmp(template.Fields[f], writeBy)) ? Channel.Terminal : writeBy;
        var refusals = PlanPolicy.OfPort(template, port, role, intent, reading)
            .Concat(PlanPolicy.OfTemplate(template, intent))
            .Concat(order.Where(f => !RenderStep.CanWrite(template.Fields[f], expected[f], writeBy)).Select(f => PlanPolicy.CannotWrite(template, f, expected[f])))
            .ToList();
        if (refusals.Count > 0)
        {
            return new PlanOutcome.Refused(refusals);
        }

        var steps = order.Select(f => RenderStep.Of(template, port, f, reading, expected[f], writeBy)).ToList();
        var plan = new DevicePlan(port, template.Name, steps, expected) { Commit = Commit(template, steps), Trial = Trial(template, steps) };
        return PlanPolicy.OfLines(template, plan).ToList() is { Count: > 0 } words ? new PlanOutcome.Refused(words) : new PlanOutcome.Planned(plan);
    }

    /// <summary>
    /// The plan that returns from <paramref name="plan"/>'s result to the reading it was made from. Fields whose reading is unknown, or was a text that
    /// must not be typed, stay as the plan left them.
    /// </summary>
    public static DevicePlan Reverse(DevicePlan plan)
    {
        var steps = plan.Steps.Where(CanBeUndone).Reverse().ToList();
        return plan with
        {
            Steps = [.. steps.Select(s => s with
            {
                Before = s.After, After = s.Before, Lines = s.Undo, Snmp = s.UndoSnmp, Undo = s.Lines, UndoSnmp = s.Snmp,
            })],
            Commit = steps.Exists(s => s.Undo.Count > 0) ? plan.Commit : [],
            Trial = steps.Exists(s => s.Undo.Count > 0) ? plan.Trial : null,
            Expected = plan.Expected.ToDictionary(
                e => e.Key,
                e => steps.Find(s => s.Field == e.Key) is { } step ? step.Before : e.Value),
        };
    }

    /// <summary>The fields that <see cref="Reverse"/> leaves as the plan made them.</summary>
    public static IReadOnlyList<IntentField> Stays(DevicePlan plan) => [.. plan.Steps.Where(s => !CanBeUndone(s)).Select(s => s.Field)];

    private static bool CanBeUndone(PlanStep step) => step.Undo.Count > 0 || step.UndoSnmp is not null;

    /// <summary>What the port shows of the mode that it is about to leave.</summary>
    private static IReadOnlyList<IntentField> LeftBehind(DeviceTemplate template, PortIntent intent, PortReading reading)
    {
        IntentField[] fields = (reading.Mode, intent.Trunk) switch
        {
            (PortIntent.TrunkMode, null) => [IntentField.NativeVlan, IntentField.AllowedVlans],
            (not PortIntent.TrunkMode, not null) => [IntentField.AccessVlan],
            _ => [],
        };
        return [.. fields.Where(f => template.Fields.ContainsKey(f) && reading.Values.GetValueOrDefault(f) is not null)];
    }

    private static IEnumerable<IntentField> Order(PortIntent intent, IReadOnlyList<IntentField> cleared)
    {
        IntentField[] vlans = [.. cleared, IntentField.Mode, IntentField.AccessVlan, IntentField.AllowedVlans, IntentField.NativeVlan];
        return (intent.AdminStatus == AdminStatus.Up
            ? [.. vlans, .. LimitsAndName, IntentField.AdminStatus]
            : (IEnumerable<IntentField>)[IntentField.AdminStatus, .. LimitsAndName.Reverse(), .. vlans]).Distinct();
    }

    private static IReadOnlyList<PlanLine> Commit(DeviceTemplate template, IReadOnlyList<PlanStep> steps) => Configures(steps) ? InConfiguration(template.Configure.Commit) : [];

    private static PlanTrial? Trial(DeviceTemplate template, IReadOnlyList<PlanStep> steps) => template.Configure.Trial is { } trial && Configures(steps)
        ? new(InConfiguration(trial.Begin), InConfiguration(trial.Keep), trial.Within, trial.SameSession, trial.MayFail)
        : null;

    private static bool Configures(IReadOnlyList<PlanStep> steps) => steps.Any(s => s.Lines.Any(l => l.Scope != LineScope.Exec));

    private static IReadOnlyList<PlanLine> InConfiguration(IReadOnlyList<string> lines) => [.. lines.Select(l => new PlanLine(LineScope.Configure, l))];
}
