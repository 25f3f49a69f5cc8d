using CsvHelper;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Inventory.Import;

/// <summary>From text to rows: every cell that is not what its column says becomes a fault. Nothing is looked up here.</summary>
internal static class ParseInventory
{
    private static readonly string[] Segments = ["group", "large", "chain", "small", "micro"];

    public static InventoryRows Parse(IReadOnlyDictionary<string, string> texts, ImportFaults faults)
    {
        var rows = new InventoryRows();
        foreach (var unknown in texts.Keys.Where(t => InventoryFile.All.All(f => f.Name != t)))
        {
            faults.AddAt(PlainText.Visible(unknown, 80), 1, 1, "unknown-file", $"No inventory file has this name; known are {string.Join(", ", InventoryFile.All.Select(f => f.Name))}.");
        }

        Read(InventoryFile.Districts, "number", rows.Districts, c => new DistrictRow(c.Line, c.Whole("number", 1, 99), c.Name("name")));
        Read(InventoryFile.Nodes, "name", rows.Nodes, Node);
        Read(InventoryFile.Buildings, "name", rows.Buildings, c => new BuildingRow(c.Line, c.Name("name"), c.Text("address"), c.Whole("district", 1, 99), c.Name("node")));
        Read(InventoryFile.Switches, "name", rows.Switches, Switch);
        Read(InventoryFile.Ports, "switch", rows.Ports, c => new PortRow(c.Line, Port(c), c.Word<PortRole>("role"), c.OptionalRate("speed_mbps")), ifName: "if_name");
        Read(InventoryFile.Links, "name", rows.Links, Link);
        Read(InventoryFile.Customers, "code", rows.Customers, c => new CustomerRow(c.Line, c.Name("code"), c.Text("name"), c.Word("segment", Segments)));
        Read(InventoryFile.Accounts, "number", rows.Accounts, c => new AccountRow(
            c.Line, c.Name("number"), c.Name("customer"), c.Whole("district", 1, 99), c.OptionalNumber("monthly_value", 0, 999_999_999_999m, 2)));
        Read(InventoryFile.Groups, "name", rows.Groups, c => new GroupRow(c.Line, c.Name("name"), c.Name("customer")));
        Read(InventoryFile.Services, "circuit_id", rows.Services, c => new ServiceRow(
            c.Line, c.Circuit("circuit_id")!, c.Name("account"), c.Name("building"), c.OptionalText("group", Cells.LongestName),
            c.Rate("rate_down_mbps"), c.Rate("rate_up_mbps"), c.Word<ServiceState>("state")));
        Read(InventoryFile.Attachments, "switch", rows.Attachments, Attachment, ifName: "if_name");
        return rows;

        void Read<T>(InventoryFile file, string key, List<T> into, Func<Cells, T> row, string? ifName = null)
        {
            if (texts.TryGetValue(file.Name, out var text))
            {
                var readable = ReadFile(file, text, faults, c =>
                {
                    var read = row(c);
                    if (c.IsSound)
                    {
                        into.Add(read);
                    }
                    else
                    {
                        rows.AddFaulty(file, ifName is null ? c.Raw(key) : new PortName(c.Raw(key), c.Raw(ifName)).ToString());
                    }
                });
                if (!readable)
                {
                    rows.AddUnread(file);
                }
            }
        }
    }

    /// <returns>False where lines are missing in what was read.</returns>
    private static bool ReadFile(InventoryFile file, string text, ImportFaults faults, Action<Cells> line)
    {
        if (text is null)
        {
            faults.AddAt(file.Name, 1, 1, "missing-text", "The file's text is null.");
            return false;
        }

        var malformed = 0;
        using var reader = CsvText.Open(text, broken =>
        {
            malformed++;
            faults.AddAt(file.Name, (int)broken.LineNumber, 1, "malformed-line", Explain(broken.Reason, file));
        });
        var headers = CsvText.Headers(reader);
        if (HeaderFaults(file, headers, faults))
        {
            return false;
        }

        var columns = headers.Select((h, i) => (h, i)).ToDictionary(h => h.h, h => h.i, StringComparer.Ordinal);
        var cells = new Cells(reader, file, columns, faults);
        while (cells.Next())
        {
            line(cells);
        }

        return malformed == 0;
    }

