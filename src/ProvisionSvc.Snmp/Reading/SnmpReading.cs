namespace ProvisionSvc.Snmp;

/// <summary>What bounds the reading of one table or subtree, whatever the agent sends.</summary>
public sealed record SnmpReadLimits
{
    public static SnmpReadLimits Default { get; } = new();

    /// <summary>The most rows of a table, or variables of a walk.</summary>
    public int MaxRows { get; init; } = 200_000;

    /// <summary>The most octets of answers.</summary>
    public long MaxOctets { get; init; } = 64 << 20;

    /// <summary>The longest time in all.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Why a reading stopped before its end.</summary>
public enum IncompleteReason
{
    /// <summary>The agent gave an OID that does not follow the one before: it would loop (RFC 3416 §4.2.2 promises successors).</summary>
    NonIncreasing,

    /// <summary>The agent said endOfMibView although it has variables behind.</summary>
    ContradictoryEnd,

    /// <summary>The agent answered with nothing, or with a value that no walk can give.</summary>
    BadAnswer,
    RowLimit,
    OctetLimit,
    TimeLimit,

    /// <summary>The agent answered before, then no more; see the cause.</summary>
    Timeout,

    /// <summary>The agent refused to go on; see the cause.</summary>
    AgentError,
}

/// <summary>How a reading ended: complete, or why not.</summary>
public readonly record struct ReadingEnd(IncompleteReason? Incomplete, SnmpException? Cause = null)
{
    public bool Complete => Incomplete is null;

    public override string ToString() => Incomplete is { } reason ? $"incomplete: {reason} {Cause?.Message}".TrimEnd() : "complete";
}

/// <summary>Everything found under an OID, in order.</summary>
public sealed record SnmpWalk(Oid Root, IReadOnlyList<VarBind> VarBinds, ReadingEnd End)
{
    /// <summary>True only when the agent showed the end of the subtree.</summary>
    public bool Complete => End.Complete;
}

/// <summary>A row of a table: its index and one value per column asked for.</summary>
public sealed class SnmpRow
{
    private readonly SnmpValue[] _values;

    public SnmpRow(Oid index, params ReadOnlySpan<SnmpValue> values) => (Index, _values) = (index, values.ToArray());

    /// <summary>All holes.</summary>
    internal SnmpRow(Oid index, int columns) => (Index, _values) = (index, new SnmpValue[columns]);

    /// <summary>What follows the column in the OIDs of this row.</summary>
    public Oid Index { get; }

    /// <summary>The value in the column of this position; its type is None where the row has a hole.</summary>
    public SnmpValue this[int column]
    {
        get => _values[column];
        internal set => _values[column] = value;
    }
}

/// <summary>Columns of a table, row by row in the order of their indexes.</summary>
public sealed record SnmpTable(IReadOnlyList<Oid> Columns, IReadOnlyList<SnmpRow> Rows, ReadingEnd End)
{
    /// <summary>True only when the agent showed the end of every column. Otherwise a row that is missing may well exist.</summary>
    public bool Complete => End.Complete;
}
