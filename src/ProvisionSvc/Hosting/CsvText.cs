using System.Text;
using CsvHelper;

namespace ProvisionSvc.Hosting;

/// <summary>How CSV is read: comma, RFC 4180 quotes, one line is one record, a byte order mark is passed over.</summary>
internal static class CsvText
{
    /// <param name="malformed">Told of each line that breaks the quoting or has another number of cells than the header; such lines are left out.</param>
    public static CsvReader Open(string text, Action<CsvMalformedRecord>? malformed) => CsvReader.FromText(text.TrimStart('\uFEFF'), new CsvReaderOptions
    {
        Separator = ',',
        HasHeader = true,
        AllowLineBreaksInQuotes = false,
        SkipEmptyLines = true,
        TrackLineNumbers = true,
        DetectSeparatorHint = false,
        PoolStrings = true,
        MalformedData = malformed is null ? CsvMalformedDataHandling.Recover : CsvMalformedDataHandling.Skip,
        FieldCountMismatch = malformed is null ? CsvFieldCountHandling.Allow : CsvFieldCountHandling.Skip,
        OnMalformedRecord = malformed,
    });

    public static List<string> Headers(CsvReader reader)
    {
        reader.ReadHeader();
        return [.. reader.Headers.Select(h => h.Trim())];
    }

    /// <summary>The column of the current record's cell in characters, from 1.</summary>
    public static int Column(CsvReader reader, int cell)
    {
        var column = 1;
        for (var before = 0; before < cell; before++)
        {
            column += Encoding.UTF8.GetCharCount(reader.GetRawSpan(before)) + 1;
        }

        return column;
    }
}
