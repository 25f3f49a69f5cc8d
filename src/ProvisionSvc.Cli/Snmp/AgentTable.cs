using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Snmp;

/// <summary>Columns side by side; where the terminal is too narrow for them, row below row with a line for each column.</summary>
internal static class AgentTable
{
    /// <summary>Below this a column says nothing.</summary>
    private const int LeastColumn = 10;

    /// <returns>How much was shown, in words.</returns>
    public static string Show(Screen screen, AgentAnswerView view)
    {
        var rows = Rows(view);
        if (rows.Count > 0 && screen.Width is { } width && (view.Columns.Count + 1) * LeastColumn > width)
        {
            RowByRow(screen, view, rows);
        }
        else
        {
            screen.Table(
                rows,
                [
                    new(("INDEX", "索引"), r => r.Index) { IsKept = true, KeepsEnd = true, IsNumber = rows.All(r => !r.Index.Contains('.', StringComparison.Ordinal)) },
                    .. view.Columns.Select((column, i) => new Column<Row>(Heading(column), r => Cell(r, i)) { Tone = r => r.Cells[i] is null ? Tone.Faint : Tone.Plain }),
                ]);
        }

        return screen.Say(($"{rows.Count} rows", $"{rows.Count} 行"));
    }

    private static void RowByRow(Screen screen, AgentAnswerView view, IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            screen.Line($"{screen.Say(("index", "索引"))} {row.Index}", Tone.Strong);
            screen.Fields([.. view.Columns.Select((column, i) => new Field(Indented(column), Cell(row, i), row.Cells[i] is null ? Tone.Faint : Tone.Plain))]);
        }
    }

    private static string Cell(Row row, int column) => row.Cells[column] is { } variable ? AgentText.Value(variable) : "-";

    private static Words Heading(AgentColumnView column) => (column.Name ?? column.Oid, column.Name ?? column.Oid);

    private static Words Indented(AgentColumnView column) => ($"  {column.Name ?? column.Oid}", $"  {column.Name ?? column.Oid}");

    /// <summary>The service gives variables row after row; here they meet again by their index.</summary>
    private static List<Row> Rows(AgentAnswerView view)
    {
        var rows = new List<Row>();
        foreach (var variable in view.Rows)
        {
            if (Place(view.Columns, variable.Oid) is not var (column, index))
            {
                continue; // of no column asked for: shown in JSON only
            }

            if (rows.Count == 0 || rows[^1].Index != index)
            {
                rows.Add(new(index, new VariableView?[view.Columns.Count]));
            }

            rows[^1].Cells[column] = variable;
        }

        return rows;
    }

    private static (int Column, string Index)? Place(IReadOnlyList<AgentColumnView> columns, string oid)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i].Oid;
            if (oid.Length > column.Length + 1 && oid[column.Length] == '.' && oid.StartsWith(column, StringComparison.Ordinal))
            {
                return (i, oid[(column.Length + 1)..]);
            }
        }

        return null;
    }

    private sealed record Row(string Index, VariableView?[] Cells);
}
