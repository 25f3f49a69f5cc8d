using System.Globalization;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>Lists of VLANs: ascending ranges, kept as <c>101-103,105</c> and written as each family writes them.</summary>
internal static class VlanList
{
    public static string Of(IEnumerable<int> vlans) => string.Join(',', Ranges(vlans).Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"));

    /// <summary>In words, <c>101 to 103 105</c>; two neighbours stand side by side.</summary>
    public static IEnumerable<string> Words(IEnumerable<int> vlans) =>
        Ranges(vlans).Select(r => r.First == r.Last ? $"{r.First}" : r.Last == r.First + 1 ? $"{r.First} {r.Last}" : $"{r.First} to {r.Last}");

    public static IReadOnlyList<int> Parse(string list) => TryParse(list) ?? throw new FormatException($"{list} is no list of VLANs.");

    /// <summary><c>101-103,105</c>; null when it is not such a list.</summary>
    public static IReadOnlyList<int>? TryParse(string list) => list.Length == 0 ? [] : TryWords(list.Replace(",", " ", StringComparison.Ordinal).Replace("-", " to ", StringComparison.Ordinal));

    /// <summary><c>10</c>, <c>10 20 to 25 30</c>; null when it is not such a list.</summary>
    public static IReadOnlyList<int>? TryWords(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var list = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            if (!IsVlan(words[i], out var first)) return null;
            var last = first;
            if (i + 1 < words.Length && words[i + 1].Equals("to", StringComparison.OrdinalIgnoreCase))
            {
                if (i + 2 >= words.Length || !IsVlan(words[i + 2], out last) || last < first) return null;
                i += 2;
            }

            list.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return list.Count == 0 ? null : list;
    }

    private static bool IsVlan(string word, out int vlan) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out vlan) && vlan is >= 1 and <= 4094;

    private static IEnumerable<(int First, int Last)> Ranges(IEnumerable<int> vlans)
    {
        (int First, int Last)? open = null;
        foreach (var vlan in vlans.Distinct().Order())
        {
            if (open is { } o && vlan == o.Last + 1)
            {
                open = (o.First, vlan);
                continue;
            }

            if (open is { } done) yield return done;
            open = (vlan, vlan);
        }

        if (open is { } last) yield return last;
    }
}
