namespace ProvisionSvc.Core.Configurations;

/// <summary>One place of a difference as people read it: lines with <c>-</c>, <c>+</c> or a blank before them, numbered from 1.</summary>
public sealed record Hunk(int BeforeLine, int AfterLine, IReadOnlyList<string> Lines)
{
    /// <summary>The difference with <paramref name="context"/> unchanged lines around each place; places that would touch are one.</summary>
    public static IReadOnlyList<Hunk> Between(IReadOnlyList<string> before, IReadOnlyList<string> after, int context = 3)
    {
        var hunks = new List<Hunk>();
        var edits = LineDiff.Between(before, after);
        var shift = 0;
        for (var i = 0; i < edits.Count;)
        {
            var start = Math.Max(0, edits[i].At - context);
            var (lines, next, at) = (new List<string>(), start, start + shift);
            do
            {
                lines.AddRange(before.Skip(next).Take(edits[i].At - next).Select(l => $" {l}"));
                lines.AddRange(before.Skip(edits[i].At).Take(edits[i].Removed).Select(l => $"-{l}"));
                lines.AddRange(edits[i].Added.Select(l => $"+{l}"));
                next = edits[i].At + edits[i].Removed;
                shift += edits[i].Added.Count - edits[i].Removed;
                i++;
            }
            while (i < edits.Count && edits[i].At - next <= 2 * context);

            lines.AddRange(before.Skip(next).Take(context).Select(l => $" {l}"));
            hunks.Add(new(start + 1, at + 1, lines));
        }

        return hunks;
    }
}
