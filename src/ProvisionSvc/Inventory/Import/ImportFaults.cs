using CsvHelper;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory.Import;

/// <summary>What is wrong with the files, each fault with its file, line and column.</summary>
internal sealed class ImportFaults
{
    /// <summary>More than this tell a person nothing new.</summary>
    public const int MostShown = 1000;

    private readonly List<Found> _found = [];

    public int Count => _found.Count;

    /// <param name="header">The column at fault; null for the whole line.</param>
    public void Add(InventoryFile file, int line, string? header, string code, string message) => _found.Add(new(file.Name, line, header, 1, code, message));

    /// <summary>A fault at a known place: unreadable text, unknown files.</summary>
    public void AddAt(string file, int line, int column, string code, string message) => _found.Add(new(file, line, null, column, code, message));

    /// <summary>
    /// The faults by file, line and column. Columns are counted in characters from 1, as editors show them; they are looked up only now, in one pass
    /// over each file that has faults.
    /// </summary>
    public IReadOnlyList<Fault> Locate(IReadOnlyDictionary<string, string> texts)
    {
        var order = InventoryFile.All.Select((f, i) => (f.Name, i)).ToDictionary(f => f.Name, f => f.i);
        var located = _found
            .GroupBy(f => f.File)
            .OrderBy(f => order.GetValueOrDefault(f.Key, int.MaxValue)).ThenBy(f => f.Key, StringComparer.Ordinal)
            .SelectMany(f => WithColumns([.. f.OrderBy(x => x.Line)], texts.GetValueOrDefault(f.Key) ?? ""))
            .ToList();
        var shown = located.Take(MostShown).Select(f => new Fault(f.Code, $"{f.File}:{f.Line}:{f.Column}", f.Message)).ToList();
        if (located.Count > MostShown)
        {
            shown.Add(new("too-many-faults", "", $"{located.Count - MostShown} more faults are not shown; repair these first."));
        }

        return shown;
    }

    private static List<Found> WithColumns(IReadOnlyList<Found> faults, string text)
    {
        if (faults.All(f => f.Header is null))
        {
            return [.. faults];
        }

        var byLine = faults.ToLookup(f => f.Line);
        var located = new List<Found>(faults.Count);
        using var reader = CsvText.Open(text, null);
        var headers = CsvText.Headers(reader);
        var lines = new HashSet<int>();
        while (reader.Read())
        {
            var line = (int)reader.LineNumber;
            if (byLine.Contains(line))
            {
                lines.Add(line);
                located.AddRange(byLine[line].Select(f => f.Header is { } h ? f with { Column = CsvText.Column(reader, headers.IndexOf(h)) } : f));
            }
        }

        located.AddRange(faults.Where(f => !lines.Contains(f.Line)));
        return [.. located.OrderBy(f => f.Line).ThenBy(f => f.Column)];
    }

    private sealed record Found(string File, int Line, string? Header, int Column, string Code, string Message);
}
