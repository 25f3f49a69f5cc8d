using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProvisionSvc.Core.Inventory;

/// <summary>The VLANs that a trunk carries, as a value: equal where the VLANs are, written <c>7,10-12</c>.</summary>
public sealed class VlanSet : IEquatable<VlanSet>
{
    private readonly int[] _ids;

    private VlanSet(IEnumerable<int> ids) => _ids = [.. ids.Distinct().Order()];

    public static VlanSet None { get; } = new([]);

    /// <summary>1..4094: what a trunk carries that nobody restricted.</summary>
    public static VlanSet All { get; } = new(Enumerable.Range(1, 4094));

    public IReadOnlyList<int> Ids => _ids;

    public bool IsEmpty => _ids.Length == 0;

    public static VlanSet Of(IEnumerable<VlanId> vlans) => new(vlans.Select(v => v.Value));

    /// <exception cref="ArgumentOutOfRangeException">One of them is no VLAN ID.</exception>
    public static VlanSet Of(params IEnumerable<int> ids) => Of(ids.Select(i => new VlanId(i)));

    /// <summary>
    /// Reads a list as devices print it: <c>10 20 to 25</c>, <c>10,20-25</c>, <c>10, 20</c>, over several lines, <c>none</c>, <c>all</c>. False where anything
    /// else stands in it.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VlanSet? vlans)
    {
        vlans = text?.Trim().ToUpperInvariant() switch
        {
            null => null,
            "NONE" => None,
            "ALL" => All,
            var list => Parse(list.Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)),
        };
        return vlans is not null;
    }

    public VlanSet Union(VlanSet other) => new(_ids.Concat(other._ids));

    public VlanSet Except(VlanSet other) => new(_ids.Except(other._ids));

    public bool Equals(VlanSet? other) => other is not null && _ids.AsSpan().SequenceEqual(other._ids);

    public override bool Equals(object? obj) => Equals(obj as VlanSet);

    public override int GetHashCode() => _ids.Aggregate(_ids.Length, HashCode.Combine);

    /// <summary>Ascending, neighbours as a range; nothing for none.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        for (var first = 0; first < _ids.Length;)
        {
            var last = first;
            while (last + 1 < _ids.Length && _ids[last + 1] == _ids[last] + 1)
            {
                last++;
            }

            parts.Add(first == last ? $"{_ids[first]}" : $"{_ids[first]}-{_ids[last]}");
            first = last + 1;
        }

        return string.Join(',', parts);
    }

    private static VlanSet? Parse(string[] words)
    {
        var ids = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            var ends = words[i].Split('-');
            if (i + 2 < words.Length && words[i + 1] == "TO")
            {
                ends = [words[i], words[i + 2]];
                i += 2;
            }

            if (ends.Length > 2 || Id(ends[0]) is not { } first || Id(ends[^1]) is not { } last || last < first)
            {
                return null;
            }

            ids.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return new(ids);
    }

    // TryParse alone takes "1\0" for a number: .NET ignores NULs at the end.
    private static int? Id(string word) =>
        word.All(char.IsAsciiDigit) && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is >= 1 and <= 4094 ? id : null;
}
