namespace ProvisionSvc.Snmp;

/// <summary>The counters that Reports name (RFC 3414 §5, RFC 3412 §5): why an engine did not process a message.</summary>
internal static class UsmStatistics
{
    private static readonly Oid UsmStats = new(1, 3, 6, 1, 6, 3, 15, 1, 1);

    public static Oid UnsupportedSecLevels { get; } = UsmStats.Append(1, 0);

    public static Oid NotInTimeWindows { get; } = UsmStats.Append(2, 0);

    public static Oid UnknownUserNames { get; } = UsmStats.Append(3, 0);

    public static Oid UnknownEngineIds { get; } = UsmStats.Append(4, 0);

    public static Oid WrongDigests { get; } = UsmStats.Append(5, 0);

    public static Oid DecryptionErrors { get; } = UsmStats.Append(6, 0);

    public static Oid UnknownContexts { get; } = new(1, 3, 6, 1, 6, 3, 12, 1, 5, 0);

    /// <summary>The counter a Report is about; empty when it names none or is damaged.</summary>
    public static Oid NamedBy(in PduFrame report) =>
        VarBindDecoder.TryDecode(report.VarBinds, out var varBinds, out _) && varBinds is [var only, ..] ? only.Oid : Oid.Empty;

    /// <summary>What a Report says in words, for exceptions.</summary>
    public static (SnmpFault Fault, string Meaning) MeaningOf(Oid counter)
    {
        if (counter == UnknownUserNames)
        {
            return (SnmpFault.AuthenticationFailed, "the agent does not know the user");
        }

        if (counter == WrongDigests)
        {
            return (SnmpFault.AuthenticationFailed, "the agent finds the authentication wrong: another password or protocol");
        }

        if (counter == DecryptionErrors)
        {
            return (SnmpFault.AuthenticationFailed, "the agent cannot decrypt: another privacy password or protocol");
        }

        return counter == UnsupportedSecLevels ? (SnmpFault.NotPermitted, "the agent does not allow the user this security level")
            : counter == UnknownContexts ? (SnmpFault.NotPermitted, "the agent does not know the context")
            : (SnmpFault.AgentError, $"the agent reports {counter}");
    }
}
