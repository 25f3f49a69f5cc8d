using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>Why an agent could not be asked, or what it refused; the RFC clause says when an agent answers so.</summary>
public enum SnmpFault
{
    /// <summary>No answer to any attempt. A wrong community looks the same: agents do not answer it (RFC 3584 §5.2.1).</summary>
    Timeout,

    /// <summary>The operating system could not send: no route, or forbidden.</summary>
    Unreachable,

    /// <summary>Answers came, but none could be decoded.</summary>
    Malformed,

    /// <summary>The answer is about other variables than were asked for.</summary>
    BadAnswer,

    /// <summary>Even the smallest useful question has an answer that the agent cannot send (tooBig, RFC 3416 §4.2.1).</summary>
    TooBig,

    /// <summary>The variable does not exist (v1 noSuchName, RFC 1157 §4.1.2), or v1 may not touch it.</summary>
    NoSuchName,

    /// <summary>This community or user may not (noAccess, authorizationError, RFC 3416 §4.2.5).</summary>
    NotPermitted,

    /// <summary>The variable cannot be written by anybody (notWritable, readOnly).</summary>
    NotWritable,

    /// <summary>The value's type, length, encoding or range is wrong (wrongType … wrongValue, badValue).</summary>
    InvalidValue,

    /// <summary>The variable does not exist and cannot be made (noCreation).</summary>
    NoCreation,

    /// <summary>Not possible in the agent's present state (inconsistentValue, inconsistentName): read again before trying again.</summary>
    Inconsistent,

    /// <summary>The agent is short of something for now (resourceUnavailable).</summary>
    ResourceUnavailable,

    /// <summary>The SET passed every check, then failed and was undone (commitFailed).</summary>
    CommitFailed,

    /// <summary>The SET failed and could not be undone: read what became of it (undoFailed).</summary>
    UndoFailed,

    /// <summary>The agent failed for a reason it does not name (genErr).</summary>
    AgentError,

    /// <summary>v3: the agent does not know the user, or user and agent have different keys (RFC 3414 §3.2). Trying on may lock the user out.</summary>
    AuthenticationFailed,

    /// <summary>v3: what answers has another engine id than the pinned one: replaced, or somebody in between (reliability T5). A person decides.</summary>
    EngineIdChanged,

    /// <summary>v3: the agent says again and again that we are out of its time window, even after its own clock was taken over.</summary>
    NotInTimeWindow,
}

/// <summary>An agent could not be asked or refused; says whether asking the same again can help.</summary>
public sealed class SnmpException(SnmpFault fault, IPEndPoint agent, string message, Exception? inner = null) : Exception(message, inner)
{
    public SnmpFault Fault => fault;

    public IPEndPoint Agent => agent;

    /// <summary>The same question may be answered later without anybody changing anything.</summary>
    public bool IsTransient => fault is SnmpFault.Timeout or SnmpFault.Unreachable or SnmpFault.Malformed
        or SnmpFault.ResourceUnavailable or SnmpFault.CommitFailed;

    /// <summary>A SET was sent and may or may not have taken effect: read before doing anything else.</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>noError when no agent's answer is the cause.</summary>
    public SnmpErrorStatus ErrorStatus { get; init; }

    /// <summary>The variable the agent named; empty when it named none.</summary>
    public Oid Oid { get; init; }

    /// <summary>A refusal in words: what was asked, of whom, what came back.</summary>
    internal static SnmpException Refused(SnmpTarget target, SnmpPdu question, SnmpPdu answer)
    {
        var named = answer.ErrorIndex >= 1 && answer.ErrorIndex <= question.VarBinds.Count ? question.VarBinds[answer.ErrorIndex - 1] : default;
        var about = named.Oid.IsEmpty ? $"{question.VarBinds.Count} variables" : question.Type == PduType.Set ? named.ToString() : named.Oid.ToString();
        var (fault, meaning) = MeaningOf(answer.ErrorStatus);
        return new SnmpException(fault, target.EndPoint, $"{question.Type} {about} on {target}: {answer.ErrorStatus} ({meaning})")
        {
            ErrorStatus = answer.ErrorStatus,
            Oid = named.Oid,
            OutcomeUnknown = question.Type == PduType.Set && answer.ErrorStatus == SnmpErrorStatus.UndoFailed,
        };
    }

    private static (SnmpFault Fault, string Meaning) MeaningOf(SnmpErrorStatus status) => status switch
    {
        SnmpErrorStatus.TooBig => (SnmpFault.TooBig, "the answer does not fit into the agent's message size"),
        SnmpErrorStatus.NoSuchName => (SnmpFault.NoSuchName, "there is no such variable, or it may not be written"),
        SnmpErrorStatus.NoAccess or SnmpErrorStatus.AuthorizationError => (SnmpFault.NotPermitted, "not with this community or user"),
        SnmpErrorStatus.ReadOnly or SnmpErrorStatus.NotWritable => (SnmpFault.NotWritable, "the variable cannot be written"),
        SnmpErrorStatus.BadValue => (SnmpFault.InvalidValue, "the value does not fit the variable"),
        SnmpErrorStatus.WrongType => (SnmpFault.InvalidValue, "the variable has another type"),
        SnmpErrorStatus.WrongLength => (SnmpFault.InvalidValue, "the value has a length the variable does not allow"),
        SnmpErrorStatus.WrongEncoding => (SnmpFault.InvalidValue, "the value's encoding is wrong"),
        SnmpErrorStatus.WrongValue => (SnmpFault.InvalidValue, "the variable never takes this value"),
        SnmpErrorStatus.NoCreation => (SnmpFault.NoCreation, "the variable does not exist and cannot be made"),
        SnmpErrorStatus.InconsistentValue => (SnmpFault.Inconsistent, "the variable cannot take this value at present"),
        SnmpErrorStatus.InconsistentName => (SnmpFault.Inconsistent, "the variable cannot be made at present"),
        SnmpErrorStatus.ResourceUnavailable => (SnmpFault.ResourceUnavailable, "the agent lacks something that it may have later"),
        SnmpErrorStatus.CommitFailed => (SnmpFault.CommitFailed, "the change failed and was undone"),
        SnmpErrorStatus.UndoFailed => (SnmpFault.UndoFailed, "the change failed and could not be undone"),
        _ => (SnmpFault.AgentError, "the agent failed and does not say why"),
    };
}
