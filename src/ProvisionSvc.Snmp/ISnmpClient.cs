namespace ProvisionSvc.Snmp;

/// <summary>What a consumer asks of SNMP agents. Every method throws <see cref="SnmpException"/> when the agent cannot be asked or refuses.</summary>
public interface ISnmpClient
{
    /// <summary>The variables' values in the order asked for. A variable that is not there has an exception for a value (<see cref="SnmpValue.IsException"/>).</summary>
    /// <remarks>One exchange, unless the question is larger than a datagram or the agent says tooBig: then it is asked in parts.</remarks>
    Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct);

    /// <summary>Sets all of the variables or none (RFC 3416 §4.2.5), in one exchange, and gives back the agent's echo.</summary>
    /// <remarks>
    /// Sent once unless <see cref="SnmpTarget.SetRetries"/> says otherwise. <see cref="SnmpException.OutcomeUnknown"/>, like a cancellation, means:
    /// read before doing anything else. A SET cannot compare: read, set, read again (where the agent has it, put snmpSetSerialNo first, RFC 3418 §2).
    /// </remarks>
    Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct);

    /// <summary>Several columns of one table at once, aligned by row index; columns may have holes.</summary>
    /// <remarks>Throws when the agent never answered; says incomplete when it stopped answering on the way.</remarks>
    Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct);

    /// <summary>Everything under <paramref name="root"/>.</summary>
    /// <remarks>Throws when the agent never answered; says incomplete when it stopped answering on the way.</remarks>
    Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct);
}
