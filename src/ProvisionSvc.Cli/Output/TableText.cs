using Spectre.Console;

namespace ProvisionSvc.Cli.Output;

/// <summary>A column: heading, what a row shows there, and whether it is shortened last (names that are typed again elsewhere).</summary>
internal sealed record Column<T>(Words Heading, Func<T, string?> Cell)
{
    public bool IsNumber { get; init; }

    public bool IsKept { get; init; }

    /// <summary>Cut in the middle where it must be cut.</summary>
    public bool KeepsEnd { get; init; }

    public Func<T, Tone>? Tone { get; init; }

    public string Fit(string text, int width) => KeepsEnd ? TextWidth.FitEnds(text, width) : TextWidth.Fit(text, width);
}

/// <summary>Rows as a table that fits the terminal: the widest columns give way first, what is cut ends with an ellipsis.</summary>
internal static class TableText
{
    private const int Gap = 2;
    private const int Narrowest = 4;

    public static void Table<T>(this Screen screen, IReadOnlyList<T> rows, params Column<T>[] columns)
    {
        if (rows.Count == 0)
        {
            screen.Line(("(none)", "（无）"), Tone.Faint);
            return;
        }

        var cells = rows.Select(row => columns.Select(c => TextWidth.Safe(c.Cell(row) ?? "")).ToArray()).ToArray();
        var widths = columns.Select((c, i) => Math.Max(TextWidth.Of(screen.Say(c.Heading)), cells.Max(row => TextWidth.Of(row[i])))).ToArray();
        if (screen.Width is { } room)
        {
            Shrink(widths, columns.Select(c => c.IsKept).ToArray(), room - (Gap * (columns.Length - 1)));
        }

        var table = new Table().NoBorder();
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddColumn(new TableColumn(new Text(TextWidth.Fit(screen.Say(columns[i].Heading), widths[i]), Tone.Strong.Style()))
            {
                Width = widths[i],
                NoWrap = true,
                Padding = new Padding(0, 0, i == columns.Length - 1 ? 0 : Gap, 0),
                Alignment = columns[i].IsNumber ? Justify.Right : Justify.Left,
            });
        }

        for (var r = 0; r < rows.Count; r++)
        {
            var (row, texts) = (rows[r], cells[r]);
            table.AddRow(columns.Select((c, i) => new Text(c.Fit(texts[i], widths[i]), (c.Tone?.Invoke(row) ?? Tone.Plain).Style())));
        }

        screen.Console.Write(table);
    }

    private static void Shrink(int[] widths, bool[] kept, int room)
    {
        while (widths.Sum() > room)
        {
            var widest = Widest(widths, i => !kept[i]) ?? Widest(widths, _ => true);
            if (widest is not { } index)
            {
                return;
            }

            widths[index]--;
        }
    }

    private static int? Widest(int[] widths, Func<int, bool> mayGive) =>
        Enumerable.Range(0, widths.Length).Where(i => mayGive(i) && widths[i] > Narrowest).OrderByDescending(i => widths[i]).Cast<int?>().FirstOrDefault();
}
