using System.Globalization;
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
        var expected = Project.Expected(template, intent);
        var order = (intent.AdminStatus == AdminStatus.Up ? OpeningOrder : OpeningOrder.Reverse())
            .Where(expected.ContainsKey)
            .Where(f => !reading.Values.TryGetValue(f, out var seen) || seen != expected[f])
            .ToList();

        // A SET takes effect at once, a candidate only when it is committed: the port would open before its VLAN stood.
        writeBy = template.Configure.Commit.Count > 0 && order.Exists(f => !BySnmp(template.Fields[f], writeBy)) ? Channel.Terminal : writeBy;
        var refusals = Refusals(template, port, role, intent, reading)
            .Concat(order.Where(f => !CanWrite(template.Fields[f], expected[f], writeBy)).Select(f => CannotWrite(template, f, expected[f])))
            .ToList();
        if (refusals.Count > 0)
        {
            return new PlanOutcome.Refused(refusals);
        }

        var steps = order.Select(f => Step(template, port, f, reading, expected[f], writeBy)).ToList();
        return new PlanOutcome.Planned(new(port, template.Name, steps, expected)
        {
            Commit = Commit(template, steps), Trial = Trial(template, steps),
        });
    }

    /// <summary>
    /// The plan that returns from <paramref name="plan"/>'s result to the reading it was made from. Fields whose reading is unknown, or was a text that
    /// must not be typed, stay as the plan left them.
    /// </summary>
    public static DevicePlan Reverse(DevicePlan plan)
    {
        var steps = plan.Steps.Where(s => s.Undo.Count > 0 || s.UndoSnmp is not null).Reverse().ToList();
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

    private static IEnumerable<string> Refusals(DeviceTemplate template, PortName port, PortRole role, PortIntent intent, PortReading reading)
    {
        if (role != PortRole.Customer)
        {
            yield return $"{port} is {(role == PortRole.Uplink ? "an uplink" : "a reserved port")}; only customer ports are ever written.";
        }

        foreach (var why in reading.Refusals)
        {
            yield return $"{port}: the switch shows that {why}; it is not written. Correct the port's role in the inventory, or clear the port by hand.";
        }

        if (!Printable.Is(port.IfName) || !template.PortPattern.IsMatch(port.IfName))
        {
            yield return $"\"{Printable.Of(port.IfName)}\" is not a port name that template {template.Name} may type; its pattern is {template.PortPattern}.";
        }

        foreach (var (field, value) in intent.Values.OrderBy(v => v.Key))
        {
            if (value is not null && !template.Fields.ContainsKey(field))
            {
                yield return CannotWrite(template, field, value);
            }
        }
    }

    private static bool CanWrite(FieldTemplate how, string? value, Channel writeBy) => BySnmp(how, writeBy) || LinesFor(how, value).Count > 0;

    /// <summary>A field that only SNMP can write is SET whatever the switch's other fields are written by.</summary>
    private static bool BySnmp(FieldTemplate how, Channel writeBy) =>
        how.SnmpSettable && (writeBy == Channel.Snmp || (how.Set.Count == 0 && how.Unset.Count == 0 && how.Cases.Count == 0));

    private static IReadOnlyList<PlanLine> Commit(DeviceTemplate template, IReadOnlyList<PlanStep> steps) => Configures(steps) ? InConfiguration(template.Configure.Commit) : [];

    private static PlanTrial? Trial(DeviceTemplate template, IReadOnlyList<PlanStep> steps) => template.Configure.Trial is { } trial && Configures(steps)
        ? new(InConfiguration(trial.Begin), InConfiguration(trial.Keep), trial.Within, trial.SameSession, trial.MayFail)
        : null;

    private static bool Configures(IReadOnlyList<PlanStep> steps) => steps.Any(s => s.Lines.Any(l => l.Scope != LineScope.Exec));

    private static IReadOnlyList<PlanLine> InConfiguration(IReadOnlyList<string> lines) => [.. lines.Select(l => new PlanLine(LineScope.Configure, l))];

    private static string CannotWrite(DeviceTemplate template, IntentField field, string? value) =>
        $"Template {template.Name} cannot {(value is null ? "take off" : "set")} {FieldNames.Of(field)}; " +
        (field is IntentField.RateDown or IntentField.RateUp
            ? "sell this line with rates enforced elsewhere, or use another switch."
            : "use another switch.");

    private static PlanStep Step(DeviceTemplate template, PortName port, IntentField field, PortReading reading, string? after, Channel writeBy)
    {
        var how = template.Fields[field];
        var known = reading.Values.TryGetValue(field, out var before);
        var snmp = BySnmp(how, writeBy);
        return new(
            field,
            known ? before : null,
            after,
            snmp ? [] : Render(template, port, field, after),
            snmp ? Set(how, field, after) : null,
            known && !snmp && MayBeTyped(field, before) ? Render(template, port, field, before) : [],
            known && snmp && MayBeSet(field, before) ? Set(how, field, before) : null,
            snmp && how.Read is not null ? Channel.Terminal : snmp ? Channel.Snmp : how.VerifyBy);
    }

    /// <summary>What a device showed is its own text, perhaps a customer's: only a value we could have written ourselves is ever typed back (T7).</summary>
    private static bool MayBeTyped(IntentField field, string? seen) => seen is null || field switch
    {
        IntentField.AdminStatus => seen is "up" or "down",
        IntentField.AccessVlan => IsNumber(seen, 4094),
        IntentField.RateDown or IntentField.RateUp => IsNumber(seen, 100_000_000_000),
        _ => CircuitId.TryParse(seen, out _),
    };

    /// <summary>A text goes back as it came; a number only if it is one.</summary>
    private static bool MayBeSet(IntentField field, string? seen) => field == IntentField.Alias || MayBeTyped(field, seen);

    // TryParse alone takes "1\0" for a number: .NET ignores NULs at the end.
    private static bool IsNumber(string text, long most) =>
        text.All(char.IsAsciiDigit) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most;

    private static PlanSet Set(FieldTemplate how, IntentField field, string? value) => field switch
    {
        IntentField.AdminStatus => new(PlanSet.IfAdminStatus, value == "up" ? "1" : "2"),
        IntentField.AccessVlan => new(PlanSet.Dot1qPvid, value ?? how.SnmpNone ?? throw new InvalidOperationException("A PVID that means \"none\" is missing.")),
        _ => new(PlanSet.IfAlias, value ?? how.SnmpNone ?? ""),
    };

    private static IReadOnlyList<TemplateLine> LinesFor(FieldTemplate how, string? value) =>
        value is null ? how.Unset
        : how.Cases.TryGetValue(value, out var lines) ? lines
        : how.Set;

    private static IReadOnlyList<PlanLine> Render(DeviceTemplate template, PortName port, IntentField field, string? value)
    {
        var how = template.Fields[field];
        // Only rates are numbers to the device; a circuit id of digits keeps its leading zeros.
        var text = value is not null && field is (IntentField.RateDown or IntentField.RateUp) ? (long.Parse(value) * how.Scale).ToString() : value;
        return [.. LinesFor(how, value).Select(l => Typed(l, template.Typed(l.Text, port).Replace("{value}", text, StringComparison.Ordinal)))];
    }

    private static PlanLine Typed(TemplateLine line, string text) => Printable.Is(text)
        ? new(line.Scope, text)
        : throw new InvalidOperationException($"The line \"{Printable.Of(text)}\" would leave the keyboard's characters; nothing is planned with it.");
}
