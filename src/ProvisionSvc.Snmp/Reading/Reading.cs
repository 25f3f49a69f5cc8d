namespace ProvisionSvc.Snmp;

/// <summary>What walks and tables have in common.</summary>
internal static class Reading
{
    /// <summary>Steps until an end, within the limits. A failure after the first answer is an incomplete reading; before it, an exception.</summary>
    public static async Task<ReadingEnd> RunAsync(
        SuccessorReader successors, SnmpReadLimits limits, TimeProvider clock, Func<CancellationToken, Task<ReadingEnd?>> step, CancellationToken ct)
    {
        using var time = new CancellationTokenSource(limits.MaxTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, ct);
        try
        {
            while (true)
            {
                if (await step(either.Token) is { } end)
                {
                    return end;
                }

                if (successors.Octets >= limits.MaxOctets)
                {
                    return new ReadingEnd(IncompleteReason.OctetLimit);
                }
            }
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new ReadingEnd(IncompleteReason.TimeLimit);
        }
        catch (SnmpException exception) when (successors.HasHeard)
        {
            var isSilent = exception.Fault is SnmpFault.Timeout or SnmpFault.Unreachable or SnmpFault.Malformed;
            return new ReadingEnd(isSilent ? IncompleteReason.Timeout : IncompleteReason.AgentError, exception);
        }
    }

    /// <summary>Whether the successor of <paramref name="cursor"/> ends the reading of <paramref name="subtree"/>; null when it belongs to it.</summary>
    public static ReadingEnd? Judge(VarBind successor, Oid cursor, Oid subtree) => successor switch
    {
        { Value.Type: SnmpType.EndOfMibView } => new ReadingEnd(null),
        { Value.IsException: true } => new ReadingEnd(IncompleteReason.BadAnswer),
        _ when successor.Oid <= cursor => new ReadingEnd(IncompleteReason.NonIncreasing),
        _ when !successor.Oid.StartsWith(subtree) => new ReadingEnd(null),
        _ => null,
    };
}
