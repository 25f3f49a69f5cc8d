using System.Diagnostics.CodeAnalysis;

namespace ProvisionSvc.Snmp;

/// <summary>A v3 request as an engine accepted it: who asked, at which level, what, and in which context.</summary>
public sealed record UsmRequest(UsmUser? User, SecurityLevel Level, int MsgId, ReadOnlyMemory<byte> Context, SnmpPdu Pdu)
{
    /// <summary>Whose context: mostly the authority's, in Net-SNMP's informs the sender's. The answer names the same (RFC 3412 §7.2 (12)).</summary>
    public ReadOnlyMemory<byte> ContextEngineId { get; init; }
}

/// <summary>
/// The authoritative side of USM (RFC 3414 §3.2, §4): an engine with an id, a clock and users, which answers discovery and refuses what is not for it. An agent
/// stands on it, and the receiver of informs. Thread-safe.
/// </summary>
public sealed class UsmAuthority : IDisposable
{
    private readonly byte[] _engineId;
    private readonly int _boots;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly Dictionary<string, UsmKeys> _users;
    private readonly uint[] _counters = new uint[7]; // by the last arc but one of the usmStats OIDs

    /// <param name="engineId">5 to 32 octets that no other engine has (RFC 3411 §5, SnmpEngineID).</param>
    /// <param name="boots">How often this engine has started; must rise with every start (RFC 3414 §2.2.2).</param>
    public UsmAuthority(ReadOnlyMemory<byte> engineId, int boots, IEnumerable<UsmUser> users, TimeProvider? clock = null)
        : this(engineId, boots, users, new KeyMaker(), clock ?? TimeProvider.System)
    {
    }

    internal UsmAuthority(ReadOnlyMemory<byte> engineId, int boots, IEnumerable<UsmUser> users, KeyMaker keyMaker, TimeProvider clock)
    {
        if (engineId.Length is < 5 or > 32)
        {
            throw new ArgumentException("An engine id has 5 to 32 octets (RFC 3411 §5).", nameof(engineId));
        }

        (_engineId, _boots, _clock, _started) = (engineId.ToArray(), boots, clock, clock.GetTimestamp());
        _users = users.ToDictionary(user => user.Name, user => keyMaker.KeysOf(user, engineId.Span), StringComparer.Ordinal);
    }

    public ReadOnlyMemory<byte> EngineId => _engineId;

    public int Boots => _boots;

    /// <summary>Seconds since this engine started.</summary>
    public int Time => (int)_clock.GetElapsedTime(_started).TotalSeconds;

    /// <summary>An engine id from an enterprise number and own octets (RFC 3411 §5, format 5).</summary>
    public static byte[] MakeEngineId(uint enterprise, ReadOnlySpan<byte> own) =>
        [(byte)(0x80 | (enterprise >> 24)), (byte)(enterprise >> 16), (byte)(enterprise >> 8), (byte)enterprise, 5, .. own];

    /// <summary>
    /// Opens a request. False: <paramref name="report"/> octets at the end of <paramref name="output"/> are to be sent back; 0 of them when the datagram deserves
    /// silence. The datagram's octets are used for it.
    /// </summary>
    public bool TryOpen(Span<byte> datagram, Span<byte> output, [NotNullWhen(true)] out UsmRequest? request, out int report)
    {
        request = null;
        report = 0;
        if (!V3Frame.TryRead(datagram, out var frame, out _))
        {
            return false;
        }

        if (!frame.EngineId.SequenceEqual(_engineId))
        {
            report = Report(frame, null, UsmStatistics.UnknownEngineIds, output);
            return false;
        }

        if (!_users.TryGetValue(System.Text.Encoding.UTF8.GetString(frame.User), out var keys))
        {
            report = Report(frame, null, UsmStatistics.UnknownUserNames, output);
            return false;
        }

        if (frame.Level > keys.User.Level)
        {
            report = Report(frame, null, UsmStatistics.UnsupportedSecLevels, output);
            return false;
        }

        if (frame.Level != SecurityLevel.NoAuthNoPriv && !UsmMessage.IsAuthentic(frame, datagram, keys))
        {
            report = Report(frame, null, UsmStatistics.WrongDigests, output);
            return false;
        }

        if (frame.Level != SecurityLevel.NoAuthNoPriv && (frame.Boots != _boots || Math.Abs((long)frame.Time - Time) > UsmClock.Window))
        {
            report = Report(frame, keys, UsmStatistics.NotInTimeWindows, output);
            return false;
        }

        var plain = frame.Level == SecurityLevel.AuthPriv ? new byte[UsmKeys.RoundUp(frame.Data.Length)] : [];
        if (!UsmMessage.TryOpen(frame, keys, plain, out var scoped))
        {
            report = frame.Level == SecurityLevel.AuthPriv ? Report(frame, null, UsmStatistics.DecryptionErrors, output) : 0;
            return false;
        }

        if (!scoped.Pdu.TryDecode(out var pdu, out _))
        {
            return false;
        }

        request = new UsmRequest(keys.User, frame.Level, frame.MsgId, scoped.ContextName.ToArray(), pdu) { ContextEngineId = scoped.ContextEngineId.ToArray() };
        return true;
    }

    /// <summary>Writes the answer at the end of <paramref name="output"/> and says how long it is; 0 when it does not fit (an agent answers tooBig then).</summary>
    public int Seal(UsmRequest request, SnmpPdu answer, Span<byte> output)
    {
        var plain = new byte[output.Length];
        var writer = new BerWriter(plain);
        SnmpMessageCodec.WritePdu(ref writer, answer, answer.RequestId);
        UsmMessage.EndScopedPdu(ref writer, request.ContextEngineId.IsEmpty ? _engineId : request.ContextEngineId.Span, request.Context.Span);
        var keys = request.User is { } user ? _users[user.Name] : null;
        var header = new UsmHeader
        {
            MsgId = request.MsgId,
            Level = request.Level,
            EngineId = _engineId,
            Boots = _boots,
            Time = Time,
            User = request.User?.NameOctets,
        };
        return writer.Overflowed ? 0 : UsmMessage.Seal(output, header, keys, writer.Written);
    }

    public void Dispose()
    {
        foreach (var keys in _users.Values)
        {
            keys.Dispose();
        }
    }

    /// <summary>A Report (RFC 3412 §7.1 (3)): unproven, but for the time, which is worth nothing without proof (RFC 3414 §3.2 (7)).</summary>
    private int Report(in V3Frame frame, UsmKeys? keys, Oid counter, Span<byte> output)
    {
        var count = Interlocked.Increment(ref _counters[counter[10]]);
        if (!frame.IsReportable)
        {
            return 0;
        }

        var plain = new byte[RequestEngine.UsualDatagram];
        var writer = new BerWriter(plain);
        SnmpMessageCodec.WritePdu(ref writer, new SnmpPdu(PduType.Report, 0, [new VarBind(counter, SnmpValue.Counter32(count))]), 0);
        UsmMessage.EndScopedPdu(ref writer, _engineId, []);
        var header = new UsmHeader
        {
            MsgId = frame.MsgId,
            Level = keys is null ? SecurityLevel.NoAuthNoPriv : SecurityLevel.AuthNoPriv,
            EngineId = _engineId,
            Boots = _boots,
            Time = Time,
            User = frame.User,
        };
        return UsmMessage.Seal(output, header, keys, writer.Written);
    }
}
