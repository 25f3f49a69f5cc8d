using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Recordings;

/// <summary>What a real agent once answered: its variables in the order of their OIDs, each once.</summary>
public sealed class Recording
{
    private static readonly Comparer<VarBind> ByOid = Comparer<VarBind>.Create((left, right) => left.Oid.CompareTo(right.Oid));

    private readonly VarBind[] _variables;

    /// <param name="variables">In any order; of variables with one OID the first counts.</param>
    public Recording(string name, IEnumerable<VarBind> variables, IReadOnlyList<SkippedLine> skipped)
    {
        (Name, Skipped) = (name, skipped);
        _variables = [.. variables.DistinctBy(v => v.Oid).Order(ByOid)];
    }

    public string Name { get; }

    public IReadOnlyList<VarBind> Variables => _variables;

    /// <summary>Lines of the file that no agent can send.</summary>
    public IReadOnlyList<SkippedLine> Skipped { get; }

    /// <summary>The variable with this OID; without a value where there is none.</summary>
    internal VarBind Find(Oid oid)
    {
        var at = Position(oid);
        return at >= 0 ? _variables[at] : new VarBind(oid, HasSibling(oid) ? SnmpValue.NoSuchInstance : SnmpValue.NoSuchObject);
    }

    /// <summary>The variable behind this OID, or endOfMibView.</summary>
    internal VarBind Next(Oid oid)
    {
        var at = Position(oid);
        var next = at >= 0 ? at + 1 : ~at;
        return next < _variables.Length ? _variables[next] : new VarBind(oid, SnmpValue.EndOfMibView);
    }

    private int Position(Oid oid) => Array.BinarySearch(_variables, new VarBind(oid, default), ByOid);

    /// <summary>A recording names no objects: an OID with a neighbour is taken for an instance of the neighbour's.</summary>
    private bool HasSibling(Oid oid)
    {
        var parent = oid.IsEmpty ? oid : oid.Slice(0, oid.Length - 1);
        return Next(parent) is { Value.IsException: false } next && next.Oid.StartsWith(parent);
    }
}

/// <summary>A line that cannot be served, counted from 1, and why.</summary>
public sealed record SkippedLine(int Line, string Why);
