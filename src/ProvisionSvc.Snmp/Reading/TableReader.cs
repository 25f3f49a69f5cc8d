namespace ProvisionSvc.Snmp;

/// <summary>Reads several columns side by side. Each has a cursor of its own, so holes and different lengths misplace nothing: cells meet by index.</summary>
internal sealed class TableReader
{
    private readonly SuccessorReader _successors;
    private readonly SnmpReadLimits _limits;
    private readonly Column[] _columns;
    private readonly Dictionary<Oid, SnmpRow> _rows = [];
    private readonly List<Column> _open;
    private Oid _furthest;
    private SnmpRow? _latest;

    public TableReader(SuccessorReader successors, IReadOnlyList<Oid> columns, SnmpReadLimits limits)
    {
        (_successors, _limits) = (successors, limits);
        _columns = [.. columns.Select((oid, position) => new Column(oid, position))];
        _open = [.. _columns];
    }

    public async Task<SnmpTable> ReadAsync(TimeProvider clock, CancellationToken ct)
    {
        var end = _open.Count == 0 ? new ReadingEnd(null) : await Reading.RunAsync(_successors, _limits, clock, StepAsync, ct);
        var rows = _rows.Values.ToArray();
        Array.Sort(rows, (left, right) => left.Index.CompareTo(right.Index));
        return new SnmpTable([.. _columns.Select(column => column.Oid)], rows, end);
    }

    private async Task<ReadingEnd?> StepAsync(CancellationToken ct)
    {
        // Where an answer cannot hold all columns, those furthest behind are asked for first.
        _open.Sort((left, right) => left.Cells != right.Cells ? left.Cells.CompareTo(right.Cells) : left.Position.CompareTo(right.Position));
        var (varBinds, first, asked) = await _successors.NextAsync([.. _open.Select(column => column.Cursor)], ct);
        for (var i = 0; i < varBinds.Count; i++)
        {
            if (_open[first + (i % asked)] is { IsOpen: true } column && Take(column, varBinds[i]) is { } fault)
            {
                return fault;
            }
        }

        if (varBinds.Count == 0)
        {
            return new ReadingEnd(IncompleteReason.BadAnswer);
        }

        _open.RemoveAll(column => !column.IsOpen);
        return _open.Count == 0 ? End() : null;
    }

    private ReadingEnd? Take(Column column, VarBind successor)
    {
        if (Reading.Judge(successor, column.Cursor, column.Oid) is { } end)
        {
            column.IsOpen = false;
            column.EndedTheView = successor.Value.Type == SnmpType.EndOfMibView;
            _furthest = successor.Value.IsException || successor.Oid <= _furthest ? _furthest : successor.Oid;
            return end.Complete ? null : end;
        }

        if (RowOf(successor.Oid.Slice(column.Oid.Length)) is not { } row)
        {
            return new ReadingEnd(IncompleteReason.RowLimit);
        }

        row[column.Position] = successor.Value;
        column.Cursor = successor.Oid;
        column.Cells++;
        _furthest = successor.Oid > _furthest ? successor.Oid : _furthest;
        return null;
    }

    /// <summary>Null when there is no room for another row.</summary>
    private SnmpRow? RowOf(Oid index)
    {
        // Cells of one row come one after the other, unless the columns have holes.
        if (_latest is { } latest && latest.Index == index)
        {
            return latest;
        }

        if (!_rows.TryGetValue(index, out _latest))
        {
            if (_rows.Count == _limits.MaxRows)
            {
                return null;
            }

            _latest = new SnmpRow(index, _columns.Length);
            _rows.Add(index, _latest);
        }

        return _latest;
    }

    /// <summary>endOfMibView promises that nothing follows (RFC 3416 §4.2.2); an agent that gave something from further on has broken off.</summary>
    private ReadingEnd End() =>
        new(_columns.Any(column => column.EndedTheView && column.Cursor < _furthest) ? IncompleteReason.ContradictoryEnd : null);

    private sealed class Column(Oid oid, int position)
    {
        public Oid Oid { get; } = oid;

        public int Position { get; } = position;

        /// <summary>The last OID given for this column.</summary>
        public Oid Cursor { get; set; } = oid;

        public int Cells { get; set; }

        public bool IsOpen { get; set; } = true;

        public bool EndedTheView { get; set; }
    }
}
