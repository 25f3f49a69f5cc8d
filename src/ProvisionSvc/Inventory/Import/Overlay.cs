namespace ProvisionSvc.Inventory.Import;

/// <summary>One kind as it will be after the import: the file's rows over what the database holds.</summary>
internal sealed class Overlay<TRow>
    where TRow : IInventoryRow
{
    private readonly Dictionary<string, TRow> _rows;
    private readonly Func<string, bool> _isKnown;
    private readonly InventoryFile _file;
    private readonly InventoryRows _all;

    /// <summary>Takes the rows and blames every key that stands twice.</summary>
    public Overlay(InventoryFile file, InventoryRows all, IReadOnlyList<TRow> rows, Func<string, bool> isKnown, string header, ImportFaults faults)
    {
        (_file, _all, _isKnown) = (file, all, isKnown);
        _rows = new(rows.Count, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!_rows.TryAdd(row.Key, row))
            {
                faults.Add(file, row.Line, header, "double-key", $"\"{row.Key}\" stands in line {_rows[row.Key].Line} already.");
            }
        }
    }

    /// <summary>The file's row, or null where only the database has it, or nobody.</summary>
    public TRow? Row(string key) => _rows.GetValueOrDefault(key);

    /// <summary>True where it will exist. A row with a fault of its own counts: it is blamed already.</summary>
    public bool Exists(string key) => _rows.ContainsKey(key) || _all.IsFaulty(_file, key) || _isKnown(key);

    /// <summary>A fault where the row's reference leads nowhere.</summary>
    public void Require(string key, string kind, InventoryFile from, IInventoryRow row, string header, ImportFaults faults)
    {
        if (!Exists(key))
        {
            faults.Add(from, row.Line, header, $"unknown-{kind}", $"There is no {kind} \"{key}\", neither in {_file.Name} nor in the inventory.");
        }
    }
}
