using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>
/// What a port was seen to be: the canonical text per field that was read (null = read, and not set), a missing key = not read.
/// </summary>
public sealed record PortReading(IReadOnlyDictionary<IntentField, string?> Values, OperStatus OperStatus = OperStatus.NotAnswered)
{
    /// <summary>Why the port, as it was seen, must not be written; empty where nothing speaks against it.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    public static PortReading Nothing { get; } = new(new Dictionary<IntentField, string?>());

    /// <summary>Null where the mode was not read, or where the port negotiates it.</summary>
    public string? Mode => Values.GetValueOrDefault(IntentField.Mode);

    /// <summary>
    /// What a field was seen to be; false where it was not read. The mode says it of the fields that belong to the other one: a trunk is in no access VLAN,
    /// and a list that a port keeps for the day it is a trunk carries nothing.
    /// </summary>
    public bool TryGet(IntentField field, out string? value)
    {
        if (Values.ContainsKey(IntentField.Mode) && IsOfOtherMode(field))
        {
            value = null;
            return true;
        }

        return Values.TryGetValue(field, out value);
    }

    private bool IsOfOtherMode(IntentField field) => Mode == PortIntent.TrunkMode
        ? field == IntentField.AccessVlan
        : field is IntentField.AllowedVlans or IntentField.NativeVlan;

    /// <summary>This reading with the fields of <paramref name="other"/> on top.</summary>
    public PortReading With(PortReading other)
    {
        var values = Values.ToDictionary();
        foreach (var (field, value) in other.Values)
        {
            values[field] = value;
        }

        return new(values, other.OperStatus == OperStatus.NotAnswered ? OperStatus : other.OperStatus)
        {
            Refusals = [.. Refusals.Union(other.Refusals)],
        };
    }

    public override string ToString() => string.Join(", ", Values.OrderBy(v => v.Key).Select(v => $"{FieldNames.Of(v.Key)} {v.Value ?? "-"}"));
}

/// <summary>One field in which what should be and what was seen disagree.</summary>
public sealed record FieldDifference(IntentField Field, string? Expected, string? Seen)
{
    public override string ToString() => $"{FieldNames.Of(Field)}: should be {Expected ?? "-"}, is {Seen ?? "-"}";
}

/// <summary>The fields' names as templates, plans and the API write them.</summary>
public static class FieldNames
{
    private static readonly IReadOnlyDictionary<IntentField, string> Names = new Dictionary<IntentField, string>
    {
        [IntentField.AdminStatus] = "adminStatus",
        [IntentField.Mode] = "mode",
        [IntentField.AccessVlan] = "accessVlan",
        [IntentField.AllowedVlans] = "allowedVlans",
        [IntentField.NativeVlan] = "nativeVlan",
        [IntentField.RateDown] = "rateDown",
        [IntentField.RateUp] = "rateUp",
        [IntentField.Alias] = "alias",
    };

    public static string Of(IntentField field) => Names[field];

    public static IntentField? Parse(string name) => Names.Where(n => n.Value == name).Select(n => (IntentField?)n.Key).FirstOrDefault();

    public static IEnumerable<string> All => Names.Values;
}
