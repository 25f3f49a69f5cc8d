namespace ProvisionSvc.Snmp;

/// <summary>Reads one subtree from successor to successor.</summary>
internal sealed class WalkReader(SuccessorReader successors, Oid root, SnmpReadLimits limits)
{
    private readonly List<VarBind> _found = [];

    public async Task<SnmpWalk> ReadAsync(TimeProvider clock, CancellationToken ct) =>
        new(root, _found, await Reading.RunAsync(successors, limits, clock, StepAsync, ct));

    private async Task<ReadingEnd?> StepAsync(CancellationToken ct)
    {
        var cursor = _found.Count > 0 ? _found[^1].Oid : root;
        var varBinds = (await successors.NextAsync([cursor], ct)).VarBinds;
        foreach (var varBind in varBinds)
        {
            if (Reading.Judge(varBind, cursor, root) is { } end)
            {
                return end;
            }

            if (_found.Count == limits.MaxRows)
            {
                return new ReadingEnd(IncompleteReason.RowLimit);
            }

            _found.Add(varBind);
            cursor = varBind.Oid;
        }

        return varBinds.Count == 0 ? new ReadingEnd(IncompleteReason.BadAnswer) : null;
    }
}
