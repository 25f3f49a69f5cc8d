using System.Net;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>
/// Answers SNMP v2c and v3 requests for one switch (RFC 3416 §4.2). A wrong community, v1 or a damaged datagram gets silence, as from the real thing; a wrong
/// v3 user gets a Report.
/// </summary>
internal sealed class AgentResponder(SimSwitch device, AgentOptions options, V3Agent v3) : IResponder
{
    private const int Header = 64;
    private const int V3Header = 160;

    public int MaxMessage => options.MaxMessage;

    /// <summary>Writes the answer into <paramref name="output"/> and says how long it is; 0 when there is none.</summary>
    public int Answer(ReadOnlySpan<byte> datagram, EndPoint client, Span<byte> output)
    {
        if (device.Faults.IsUnreachable || device.Faults.IsFrozen || device.Faults.LosesRequest()) return 0;
        if (!SnmpMessageCodec.TryDecode(datagram, out var request, out _)) return AnswerV3(datagram, client, output[..Math.Min(output.Length, options.MaxMessage)]);
        if (request.Version != SnmpVersion.V2c) return 0;
        var mayWrite = request.Community.Span.SequenceEqual(options.WriteCommunity.Span);
        if (!mayWrite && !request.Community.Span.SequenceEqual(options.ReadCommunity.Span)) return 0;

        var room = output[..Math.Min(output.Length, options.MaxMessage)];
        if (Respond(request, mayWrite, client, room.Length - Header - request.Community.Length) is not { } answer) return 0;
        return SnmpMessageCodec.TryEncode(answer, room, out var written)
            || SnmpMessageCodec.TryEncode(request.Refuse(SnmpErrorStatus.TooBig, 0), room, out written) ? written : 0;
    }

    private int AnswerV3(ReadOnlySpan<byte> datagram, EndPoint client, Span<byte> room)
    {
        var most = room.Length - V3Header;
        return v3.Answer(datagram, device.Life, room, (pdu, mayWrite) => Respond(new(SnmpVersion.V2c, default, pdu), mayWrite, client, most)?.Pdu);
    }

    /// <param name="room">Octets for varbinds.</param>
    private SnmpMessage? Respond(SnmpMessage request, bool mayWrite, EndPoint client, int room)
    {
        var layout = MibLayout.Of(device);
        var view = new AgentView(device, device.ReadForAgent(), device.Clock.GetUtcNow());
        var learnt = NeighbourRows.Of(device);
        return request.Pdu.Type switch
        {
            PduType.Get => request.Answer([.. request.Pdu.VarBinds.Select(v => Get(layout, learnt, view, v.Oid))]),
            PduType.GetNext => request.Answer([.. request.Pdu.VarBinds.Select(v => GetNext(layout, learnt, view, v.Oid))]),
            PduType.GetBulk => request.Answer(BulkAnswer.Fill(request.Pdu, oid => GetNext(layout, learnt, view, oid), room)),
            PduType.Set => Set(layout, request, mayWrite, client),
            _ => null,
        };
    }

    private static VarBind Get(MibLayout layout, IReadOnlyList<VarBind> learnt, AgentView view, Oid oid)
    {
        foreach (var row in learnt.Where(l => l.Oid == oid)) return row;
        return layout.Find(oid) is { } instance
            ? new VarBind(oid, instance.Read(view, instance.Slot))
            : new VarBind(oid, layout.HasObject(oid) ? SnmpValue.NoSuchInstance : SnmpValue.NoSuchObject);
    }

    private static VarBind GetNext(MibLayout layout, IReadOnlyList<VarBind> learnt, AgentView view, Oid oid)
    {
        var own = layout.Next(oid);
        foreach (var row in learnt.Where(l => l.Oid.CompareTo(oid) > 0).Take(1).Where(l => own is null || l.Oid.CompareTo(own.Oid) < 0)) return row;
        return own is null ? new VarBind(oid, SnmpValue.EndOfMibView) : new VarBind(own.Oid, own.Read(view, own.Slot));
    }

    /// <summary>All or nothing: every varbind is checked before the first is written (RFC 3416 §4.2.5).</summary>
    private SnmpMessage Set(MibLayout layout, SnmpMessage request, bool mayWrite, EndPoint client)
    {
        var found = new List<(MibInstance Instance, VarBind Asked)>();
        foreach (var (asked, index) in request.Pdu.VarBinds.Select((v, i) => (v, i + 1)))
        {
            if (!mayWrite) return request.Refuse(SnmpErrorStatus.NoAccess, index);
            if (layout.Find(asked.Oid) is not { } instance)
            {
                return request.Refuse(layout.HasObject(asked.Oid) ? SnmpErrorStatus.NoCreation : SnmpErrorStatus.NotWritable, index);
            }

            if (instance.Writer is not { } writer) return request.Refuse(SnmpErrorStatus.NotWritable, index);
            if (writer.Check(asked.Value) is var status and not SnmpErrorStatus.NoError) return request.Refuse(status, index);
            found.Add((instance, asked));
        }

        var session = device.Log.NewSession("snmp");
        foreach (var (instance, asked) in found)
        {
            var origin = new Origin(session, "snmp", client.ToString()) { Oid = $"{asked.Oid} = {asked.Value}" };
            instance.Writer!.Write(device, origin, instance.Slot, asked.Value);
        }

        return request.Answer(request.Pdu.VarBinds);
    }

    /// <summary>At least what the varbind takes on the wire.</summary>
    internal static int SizeOf(VarBind varBind)
    {
        var size = 8 + varBind.Value.Octets.Length + (varBind.Value.Octets.IsEmpty ? 9 : 4);
        foreach (var arc in varBind.Oid.Arcs) size += arc < 128 ? 1 : arc < 16384 ? 2 : 5;
        foreach (var arc in varBind.Value.Oid.Arcs) size += arc < 128 ? 1 : arc < 16384 ? 2 : 5;
        return size;
    }
}

/// <summary>What answers at one address.</summary>
internal interface IResponder
{
    /// <summary>The longest answer in octets.</summary>
    int MaxMessage { get; }

    /// <summary>Writes the answer into <paramref name="output"/> and says how long it is; 0 when there is none.</summary>
    int Answer(ReadOnlySpan<byte> datagram, EndPoint client, Span<byte> output);
}

/// <summary>Who may ask, who may write, and how long an answer may be.</summary>
internal sealed record AgentOptions(ReadOnlyMemory<byte> ReadCommunity, ReadOnlyMemory<byte> WriteCommunity, int MaxMessage);
