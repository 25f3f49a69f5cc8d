using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>How an agent is read. There is no way to write here, on purpose.</summary>
internal enum AgentOperation
{
    Get,
    Walk,
    Table,
}

/// <summary>A request understood: what to ask the agent for, in numbers.</summary>
internal sealed record AgentQuestion(AgentOperation Operation, IReadOnlyList<Oid> Oids, int MaxRows)
{
    /// <summary>The question, or everything that is wrong with the request.</summary>
    public static (AgentQuestion? Question, IReadOnlyList<Fault> Faults) Read(ReadAgentRequest request, FieldWorkOptions options)
    {
        var faults = new List<Fault>();
        var isKnown = EnumText.TryParse<AgentOperation>(request.Operation, out var operation);
        if (!isKnown)
        {
            faults.Add(new("invalid-operation", "operation", $"\"{Printable.Of(request.Operation)}\" is none of {EnumText.Words<AgentOperation>()}; a SET is an order."));
        }

        if (request.MaxRows is { } rows && (rows < 1 || rows > options.MaxRows))
        {
            faults.Add(new("invalid-max-rows", "maxRows", $"maxRows is 1 to {options.MaxRows}."));
        }
        else if (isKnown && operation == AgentOperation.Get && request.MaxRows is not null)
        {
            faults.Add(new("invalid-max-rows", "maxRows", "maxRows belongs to walk and table: a get answers what was asked for."));
        }

        if (request.Oids.Count == 0 || request.Oids.Count > options.MaxOids || (isKnown && operation == AgentOperation.Walk && request.Oids.Count > 1))
        {
            faults.Add(new("invalid-oids", "oids", operation == AgentOperation.Walk ? "Give the one OID to walk." : $"Give 1 to {options.MaxOids} OIDs."));
            return (null, faults);
        }

        var found = new List<NamedOid>();
        foreach (var (text, i) in request.Oids.Select((t, i) => (t ?? "", i)))
        {
            if (!MibNames.TryParse(text, out var named, out var why))
            {
                faults.Add(new("invalid-oid", $"oids[{i}]", $"\"{Printable.Of(text)}\" {why}"));
            }
            else if (isKnown && Unfit(operation, named) is { } unfit)
            {
                faults.Add(new("unfit-oid", $"oids[{i}]", $"\"{Printable.Of(text)}\" {unfit}"));
            }
            else
            {
                found.Add(named);
            }
        }

        if (isKnown && operation == AgentOperation.Table && Mixed(found) is { } mixed)
        {
            faults.Add(mixed);
        }

        Oid[] oids = [.. found.SelectMany(n => Asked(operation, n)).Distinct()];
        if (oids.Length > options.MaxOids)
        {
            faults.Add(new("invalid-oids", "oids", $"These are {oids.Length} columns; at most {options.MaxOids} are read at once."));
        }

        return faults.Count > 0 ? (null, faults) : (new(operation, oids, request.MaxRows ?? options.MaxRows), []);
    }

    private static IEnumerable<Oid> Asked(AgentOperation operation, NamedOid named) => (operation, named) switch
    {
        (AgentOperation.Get, { Object.Kind: MibKind.Scalar, HasInstance: false }) => [named.Oid.Append(0)],
        (AgentOperation.Table, { Object: { Kind: MibKind.Table, Columns: var columns } }) => columns.Select(c => c.Oid),
        _ => [named.Oid],
    };

    private static string? Unfit(AgentOperation operation, NamedOid named) => (operation, named) switch
    {
        (AgentOperation.Get, { Object.Kind: MibKind.Column, HasInstance: false }) => "is a column: say of which row, such as ifAdminStatus.7, or read it with table.",
        (AgentOperation.Get, { Object.Kind: MibKind.Table or MibKind.Group, HasInstance: false }) => "holds many variables: read it with table or walk.",
        (AgentOperation.Get, { Oid.Length: < 2 }) => "is too short for a variable.",
        (AgentOperation.Table, { HasInstance: true }) => "is a single variable: name the column without the row, or read it with get.",
        (AgentOperation.Table, { Object.Kind: MibKind.Scalar or MibKind.Group }) => "is not a table or a column: read it with get or walk.",
        (AgentOperation.Table, { Oid.Length: < 2 }) => "is too short for a column.",
        _ => null,
    };

    /// <summary>Rows meet by their index: base port 7 beside ifIndex 7 would show one port's VLAN at another's name.</summary>
    private static Fault? Mixed(IReadOnlyList<NamedOid> found)
    {
        var kinds = found.Select(n => n.Object is { Kind: MibKind.Table } table ? table.Columns[0] : n.Object).OfType<MibObject>()
            .Where(o => o.Kind == MibKind.Column).DistinctBy(o => o.IndexedBy).ToList();
        return kinds.Count < 2 ? null : new("mixed-indexes", "oids",
            $"Rows of these do not belong together ({string.Join("; ", kinds.Select(k => $"{k.Name} is numbered by {k.IndexedBy}"))}): read them one after the other.");
    }
}
