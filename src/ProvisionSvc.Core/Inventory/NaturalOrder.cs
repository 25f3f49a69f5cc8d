namespace ProvisionSvc.Core.Inventory;

/// <summary>Orders names as people read them: <c>0/0/2</c> before <c>0/0/10</c>.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (x ?? "", y ?? "");
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var left = Digits(a, ref i);
                var right = Digits(b, ref j);
                var numbers = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.CompareTo(right, StringComparison.Ordinal);
                if (numbers != 0)
                {
                    return numbers;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        // What is left decides; leading zeros only between names that read the same.
        var rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : a.Length.CompareTo(b.Length);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
