namespace ProvisionSvc.Core.Plans;

/// <summary>What a device will show once an intent stands: rounded rates, cut texts.</summary>
public static class Project
{
    /// <summary>The canonical text per field that <paramref name="template"/> can show; fields it does not have are left out.</summary>
    public static IReadOnlyDictionary<IntentField, string?> Expected(DeviceTemplate template, PortIntent intent) =>
        intent.Values
            .Where(v => template.Fields.ContainsKey(v.Key))
            .ToDictionary(v => v.Key, v => Field(template.Fields[v.Key], v.Key, v.Value));

    private static string? Field(FieldTemplate field, IntentField name, string? value) => (name, value) switch
    {
        (_, null) => null,
        (IntentField.RateDown or IntentField.RateUp, _) => RoundUp(long.Parse(value), field.Step).ToString(),
        (IntentField.Alias, _) when value.Length > field.MaxLength => value[..field.MaxLength],
        _ => value,
    };

    private static long RoundUp(long kbps, long step) => (kbps + step - 1) / step * step;
}

/// <summary>Compares what a port should show with what it was seen to show.</summary>
public static class Compare
{
    /// <summary>The fields that were read and differ, in the fields' order. A field that was not read says nothing.</summary>
    public static IReadOnlyList<FieldDifference> Differences(IReadOnlyDictionary<IntentField, string?> expected, PortReading reading) =>
        [.. expected
            .OrderBy(e => e.Key)
            .Select(e => (e.Key, Wanted: e.Value, IsRead: reading.TryGet(e.Key, out var seen), Seen: seen))
            .Where(e => e.IsRead && e.Seen != e.Wanted)
            .Select(e => new FieldDifference(e.Key, e.Wanted, e.Seen))];

    /// <summary>The fields of <paramref name="expected"/> that <paramref name="reading"/> does not prove: different, or not read at all.</summary>
    public static IReadOnlyList<FieldDifference> Unproven(IReadOnlyDictionary<IntentField, string?> expected, PortReading reading) =>
        [.. expected
            .OrderBy(e => e.Key)
            .Select(e => (e.Key, Wanted: e.Value, IsRead: reading.TryGet(e.Key, out var seen), Seen: seen))
            .Where(e => !e.IsRead || e.Seen != e.Wanted)
            .Select(e => new FieldDifference(e.Key, e.Wanted, e.IsRead ? e.Seen : "(not read)"))];
}
