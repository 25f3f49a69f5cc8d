using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>Reads how a field is read from what the switch prints.</summary>
internal sealed class FieldRead(FaultList faults, IReadOnlyDictionary<string, string> reads)
{
    /// <summary>The read that a rule names.</summary>
    public static string Command(MapReader rule, IReadOnlyDictionary<string, string> reads, FaultList faults)
    {
        var from = rule.Required("from", "the name of a read");
        if (from.Text.Length > 0 && !reads.ContainsKey(from.Text))
        {
            faults.Add(from, $"There is no read \"{Printable.Of(from.Text)}\".", reads.Count == 0 ? "Add it to reads." : $"The reads are {string.Join(", ", reads.Keys)}.");
        }

        return from.Text;
    }

    /// <param name="scale">What the field's own number is multiplied with, where its read says nothing else.</param>
    public ReadRule? Of(IntentField field, MapReader map, long scale = 1)
    {
        if (map.Map("read", TemplateKeys.Read) is not { } read)
        {
            return null;
        }

        var pattern = read.RequiredPattern("match", "the pattern whose group \"value\" is what is read");
        var present = read.Text("present")?.Text;
        var groups = pattern.GetGroupNames();
        if (field == IntentField.Mode ? !groups.Contains(PortIntent.Access) || present is not null : (present is null) == !groups.Contains("value"))
        {
            faults.Add(read.At("match"), field == IntentField.Mode
                ? $"{read.Name("match")} needs a group (?<access>…), and (?<trunk>…) where the family makes trunks."
                : $"{read.Name("match")} needs either a group (?<value>…) or present beside it.", "Use the group for values, present where the match itself is the news.");
        }

        var absent = read.Text("absent")?.Text;
        foreach (var (key, word) in new[] { ("present", present), ("absent", absent == "none" ? null : absent) })
        {
            if (word is not null && !Words(field).Contains(word))
            {
                faults.Add(read.At(key), $"{read.Name(key)} is \"{Printable.Of(word)}\".", Words(field) is { Length: > 0 } words ? $"It is {string.Join(" or ", words)}." : "Of this field only \"none\" can be read from silence.");
            }
        }

        if (absent is null && read.Has("absentWhen"))
        {
            faults.Add(read.At("absentWhen"), $"{read.Name("absentWhen")} stands without absent.", "Add absent: what its match means.");
        }

        return new(Command(read, reads, faults), pattern, present, absent == "none" ? null : absent, read.Number("scale", scale, 1, FieldSection.MostScale))
        {
            AbsentProof = read.Pattern("absentWhen"),
            SilenceIsAnAnswer = absent is not null,
        };
    }

    /// <summary>The values of a field whose values are words.</summary>
    private static string[] Words(IntentField field) => field switch
    {
        IntentField.AdminStatus => ["up", "down"],
        IntentField.Mode => [PortIntent.Access, PortIntent.TrunkMode],
        _ => [],
    };
}
