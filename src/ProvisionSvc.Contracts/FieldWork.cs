namespace ProvisionSvc.Contracts;

/// <summary>A look at one switch through its SNMP agent, done by the service with the switch's own credential. It reads; a SET is an order.</summary>
public sealed record ReadAgentRequest
{
    /// <summary><c>get</c>, <c>walk</c> or <c>table</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>
    /// Numbers (<c>1.3.6.1.2.1.1.1.0</c>) or names. get: variables (<c>sysDescr</c>, <c>ifAdminStatus.7</c>); walk: one OID, everything under it;
    /// table: columns (<c>ifName</c>) or whole tables (<c>ifXTable</c>).
    /// </summary>
    public required IReadOnlyList<string> Oids { get; init; }

    /// <summary>walk, table: stop after so many variables or rows; the service's own limit where missing.</summary>
    public int? MaxRows { get; init; }
}

/// <summary>What the agent answered, and whether that was all.</summary>
public sealed record AgentAnswerView
{
    public required string Switch { get; init; }

    public required string Operation { get; init; }

    /// <summary>table: the columns in the order asked for.</summary>
    public IReadOnlyList<AgentColumnView> Columns { get; init; } = [];

    /// <summary>get: as asked for; walk: in the order of their OIDs; table: row after row, a hole in a row is left out.</summary>
    public required IReadOnlyList<VariableView> Rows { get; init; }

    /// <summary>False: what is missing may well exist.</summary>
    public required bool Complete { get; init; }

    /// <summary>Why not complete: nonIncreasing, contradictoryEnd, badAnswer, rowLimit, octetLimit, timeLimit, timeout, agentError.</summary>
    public string? Incomplete { get; init; }

    /// <summary>What exactly came back, where there is more to say than <see cref="Incomplete"/>.</summary>
    public string? Cause { get; init; }

    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>From the first question to the last answer, in milliseconds.</summary>
    public required long ElapsedMs { get; init; }
}

/// <summary>A column of a table; the name where it is a well-known one. A row's index is what follows the column's OID.</summary>
public sealed record AgentColumnView(string Oid, string? Name);

/// <summary>
/// One variable: integer32, octetString, null, objectIdentifier, ipAddress, counter32, gauge32, timeTicks, opaque, counter64; or noSuchObject, noSuchInstance.
/// </summary>
/// <param name="Name">With the instance, such as <c>ifName.7</c>, where the variable is a well-known one.</param>
/// <param name="Value">As text; octets that are none are written 4C:1F:CC. Null where there is no value.</param>
/// <param name="Label">What a number stands for: <c>up</c>, or a time of timeTicks.</param>
/// <param name="Hex">The octets, where <see cref="Value"/> does not show them exactly.</param>
public sealed record VariableView(string Oid, string? Name, string Type, string? Value, string? Label = null, string? Hex = null);
