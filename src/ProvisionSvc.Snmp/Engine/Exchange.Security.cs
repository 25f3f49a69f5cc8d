using System.Buffers;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>The v3 side of an exchange: discovery, time, and who is believed (RFC 3414 §3.2, §4; reliability T5).</summary>
internal abstract partial class Exchange
{
    private const int MostTurns = 5; // of being told another engine id or clock within one question
    private byte[] _context = [];
    private byte[] _engineId = []; // what the latest datagram was sent with
    private UsmKeys? _keys;
    private int _turns;
    private (SnmpFault Fault, string Meaning)? _refusal;

    /// <summary>The agent has said no, without proof: waited for to the end of this attempt in case it was somebody else, but not asked again.</summary>
    private bool IsRefused => _refusal is not null;

    /// <summary>An answer of v3: right socket and source, id, engine, user and level, authentic, in time. Anything else is dropped and counted.</summary>
    public DropReason? Receive(int lane, ReadOnlySpan<byte> from, in V3Frame frame, Span<byte> datagram)
    {
        lock (_lock)
        {
            if (!_isActive || !_ids.Contains(frame.MsgId))
            {
                return DropReason.Unmatched;
            }

            if (_target.Security is not { } security || !IsFromAgent(lane, from))
            {
                _foreign++;
                return DropReason.WrongSource;
            }

            return frame.Level == SecurityLevel.NoAuthNoPriv ? ReceiveUnproven(security, frame, datagram.Length) : ReceiveSealed(security, frame, datagram);
        }
    }

    private void ResetSecurity()
    {
        _context = _target.Security is { Context.Length: > 0 } security ? Encoding.UTF8.GetBytes(security.Context) : [];
        (_turns, _refusal) = (0, null);
    }

    private (SnmpFault Fault, string Meaning)? WhyRefused() => _refusal;

