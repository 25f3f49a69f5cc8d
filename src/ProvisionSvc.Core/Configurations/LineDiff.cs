namespace ProvisionSvc.Core.Configurations;

/// <summary>One place where two texts differ: <paramref name="Removed"/> lines from <paramref name="At"/> on (counted in the text before) become <paramref name="Added"/>.</summary>
public sealed record LineEdit(int At, int Removed, IReadOnlyList<string> Added);

/// <summary>What must be edited to make one text of another, line by line (Myers 1986, greedy), and the editing itself.</summary>
public static class LineDiff
{
    /// <summary>More differences than this are not searched for the shortest way: what stands between the common ends is exchanged as a whole.</summary>
    private const int MostDifferences = 1000;

    /// <summary>The edits, in the order of the text before; none where both are the same.</summary>
    public static IReadOnlyList<LineEdit> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var head = 0;
        while (head < before.Count && head < after.Count && before[head] == after[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < before.Count - head && tail < after.Count - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        var (old, now) = (before.Count - head - tail, after.Count - head - tail);
        if (old == 0 && now == 0)
        {
            return [];
        }

        var script = old == 0 || now == 0 ? null : Search(before, after, head, old, now);
        return script is null ? [new(head, old, [.. after.Skip(head).Take(now)])] : Edits(script, after, head);
    }

    /// <summary>The text that the edits make of <paramref name="before"/>.</summary>
    /// <exception cref="ArgumentException">The edits do not belong to this text.</exception>
    public static IReadOnlyList<string> Apply(IReadOnlyList<string> before, IReadOnlyList<LineEdit> edits)
    {
        var result = new List<string>(before.Count);
        var next = 0;
        foreach (var edit in edits)
        {
            if (edit.At < next || edit.Removed < 0 || edit.At + edit.Removed > before.Count)
            {
                throw new ArgumentException($"An edit of {edit.Removed} lines at {edit.At} does not fit a text of {before.Count} lines.", nameof(edits));
            }

            result.AddRange(before.Skip(next).Take(edit.At - next));
            result.AddRange(edit.Added);
            next = edit.At + edit.Removed;
        }

        result.AddRange(before.Skip(next));
        return result;
    }

    /// <summary>The matching pairs of lines on the shortest way, or null where that is too long to look for.</summary>
    private static List<(int Old, int New)>? Search(IReadOnlyList<string> before, IReadOnlyList<string> after, int head, int old, int now)
    {
        var most = Math.Min(old + now, MostDifferences);
        var reach = new int[(2 * most) + 3];
        var trace = new List<int[]>();
        for (var d = 0; d <= most; d++)
        {
            trace.Add([.. reach.AsSpan(most - d, (2 * d) + 3)]);
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && reach[most + 1 + k - 1] < reach[most + 1 + k + 1]) ? reach[most + 1 + k + 1] : reach[most + 1 + k - 1] + 1;
                while (x < old && x - k < now && x - k >= 0 && before[head + x] == after[head + x - k])
                {
                    x++;
                }

                reach[most + 1 + k] = x;
                if (x >= old && x - k >= now)
                {
                    return Back(trace, head, old, now);
                }
            }
        }

        return null;
    }

    /// <summary>Walks the furthest reaching paths back from the end; <c>trace[d]</c> holds diagonals -d-1 to d+1 as they were before round d.</summary>
    private static List<(int Old, int New)> Back(List<int[]> trace, int head, int old, int now)
    {
        var pairs = new List<(int, int)> { (head + old, head + now) };
        var (x, y) = (old, now);
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var (reach, k) = (trace[d], x - y);
            var from = k == -d || (k != d && reach[d + 1 + k - 1] < reach[d + 1 + k + 1]) ? k + 1 : k - 1;
            var startX = d == 0 ? 0 : reach[d + 1 + from];
            var startY = d == 0 ? 0 : startX - from;
            while (x > startX && y > startY)
            {
                (x, y) = (x - 1, y - 1);
                pairs.Add((head + x, head + y));
            }

            (x, y) = (startX, startY);
        }

        pairs.Reverse();
        return pairs;
    }

    private static List<LineEdit> Edits(List<(int Old, int New)> pairs, IReadOnlyList<string> after, int head)
    {
        var edits = new List<LineEdit>();
        var (old, now) = (head, head);
        foreach (var (atOld, atNew) in pairs)
        {
            if (atOld > old || atNew > now)
            {
                edits.Add(new(old, atOld - old, [.. after.Skip(now).Take(atNew - now)]));
            }

            (old, now) = (atOld + 1, atNew + 1);
        }

        return edits;
    }
}
