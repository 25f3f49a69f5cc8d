using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>What forbids a plan, whoever ordered it. All of it is said at once.</summary>
internal static class PlanPolicy
{
    /// <summary>What speaks against writing the port at all (I8, T9).</summary>
    public static IEnumerable<string> OfPort(DeviceTemplate template, PortName port, PortRole role, PortIntent intent, PortReading reading)
    {
        if (role != PortRole.Customer)
        {
            yield return $"{port} is {(role == PortRole.Uplink ? "an uplink" : "a reserved port")}; only customer ports are ever written.";
        }

        foreach (var why in reading.Refusals.Concat(Foreign(intent, reading)))
        {
            yield return $"{port}: the switch shows that {why}; it is not written. Correct the port's role in the inventory, or clear the port by hand.";
        }

        if (!Printable.Is(port.IfName) || !template.PortPattern.IsMatch(port.IfName))
        {
            yield return $"\"{Printable.Of(port.IfName)}\" is not a port name that template {template.Name} may type; its pattern is {template.PortPattern}.";
        }
    }

    /// <summary>What the template lacks for the intent.</summary>
    public static IEnumerable<string> OfTemplate(DeviceTemplate template, PortIntent intent)
    {
        if (intent.Trunk is not null && !template.CanTrunk)
        {
            yield return $"Template {template.Name} makes no trunks, so no tagged VLAN can be on its ports; sell the line untagged, or use another switch.";
        }

        // Where a template says nothing of modes, its lines for the access VLAN make the port an access port.
        foreach (var (field, value) in intent.Values.OrderBy(v => v.Key))
        {
            if (value is not null && field is not (IntentField.Mode or IntentField.AllowedVlans) && !template.Fields.ContainsKey(field))
            {
                yield return CannotWrite(template, field, value);
            }
        }
    }

    public static string CannotWrite(DeviceTemplate template, IntentField field, string? value) =>
        $"Template {template.Name} cannot {(value is null ? "take off" : "set")} {FieldNames.Of(field)}; " +
        (field is IntentField.RateDown or IntentField.RateUp
            ? "sell this line with rates enforced elsewhere, or use another switch."
            : "use another switch.");

    /// <summary>
    /// The commands that may stand in a plan's lines begin with the words of the lines by which the template writes the plan's fields, and of its commit and trial;
    /// what reads, saves or logs in is not among them. Compared with what would really be typed, so that no value brings a command of its own (T7, T8).
    /// </summary>
    public static IEnumerable<string> OfLines(DeviceTemplate template, DevicePlan plan)
    {
        foreach (var step in plan.Steps)
        {
            var words = template.Fields[step.Field].AllLines.SelectMany(l => CommandWords.First(l.Text)).Where(template.FirstWords.Contains).ToHashSet(StringComparer.Ordinal);
            foreach (var (line, word) in step.Lines.Concat(step.Undo).SelectMany(l => CommandWords.First(l.Text).Where(w => !words.Contains(w)).Select(w => (l.Text, w))).Distinct())
            {
                yield return $"\"{line}\" would begin a command with \"{word}\", which is not among the words that template {template.Name} " +
                    $"lists for {FieldNames.Of(step.Field)} ({string.Join(", ", words.Order(StringComparer.Ordinal))}); nothing is planned with it.";
            }
        }

        foreach (var (line, word) in plan.Opening.Concat(plan.Closing).Concat(plan.Keep).SelectMany(l => CommandWords.First(l.Text).Where(w => !template.FirstWords.Contains(w)).Select(w => (l.Text, w))))
        {
            yield return $"\"{line}\" would begin a command with \"{word}\", which template {template.Name} does not list; nothing is planned with it.";
        }
    }

    /// <summary>A trunk is written only where everything that it carries was put there by us.</summary>
    private static IEnumerable<string> Foreign(PortIntent intent, PortReading reading)
    {
        if (intent.Trunk is not null && reading.Values.Count > 0 && !reading.Values.ContainsKey(IntentField.Mode))
        {
            yield return "its mode cannot be read, so nobody knows what it carries";
        }

        if (reading.Mode != PortIntent.TrunkMode)
        {
            yield break;
        }

        if (intent.Trunk is null && intent.Ours.IsEmpty)
        {
            yield return "it is a trunk where access is expected";
        }
        else if (!reading.TryGet(IntentField.AllowedVlans, out var seen) || !VlanSet.TryParse(seen ?? "none", out var carried))
        {
            yield return "it is a trunk whose list of VLANs cannot be read";
        }
        else if (carried.Except(intent.Ours).Except(intent.Trunk?.Carried ?? VlanSet.None) is { IsEmpty: false } foreign)
        {
            yield return $"it is a trunk that carries VLAN {foreign}, which none of our lines has or had there";
        }
    }
}
