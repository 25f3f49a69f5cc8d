namespace ProvisionSvc.Snmp;

/// <summary>A table that was read the convenient way, given to a sink: what v1 has instead of GETBULK.</summary>
internal static class TableCells
{
    public static SnmpCells Give(SnmpTable table, ISnmpCellSink sink)
    {
        var cells = 0;
        foreach (var row in table.Rows)
        {
            for (var column = 0; column < table.Columns.Count; column++)
            {
                var value = row[column];
                if (!value.HasValue)
                {
                    continue;
                }

                var octets = value.Type == SnmpType.ObjectIdentifier ? new SnmpColumns(value.Oid).Names[0] : value.Octets.Span;
                sink.OnCell(column, row.Index.Arcs, new SnmpCell(value.Type, value.Number, octets));
                cells++;
            }
        }

        return new SnmpCells(table.End, cells, 0);
    }
}
