using System.Net;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Recordings;

/// <summary>
/// Answers v1 and v2c requests from a recording (RFC 1157 §4.1, RFC 3416 §4.2), read-only. A wrong community or a damaged datagram gets silence.
/// </summary>
internal sealed class RecordingResponder : IResponder
{
    private const int Header = 64;

    private readonly Recording _recording;
    private readonly ReadOnlyMemory<byte> _community;

    public RecordingResponder(Recording recording, ReadOnlyMemory<byte> community, int maxMessage)
    {
        (_recording, _community) = (recording, community);

        // What was recorded was sent: the agent's messages were at least as long as its longest variable needs.
        var longest = recording.Variables.Select(AgentResponder.SizeOf).DefaultIfEmpty().Max();
        MaxMessage = Math.Min(AgentSocket.LargestDatagram, Math.Max(maxMessage, Header + community.Length + longest));
    }

    public int MaxMessage { get; }

    public int Answer(ReadOnlySpan<byte> datagram, EndPoint client, Span<byte> output)
    {
        if (!SnmpMessageCodec.TryDecode(datagram, out var request, out _)
            || request.Version is not (SnmpVersion.V1 or SnmpVersion.V2c) || !request.Community.Span.SequenceEqual(_community.Span))
        {
            return 0;
        }

        if ((request.Version == SnmpVersion.V1 ? AnswerV1(request) : AnswerV2(request)) is not { } answer)
        {
            return 0;
        }

        var room = output[..Math.Min(output.Length, MaxMessage)];
        return SnmpMessageCodec.TryEncode(answer, room, out var written)
            || SnmpMessageCodec.TryEncode(request.Refuse(SnmpErrorStatus.TooBig, 0), room, out written) ? written : 0;
    }

    private SnmpMessage? AnswerV2(SnmpMessage request) => request.Pdu.Type switch
    {
        PduType.Get => request.Answer([.. request.Pdu.VarBinds.Select(v => _recording.Find(v.Oid))]),
        PduType.GetNext => request.Answer([.. request.Pdu.VarBinds.Select(v => _recording.Next(v.Oid))]),
        PduType.GetBulk => request.Answer(BulkAnswer.Fill(request.Pdu, _recording.Next, MaxMessage - Header - request.Community.Length)),
        PduType.Set => request.Refuse(SnmpErrorStatus.NoAccess, 1),
        _ => null,
    };

    private SnmpMessage? AnswerV1(SnmpMessage request) => request.Pdu.Type switch
    {
        PduType.Get => AnswerAll(request, oid => _recording.Find(oid) is { Value.Type: not SnmpType.Counter64 } found ? found : new VarBind(oid, SnmpValue.NoSuchInstance)),
        PduType.GetNext => AnswerAll(request, NextV1),
        PduType.Set => request.Refuse(SnmpErrorStatus.NoSuchName, 1), // RFC 1157 §4.1.5: v1 has no other word for "not here"
        _ => null,
    };

    /// <summary>v1 has no exceptions: one variable that is missing refuses all (RFC 1157 §4.1.2).</summary>
    private static SnmpMessage AnswerAll(SnmpMessage request, Func<Oid, VarBind> find)
    {
        List<VarBind> found = [.. request.Pdu.VarBinds.Select(v => find(v.Oid))];
        var missing = found.FindIndex(v => v.Value.IsException);
        return missing < 0 ? request.Answer(found) : request.Refuse(SnmpErrorStatus.NoSuchName, missing + 1);
    }

    /// <summary>RFC 3584 §4.2.2.1: v1 has no Counter64 and steps over it.</summary>
    private VarBind NextV1(Oid oid)
    {
        var next = _recording.Next(oid);
        while (next.Value.Type == SnmpType.Counter64)
        {
            next = _recording.Next(next.Oid);
        }

        return next;
    }
}