    private int WriteV3(Span<byte> buffer, int id, SnmpV3Security security)
    {
        var (engineId, boots, time, keys) = _agent.Usm.Now(security);
        (_engineId, _keys) = (engineId, keys);
        var plain = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            var writer = new BerWriter(plain.AsSpan(0, buffer.Length));
            if (engineId.Length == 0)
            {
                // Discovery (RFC 3414 §4): nobody's GET of nothing, which an engine answers with a Report that has its id.
                SnmpMessageCodec.WritePdu(ref writer, new SnmpPdu(PduType.Get, 0, []), id);
                UsmMessage.EndScopedPdu(ref writer, [], []);
                return UsmMessage.Seal(buffer, new UsmHeader { MsgId = id, IsReportable = true }, null, writer.Written);
            }

            WritePdu(ref writer, id);
            UsmMessage.EndScopedPdu(ref writer, engineId, _context);
            var header = new UsmHeader
            {
                MsgId = id,
                Level = security.User.Level,
                IsReportable = true,
                EngineId = engineId,
                Boots = boots,
                Time = time,
                User = security.User.NameOctets,
            };
            return writer.Overflowed ? 0 : UsmMessage.Seal(buffer, header, keys, writer.Written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private DropReason? ReceiveUnproven(SnmpV3Security security, in V3Frame frame, int octets)
    {
        if (!ScopedPdu.TryRead(frame.Data, out var scoped))
        {
            _malformed++;
            return DropReason.Malformed;
        }

        if (scoped.Pdu.Type == PduType.Report)
        {
            return HearUnproven(security, frame, scoped.Pdu);
        }

        // A downgrade: an answer at a lower level than asked counts for nothing.
        if (security.User.Level != SecurityLevel.NoAuthNoPriv || !IsOurs(security, frame, scoped))
        {
            _foreign++;
            return DropReason.WrongSecurity;
        }

        return scoped.Pdu.Type == PduType.Response ? Take(scoped.Pdu, octets) : DropReason.NotAResponse;
    }

    /// <summary>A Report that anybody could have made: it may teach an engine id that will have to prove itself, and it may end the trying; no more.</summary>
    private DropReason? HearUnproven(SnmpV3Security security, in V3Frame frame, in PduFrame report)
    {
        var counter = UsmStatistics.NamedBy(report);
        if (counter == UsmStatistics.UnknownEngineIds)
        {
            var isTaken = _agent.Usm.TryAdopt(frame.EngineId, security, out var isAlarm);
            if (isAlarm && _refusal is null)
            {
                _engine.Tell(_agent.EndPoint, SnmpEngineNews.IdChanged, frame.EngineId, frame.Boots);
            }

            if (isTaken && TakeATurn())
            {
                return null;
            }

            if (isAlarm && !isTaken)
            {
                _refusal = (SnmpFault.EngineIdChanged, $"engine {Convert.ToHexString(frame.EngineId)} answers instead of the pinned {Convert.ToHexString(_engineId)}");
            }

            return DropReason.UnprovenReport;
        }

        // The clock is believed from nobody without proof.
        if (counter.IsEmpty || counter == UsmStatistics.NotInTimeWindows || !frame.EngineId.SequenceEqual(_engineId))
        {
            return DropReason.UnprovenReport;
        }

        _refusal ??= UsmStatistics.MeaningOf(counter);
        return DropReason.UnprovenReport;
    }

    private DropReason? ReceiveSealed(SnmpV3Security security, in V3Frame frame, Span<byte> datagram)
    {
        if (_keys is null || frame.Level > security.User.Level || !frame.EngineId.SequenceEqual(_engineId) || !frame.User.SequenceEqual(security.User.NameOctets))
        {
            _foreign++;
            return DropReason.WrongSecurity;
        }

        if (!UsmMessage.IsAuthentic(frame, datagram, _keys))
        {
            _foreign++;
            return DropReason.WrongDigest;
        }

        var room = frame.Level == SecurityLevel.AuthPriv ? UsmKeys.RoundUp(frame.Data.Length) : 0;
        var plain = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            if (!UsmMessage.TryOpen(frame, _keys, plain, out var scoped))
            {
                _malformed++;
                return DropReason.Malformed;
            }

            return scoped.Pdu.Type == PduType.Report ? HearProven(frame, scoped.Pdu) : ReceiveProven(security, frame, scoped, datagram.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private DropReason? HearProven(in V3Frame frame, in PduFrame report)
    {
        var counter = UsmStatistics.NamedBy(report);
        if (counter == UsmStatistics.NotInTimeWindows)
        {
            // It answers the id just drawn, so it is fresh whatever its clock says.
            Tell(frame, _agent.Usm.Synchronise(frame.Boots, frame.Time));
            if (!TakeATurn())
            {
                _refusal = (SnmpFault.NotInTimeWindow, "the agent says that its own clock is not its own");
            }

            return null;
        }

        if (!_agent.Usm.IsTimely(frame.Boots, frame.Time, out var news))
        {
            return DropReason.NotInTimeWindow;
        }

        // Proven: nothing better will come.
        Tell(frame, news);
        _refusal = UsmStatistics.MeaningOf(counter);
        Fail(NoAnswer());
        return null;
    }

    private DropReason? ReceiveProven(SnmpV3Security security, in V3Frame frame, in ScopedPdu scoped, int octets)
    {
        if (frame.Level != security.User.Level || !IsOurs(security, frame, scoped))
        {
            _foreign++;
            return DropReason.WrongSecurity;
        }

        if (!_agent.Usm.IsTimely(frame.Boots, frame.Time, out var news))
        {
            return DropReason.NotInTimeWindow;
        }

        Tell(frame, news);
        return scoped.Pdu.Type == PduType.Response ? Take(scoped.Pdu, octets) : DropReason.NotAResponse;
    }

    /// <summary>Engine, user, context and request-id as sent (the msgID found the exchange).</summary>
    private bool IsOurs(SnmpV3Security security, in V3Frame frame, in ScopedPdu scoped) =>
        frame.EngineId.SequenceEqual(_engineId) && frame.User.SequenceEqual(security.User.NameOctets)
        && scoped.Pdu.RequestId == frame.MsgId && scoped.ContextName.SequenceEqual(_context);

    /// <summary>The same attempt again with what was just learnt. False when that has happened too often.</summary>
    private bool TakeATurn()
    {
        if (++_turns > MostTurns)
        {
            return false;
        }

        Attempt();
        return true;
    }

    private void Tell(in V3Frame frame, SnmpEngineNews? news)
    {
        if (news is { } known)
        {
            _engine.Tell(_agent.EndPoint, known, frame.EngineId, frame.Boots);
        }
    }
}
