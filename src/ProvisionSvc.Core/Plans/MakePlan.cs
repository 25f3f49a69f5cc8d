using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>Turns template, intent and reading into the fewest lines that make them agree.</summary>
public static class MakePlan
{
    private static readonly IntentField[] OpeningOrder =
        [IntentField.AccessVlan, IntentField.RateDown, IntentField.RateUp, IntentField.Alias, IntentField.AdminStatus];

    /// <summary>
    /// The plan for <paramref name="port"/>. Opening: VLAN, rates and alias before the port goes up. Closing: the port goes down before anything is cleared.
    /// Fields that already agree are left alone; a field that could not be read is set.
    /// </summary>
    /// <param name="writeBy">By which channel fields that have both are written.</param>
    public static PlanOutcome For(
        DeviceTemplate template, PortName port, PortRole role, PortIntent intent, PortReading reading, Channel writeBy = Channel.Terminal)
    {
        var refusals = Refusals(template, port, role, intent).ToList();
        if (refusals.Count > 0)
        {
            return new PlanOutcome.Refused(refusals);
        }

        var expected = Project.Expected(template, intent);
        IEnumerable<IntentField> order = intent.AdminStatus == AdminStatus.Up ? OpeningOrder : OpeningOrder.Reverse();
        var steps = order
            .Where(expected.ContainsKey)
            .Where(f => !reading.Values.TryGetValue(f, out var seen) || seen != expected[f])
            .Select(f => Step(template, port, f, reading, expected[f], writeBy))
            .ToList();
        return new PlanOutcome.Planned(new(port, template.Name, steps, expected));
    }

    /// <summary>The plan that returns from <paramref name="plan"/>'s result to the reading it was made from; fields whose reading is unknown are left out.</summary>
    public static DevicePlan Reverse(DevicePlan plan) => plan with
    {
        Steps = [.. plan.Steps.Reverse().Where(s => s.Undo.Count > 0 || s.UndoSnmp is not null).Select(s => s with
        {
            Before = s.After, After = s.Before, Lines = s.Undo, Snmp = s.UndoSnmp, Undo = s.Lines, UndoSnmp = s.Snmp,
        })],
        Expected = plan.Expected.ToDictionary(
            e => e.Key,
            e => plan.Steps.FirstOrDefault(s => s.Field == e.Key) is { } step ? step.Before : e.Value),
    };

    private static IEnumerable<string> Refusals(DeviceTemplate template, PortName port, PortRole role, PortIntent intent)
    {
        if (role != PortRole.Customer)
        {
            yield return $"{port} is {(role == PortRole.Uplink ? "an uplink" : "a reserved port")}; only customer ports are ever written.";
        }

        if (!template.PortPattern.IsMatch(port.IfName))
        {
            yield return $"\"{port.IfName}\" is not a port name that template {template.Name} may type; its pattern is {template.PortPattern}.";
        }

        foreach (var (field, value) in intent.Values.OrderBy(v => v.Key))
        {
            if (value is not null && !template.Fields.ContainsKey(field))
            {
                yield return field is IntentField.RateDown or IntentField.RateUp
                    ? $"Template {template.Name} cannot set {FieldNames.Of(field)}; sell this line with rates enforced elsewhere, or use another switch."
                    : $"Template {template.Name} cannot set {FieldNames.Of(field)}; use another switch.";
            }
        }
    }

    private static PlanStep Step(DeviceTemplate template, PortName port, IntentField field, PortReading reading, string? after, Channel writeBy)
    {
        var how = template.Fields[field];
        var known = reading.Values.TryGetValue(field, out var before);
        var snmp = writeBy == Channel.Snmp && how.SnmpSettable;
        return new(
            field,
            known ? before : null,
            after,
            snmp ? [] : Render(how, port, after),
            snmp ? Set(field, after) : null,
            known && !snmp ? Render(how, port, before) : [],
            known && snmp ? Set(field, before) : null,
            snmp ? Channel.Terminal : how.VerifyBy);
    }

    private static PlanSet Set(IntentField field, string? value) => field == IntentField.AdminStatus
        ? new("ifAdminStatus", value == "up" ? "1" : "2")
        : new("ifAlias", value ?? "");

    private static IReadOnlyList<PlanLine> Render(FieldTemplate how, PortName port, string? value)
    {
        var lines = value is null ? how.Unset
            : how.Cases.TryGetValue(value, out var lines1) ? lines1
            : how.Set;
        var text = long.TryParse(value, out var number) ? (number * how.Scale).ToString() : value;
        return [.. lines.Select(l => new PlanLine(l.Scope, l.Text
            .Replace("{port}", port.IfName, StringComparison.Ordinal)
            .Replace("{value}", text, StringComparison.Ordinal)))];
    }
}
