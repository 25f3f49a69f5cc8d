using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>What a well-known name stands for.</summary>
internal enum MibKind
{
    /// <summary>A subtree of several objects.</summary>
    Group,
    Table,
    Column,

    /// <summary>Its one instance is .0.</summary>
    Scalar,
}

/// <summary>A well-known object of the standard MIBs.</summary>
internal sealed record MibObject(string Name, Oid Oid, MibKind Kind)
{
    /// <summary>Table: its readable columns.</summary>
    public IReadOnlyList<MibObject> Columns { get; init; } = [];

    /// <summary>Column: by what the rows are numbered; columns numbered otherwise do not stand in one row with it.</summary>
    public string IndexedBy { get; init; } = "";

    /// <summary>The value is octets, even where they happen to be printable.</summary>
    public bool IsOctets { get; init; }

    /// <summary>The words for the values of an enumeration.</summary>
    public IReadOnlyDictionary<long, string> Labels { get; init; } = new Dictionary<long, string>();
}
