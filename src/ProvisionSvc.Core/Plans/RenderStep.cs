using System.Globalization;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>Turns one field's change into the template's lines, or into a SET, with the way back.</summary>
internal static class RenderStep
{
    public static PlanStep Of(DeviceTemplate template, PortName port, IntentField field, PortReading reading, string? after, Channel writeBy)
    {
        var isKnown = reading.TryGet(field, out var before);
        var how = template.Fields[field];
        var snmp = BySnmp(how, writeBy);
        return new(
            field,
            before,
            after,
            snmp ? [] : Render(template, port, field, before, after),
            snmp ? Set(how, field, after) : null,
            isKnown && !snmp && MayBeTyped(field, before) ? Render(template, port, field, after, before) : [],
            isKnown && snmp && MayBeSet(field, before) ? Set(how, field, before) : null,
            snmp && how.Read is not null ? Channel.Terminal : snmp ? Channel.Snmp : how.VerifyBy);
    }

    public static bool CanWrite(FieldTemplate how, string? value, Channel writeBy) =>
        BySnmp(how, writeBy) || (how.Add.Count > 0 && how.Remove.Count > 0) || LinesFor(how, value).Count > 0;

    /// <summary>A field that only SNMP can write is SET whatever the switch's other fields are written by.</summary>
    public static bool BySnmp(FieldTemplate how, Channel writeBy) => how.SnmpSettable && (writeBy == Channel.Snmp || !how.AllLines.Any());

    /// <summary>What a device showed is its own text, perhaps a customer's: only a value we could have written ourselves is ever typed back (T7).</summary>
    private static bool MayBeTyped(IntentField field, string? seen) => seen is null || field switch
    {
        IntentField.AdminStatus => seen is "up" or "down",
        IntentField.Mode => seen is PortIntent.Access or PortIntent.TrunkMode,
        IntentField.AllowedVlans => VlanSet.TryParse(seen, out _),
        IntentField.AccessVlan or IntentField.NativeVlan => IsNumber(seen, 4094),
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

    private static IReadOnlyList<PlanLine> Render(DeviceTemplate template, PortName port, IntentField field, string? from, string? to)
    {
        var how = template.Fields[field];
        if (field == IntentField.AllowedVlans)
        {
            return RenderList(template, port, how, Vlans(from), Vlans(to));
        }

        // Only rates are numbers to the device; a circuit id of digits keeps its leading zeros.
        var text = to is not null && field is (IntentField.RateDown or IntentField.RateUp) ? (long.Parse(to) * how.Scale).ToString() : to;
        return [.. LinesFor(how, to).Select(l => Line(template, port, l, text))];
    }

    /// <summary>
    /// One VLAN at a time, so that nothing but what changes is touched; first what comes, for a list that empties on the way may mean "all". VLANs are made
    /// before the port's configuration is entered.
    /// </summary>
    private static IReadOnlyList<PlanLine> RenderList(DeviceTemplate template, PortName port, FieldTemplate how, VlanSet from, VlanSet to)
    {
        var (added, removed) = (to.Except(from).Ids, from.Except(to).Ids);
        PlanLine[] lines =
        [
            .. added.SelectMany(v => how.Add.Select(l => Line(template, port, l, v.ToString()))),
            .. removed.SelectMany(v => how.Remove.Select(l => Line(template, port, l, v.ToString()))),
        ];
        return [.. lines.Where(l => l.Scope != LineScope.Port), .. lines.Where(l => l.Scope == LineScope.Port)];
    }

    private static VlanSet Vlans(string? text) => VlanSet.TryParse(text, out var vlans) ? vlans : VlanSet.None;

    private static PlanLine Line(DeviceTemplate template, PortName port, TemplateLine line, string? value)
    {
        var text = template.Typed(line.Text, port).Replace("{value}", value, StringComparison.Ordinal);
        return Printable.Is(text)
            ? new(line.Scope, text)
            : throw new InvalidOperationException($"The line \"{Printable.Of(text)}\" would leave the keyboard's characters; nothing is planned with it.");
    }
}
