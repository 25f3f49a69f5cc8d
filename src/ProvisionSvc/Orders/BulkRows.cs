using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>A row of a bulk that was read: where it stands, and its order.</summary>
internal sealed record BulkRow(int Number, OrderDraft Draft);

/// <summary>A bulk as it is sent: the rows are read one by one, so that each fault is named with its row.</summary>
internal sealed record BulkEnvelope
{
    public required string ExternalId { get; init; }

    public string? Why { get; init; }

    public IReadOnlyList<JsonElement>? Orders { get; init; }

    public string? Csv { get; init; }
}

/// <summary>Reads the rows of a bulk, of JSON or of CSV, with every fault by row and column: <c>row 17, hold</c>.</summary>
internal static class BulkRows
{
    public const int Most = 10_000;

    /// <summary>What stands for one service and needs no reading of a switch.</summary>
    private static readonly string[] Single = [.. ParseOrder.Actions.Except(["adopt", "undo", "replaceSwitch"])];

    private static readonly string[] Columns = [.. typeof(BulkRowRequest).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];

    private static readonly string[] Numbers = ["vlan", "rateDownMbps", "rateUpMbps"];

    public static (IReadOnlyList<BulkRow> Rows, IReadOnlyList<Fault> Faults) Read(BulkEnvelope bulk, Caller caller)
    {
        var faults = new List<Fault>();
        if (bulk.Orders is null == bulk.Csv is null)
        {
            return ([], [new("orders-or-csv", "orders", "Send the orders as orders (JSON) or as csv (text), one of them.")]);
        }

        var elements = bulk.Orders is { } orders ? [.. orders.Select((o, i) => (i + 1, o))] : FromCsv(bulk.Csv!, faults);
        if (elements.Count > Most)
        {
            faults.Add(new("too-many-orders", "orders", $"{elements.Count} orders; {Most} are the most. Send them in parts."));
        }
        else if (elements.Count == 0 && faults.Count == 0)
        {
            faults.Add(new("no-orders", "orders", "There is no order in it."));
        }

        var rows = new List<BulkRow>();
        foreach (var (number, element) in faults.Count == 0 || bulk.Csv is not null ? elements.Take(Most) : [])
        {
            var (draft, wrong) = Row(bulk, number, element, caller);
            faults.AddRange(wrong.Select(f => At(number, f)));
            if (draft is not null)
            {
                rows.Add(new(number, draft));
            }
        }

        faults.AddRange(rows.GroupBy(r => r.Draft.Body.ExternalId).Where(g => g.Count() > 1)
            .Select(g => At(g.Last().Number, new("external-id-twice", "externalId", $"\"{g.Key}\" is the externalId of row {string.Join(" and ", g.Select(r => r.Number))}."))));
        return (rows, faults);
    }

    /// <summary>The fault with the row it is in; a column is the member's name.</summary>
    public static Fault At(int number, Fault fault) => fault with { Field = fault.Field.Length == 0 ? $"row {number}" : $"row {number}, {fault.Field}" };

    private static (OrderDraft? Draft, IReadOnlyList<Fault> Faults) Row(BulkEnvelope bulk, int number, JsonElement element, Caller caller)
    {
        var body = Body<BulkRowRequest>.Read(element);
        if (body.Faults.Count > 0)
        {
            return (null, body.Faults);
        }

        var row = body.Value;
        return Single.Contains(row.Action) || !ParseOrder.Actions.Contains(row.Action)
            ? ParseOrder.Parse(
                new()
                {
                    ExternalId = row.ExternalId ?? SplitOrder.KeyOf(bulk.ExternalId, $"{number}"), Action = row.Action, Service = row.Service, Why = row.Why ?? bulk.Why, Hold = row.Hold,
                    Until = row.Until, Account = row.Account, Building = row.Building, Switch = row.Switch, IfName = row.IfName, ToSwitch = row.ToSwitch, ToIfName = row.ToIfName,
                    NewService = row.NewService, Vlan = row.Vlan, RateDownMbps = row.RateDownMbps, RateUpMbps = row.RateUpMbps, RateEnforcedElsewhere = row.RateEnforcedElsewhere,
                    RequestedStart = row.RequestedStart,
                },
                caller.Name, caller.Name, caller.DistrictFilter)
            : (null, [new("not-in-bulk", "action", $"{row.Action} is placed singly; a bulk takes {string.Join(", ", Single)}.")]);
    }

    /// <summary>Each line as the JSON object that it stands for; an empty cell is a member left out.</summary>
    private static List<(int Number, JsonElement Order)> FromCsv(string text, List<Fault> faults)
    {
        var rows = new List<(int, JsonElement)>();
        using var reader = CsvText.Open(text, bad => faults.Add(new("malformed-row", $"row {bad.LineNumber}", "The line breaks the quoting, or has another number of cells than the header.")));
        var headers = CsvText.Headers(reader);
        faults.AddRange(headers.Except(Columns).Select(h => new Fault("unknown-column", $"row 1, {h}", $"There is no \"{h}\" here; known are {string.Join(", ", Columns)}.")));
        faults.AddRange(headers.GroupBy(h => h).Where(g => g.Count() > 1).Select(g => new Fault("double-column", $"row 1, {g.Key}", $"\"{g.Key}\" stands twice.")));
        while (faults.TrueForAll(f => f.Code == "malformed-row") && reader.Read())
        {
            var order = new JsonObject();
            foreach (var (header, cell) in headers.Select((h, i) => (h, reader.GetString(i).Trim())).Where(c => c.Item2.Length > 0))
            {
                order[header] = Numbers.Contains(header) && decimal.TryParse(cell, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                    : header == "rateEnforcedElsewhere" && bool.TryParse(cell, out var flag) ? flag
                    : cell;
            }

            rows.Add(((int)reader.LineNumber, JsonSerializer.SerializeToElement(order)));
        }

        return rows;
    }
}
