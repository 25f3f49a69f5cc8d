using System.Globalization;
using System.Net;
using CsvHelper;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Database;

namespace ProvisionSvc.Inventory.Import;

/// <summary>The cells of the current line as values. A cell that is no such value is a fault and reads as default; <see cref="IsSound"/> tells.</summary>
internal sealed class Cells(CsvReader reader, InventoryFile file, IReadOnlyDictionary<string, int> columns, ImportFaults faults)
{
    public const int LongestName = 64;
    public const int LongestText = 200;

    private int _faultsBefore;

    public int Line => (int)reader.LineNumber;

    /// <summary>True while no cell of this line was at fault.</summary>
    public bool IsSound => faults.Count == _faultsBefore;

    public bool Next()
    {
        _faultsBefore = faults.Count;
        return reader.Read();
    }

    /// <summary>The cell as it stands, without surrounding blanks; for naming the row.</summary>
    public string Raw(string header) => reader.GetString(columns[header]).Trim();

    public string Name(string header) => Text(header, LongestName);

    public string Text(string header, int longest = LongestText) =>
        (Raw(header).Length == 0 ? Wrong<string>(header, "missing-value", "A value is missing.") : OptionalText(header, longest)) ?? "";

    public string? OptionalText(string header, int longest = LongestText)
    {
        var text = Raw(header);
        return text.Length == 0 ? null
            : text.Length > longest ? Wrong<string>(header, "text-too-long", $"\"{text[..20]}…\" has {text.Length} characters; {longest} are the most.")
            : PlainText.FirstForeign(text) is { } at ? Wrong<string>(header, "unprintable-character",
                $"Character {at + 1} is U+{(int)text[at]:X4}, which is not printable; {(text[at] == '\uFFFD' ? "the file is not UTF-8: save it as UTF-8." : "take it out.")}")
            : text;
    }

    public int Whole(string header, int least, int most) =>
        int.TryParse(Raw(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Wrong<int>(header, "invalid-number", $"\"{Shown(header)}\" is not a whole number {least} to {most}.");

    public decimal Number(string header, decimal least, decimal most, int decimals)
    {
        var given = decimal.TryParse(Raw(header), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        return given && number >= least && number <= most && decimal.Round(number, decimals) == number
            ? number
            : Wrong<decimal>(header, "invalid-number", $"\"{Shown(header)}\" is not a number {least} to {most} with {decimals} decimals at most.");
    }

    public decimal? OptionalNumber(string header, decimal least, decimal most, int decimals) =>
        Raw(header).Length == 0 ? null : Number(header, least, most, decimals);

    public Bandwidth Rate(string header) =>
        decimal.TryParse(Raw(header), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var mbps) && Bandwidth.TryFromMbps(mbps, out var rate)
            ? rate
            : Wrong<Bandwidth>(header, "invalid-rate", $"\"{Shown(header)}\" is not a rate: {Bandwidth.Rule}");

    public Bandwidth? OptionalRate(string header) => Raw(header).Length == 0 ? null : Rate(header);

    public T Word<T>(string header)
        where T : struct, Enum => EnumText.TryParse<T>(Raw(header), out var value)
            ? value
            : Wrong<T>(header, "unknown-word", $"\"{Shown(header)}\" is not one of {EnumText.Words<T>()}.");

    public string Word(string header, IReadOnlyList<string> words) => words.Contains(Raw(header))
        ? Raw(header)
        : Wrong<string>(header, "unknown-word", $"\"{Shown(header)}\" is not one of {string.Join(", ", words)}.") ?? "";

    public CircuitId? Circuit(string header) => CircuitId.TryParse(Raw(header), out var id) ? id : Wrong<CircuitId>(header, "invalid-circuit-id", CircuitId.Rule(Raw(header)));

    public IPAddress? Address(string header)
    {
        var (address, why) = SwitchAddress.Parse(Raw(header));
        return address ?? Wrong<IPAddress>(header, "invalid-address", $"\"{Shown(header)}\" {why}");
    }

    /// <summary>Records the fault and gives nothing.</summary>
    public T? Wrong<T>(string header, string code, string message)
    {
        faults.Add(file, Line, header, code, $"{header}: {message}");
        return default;
    }

    private string Shown(string header) => PlainText.Visible(Raw(header), 40);
}
