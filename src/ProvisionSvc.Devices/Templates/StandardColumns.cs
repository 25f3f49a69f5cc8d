using System.Text.RegularExpressions;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>What a column's values are on the wire.</summary>
public enum ColumnType
{
    Integer,
    Text,
    Gauge,
    Counter,
}

/// <summary>By what a column's rows are numbered.</summary>
public enum ColumnIndex
{
    IfIndex,

    /// <summary>dot1dBasePort, which is not the ifIndex (RFC 4188).</summary>
    BasePort,
}

/// <summary>A MIB column that every sweep reads: an intent field, or a column of the inventory.</summary>
public sealed record StandardColumn(string Name, string Oid, ColumnType Type, ColumnIndex Index, IntentField? Field, string? Inventory);

/// <summary>Reads device-templates/standard.yaml: the columns of the standard MIBs that the poller asks every switch for.</summary>
public static class StandardColumns
{
    public const string FileName = "standard.yaml";

    /// <exception cref="TemplateException">The file has faults; all of them are in the message.</exception>
    public static IReadOnlyList<StandardColumn> Load(string directory)
    {
        var (columns, faults) = Read(FileName, File.ReadAllText(Path.Combine(directory, FileName)));
        return faults.Count == 0 ? columns : throw new TemplateException(faults);
    }

    public static (IReadOnlyList<StandardColumn> Columns, IReadOnlyList<TemplateFault> Faults) Read(string file, string yaml)
    {
        var faults = new FaultList(file);
        var columns = new List<StandardColumn>();
        if (YamlFile.Parse(yaml, faults) is { } root)
        {
            var top = new MapReader(root, "standard", TemplateKeys.Standard, faults);
            foreach (var item in top.Items("columns"))
            {
                if (item is YamlMap map)
                {
                    columns.Add(Column(new(map, "columns", TemplateKeys.Column, faults), faults));
                }
                else
                {
                    faults.Add(item, "A column is a map.", $"Write {string.Join(", ", TemplateKeys.Column)}.");
                }
            }

            foreach (var twice in columns.GroupBy(c => c.Name).Where(g => g.Count() > 1).Select(g => g.Key).Where(n => n.Length > 0))
            {
                faults.Add(top.At("columns"), $"The column {twice} is listed twice.", "Keep one of them.");
            }
        }

        return (columns, faults.InOrder);
    }

    private static StandardColumn Column(MapReader map, FaultList faults)
    {
        var oid = map.Required("oid", "the column's object identifier");
        if (oid.Text.Length > 0 && !Regex.IsMatch(oid.Text, @"\A1(\.\d+)+\z", RegexOptions.NonBacktracking))
        {
            faults.Add(oid, $"\"{Printable.Of(oid.Text)}\" is not an object identifier.", "Write numbers and dots, without the row's index.");
        }

        var field = map.Text("field");
        if (field is not null && FieldNames.Parse(field.Text) is null)
        {
            faults.Add(field, $"\"{Printable.Of(field.Text)}\" is not a field of an intent.", $"The fields are {string.Join(", ", FieldNames.All)}.");
        }

        if (field is null && !map.Has("inventory"))
        {
            faults.Add(map.At("inventory"), "Nothing says what the column is for.", "Add field (of an intent), inventory (a column of ours), or both.");
        }

        return new(
            map.Required("name", "the column's name in its MIB").Text,
            oid.Text,
            map.Word("type", ["integer", "text", "gauge", "counter"]) switch
            {
                "text" => ColumnType.Text,
                "gauge" => ColumnType.Gauge,
                "counter" => ColumnType.Counter,
                _ => ColumnType.Integer,
            },
            map.Word("index", ["ifIndex", "basePort"]) == "basePort" ? ColumnIndex.BasePort : ColumnIndex.IfIndex,
            field is null ? null : FieldNames.Parse(field.Text),
            map.Text("inventory")?.Text);
    }
}