    private static bool HeaderFaults(InventoryFile file, List<string> headers, ImportFaults faults)
    {
        var before = faults.Count;
        var column = 1;
        foreach (var (header, index) in headers.Select((h, i) => (h, i)))
        {
            if (!file.Headers.Contains(header))
            {
                faults.AddAt(file.Name, 1, column, "unknown-header", $"\"{PlainText.Visible(header, 40)}\" is no column of {file.Name}; its columns are {string.Join(", ", file.Headers)}.");
            }
            else if (headers.IndexOf(header) < index)
            {
                faults.AddAt(file.Name, 1, column, "double-header", $"\"{header}\" stands twice.");
            }

            column += header.Length + 1;
        }

        foreach (var missing in file.Headers.Except(headers))
        {
            faults.AddAt(file.Name, 1, 1, "missing-header", $"The column \"{missing}\" is missing; {file.Name} has {string.Join(", ", file.Headers)}.");
        }

        return faults.Count > before;
    }

    private static string Explain(CsvMalformedReason reason, InventoryFile file) => reason switch
    {
        CsvMalformedReason.FieldCountMismatch => $"The line does not have {file.Headers.Count} cells; quote a cell that contains a comma.",
        CsvMalformedReason.StrayQuote => "A quote stands inside a cell; put the cell in quotes and double the quote.",
        CsvMalformedReason.TextAfterClosingQuote => "Text follows a closing quote; double the quotes inside the cell.",
        CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote => "A quoted cell does not end on its line; no cell may contain a line break.",
        _ => $"The line cannot be read ({reason}).",
    };

    private static NodeRow Node(Cells c)
    {
        var node = new NodeRow(
            c.Line, c.Name("name"), c.Whole("district", 1, 99), c.Rate("uplink_mbps"), c.Number("oversubscription", 1, 9999, 2),
            c.Whole("vlan_first", 1, 4094), c.Whole("vlan_last", 1, 4094));
        if (c.IsSound && node.VlanFirst > node.VlanLast)
        {
            c.Wrong<int>("vlan_last", "empty-range", $"{node.VlanFirst}-{node.VlanLast} contains no VLAN; vlan_last is not below vlan_first.");
        }

        return node;
    }

    private static SwitchRow Switch(Cells c)
    {
        var key = c.OptionalText("host_key_sha256", 80);
        if (key is not null && !HostKey.IsFingerprint(key))
        {
            c.Wrong<string>("host_key_sha256", "invalid-host-key", $"\"{key}\" is not a fingerprint; write SHA256: and 43 characters, as ssh-keygen -l shows it.");
        }

        return new(
            c.Line, c.Name("name"), c.Name("building"), c.Name("template"), c.Address("address")!, c.Whole("snmp_port", 1, 65535), c.Whole("ssh_port", 1, 65535),
            c.Name("credential"), c.OptionalText("serial", Cells.LongestName), key);
    }

    private static LinkRow Link(Cells c)
    {
        var names = c.Text("if_names", 2000).Split(';', StringSplitOptions.TrimEntries);
        if (c.IsSound && names.Any(n => n.Length == 0))
        {
            c.Wrong<string>("if_names", "empty-member", "A member is empty; write the ifNames with ';' between them.");
        }
        else if (c.IsSound && names.Distinct().Count() < names.Length)
        {
            c.Wrong<string>("if_names", "double-member", "A member stands twice.");
        }

        return new(c.Line, c.Name("name"), c.Name("switch"), names, c.Name("node"), c.Rate("speed_mbps"));
    }

    private static AttachmentRow Attachment(Cells c)
    {
        if (c.Word("tagged", ["true", "false"]) == "true")
        {
            c.Wrong<string>("tagged", "tagged-not-possible", "The import takes no tagged attachments yet; import the port with role reserved, or leave the attachment out and order it with tagged.");
        }

        return new(c.Line, c.Circuit("circuit_id")!, Port(c), c.Whole("vlan", 1, 4094));
    }

    private static PortName Port(Cells c) => new(c.Name("switch"), c.Name("if_name"));
}
