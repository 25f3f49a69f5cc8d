using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>Makes notifications of datagrams: versions, who may be heard, and what an inform is answered with.</summary>
internal sealed class NotificationReader : IDisposable
{
    private const uint NetSnmpEnterprise = 8_072; // for an engine id of random octets any registered number will do
    private const int MostSenders = 16_384;
    private static readonly Oid SnmpTrapOid = new(1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0);
    private readonly byte[][] _communities;
    private readonly Dictionary<string, UsmUser> _users;
    private readonly UsmAuthority _self;
    private readonly KeyMaker _keyMaker = new();
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string EngineId, UsmUser User), UsmPeer> _senders = [];

    public NotificationReader(SnmpNotificationOptions options, TimeProvider clock)
    {
        _clock = clock;
        _communities = [.. options.Communities.Select(Encoding.UTF8.GetBytes)];
        _users = options.Users.ToDictionary(user => user.Name, StringComparer.Ordinal);
        var engineId = options.EngineId.Length > 0 ? options.EngineId : UsmAuthority.MakeEngineId(NetSnmpEnterprise, RandomNumberGenerator.GetBytes(12));
        _self = new UsmAuthority(engineId, options.EngineBoots, options.Users, _keyMaker, clock);
    }

    /// <summary>The notification, or why there is none. <paramref name="answer"/> octets at the end of <paramref name="output"/> go back to the sender, whatever the fate.</summary>
    public NotificationFate Read(Span<byte> datagram, IPEndPoint from, Span<byte> output, out SnmpNotification? notification, out int answer)
    {
        (notification, answer) = (null, 0);
        if (!SnmpFrame.TryReadVersion(datagram, out var version, out _))
        {
            return NotificationFate.Malformed;
        }

        if (version == SnmpVersion.V3)
        {
            return ReadV3(datagram, from, output, out notification, out answer);
        }

        if (!SnmpFrame.TryOpen(datagram, out _, out var community, out var type, out var content, out _))
        {
            return NotificationFate.Malformed;
        }

        if (!IsHeard(community))
        {
            return NotificationFate.NotAuthentic;
        }

        if (type == (byte)PduType.TrapV1)
        {
            if (version != SnmpVersion.V1 || !TrapV1.TryRead(content, out var trapOid, out var upTime, out var varBinds))
            {
                return NotificationFate.Malformed;
            }

            notification = new SnmpNotification(from, version, trapOid, UpTimeOf(upTime), varBinds);
            return NotificationFate.Accepted;
        }

        if (version != SnmpVersion.V2c || !PduFrame.TryRead(type, content, out var frame, out _) || !frame.TryDecode(out var pdu, out _) || !TryMake(from, version, pdu, null, out notification))
        {
            return NotificationFate.Malformed;
        }

        if (notification.IsInform && SnmpMessageCodec.TryEncode(new SnmpMessage(version, community.ToArray(), pdu).Answer(pdu.VarBinds), output, out answer))
        {
            output[..answer].CopyTo(output[^answer..]);
        }

        return NotificationFate.Accepted;
    }

    public void Dispose()
    {
        _self.Dispose();
        foreach (var sender in _senders.Values)
        {
            sender.Dispose();
        }
    }

    private NotificationFate ReadV3(Span<byte> datagram, IPEndPoint from, Span<byte> output, out SnmpNotification? notification, out int answer)
    {
        (notification, answer) = (null, 0);
        if (!V3Frame.TryRead(datagram, out var frame, out _))
        {
            return NotificationFate.Malformed;
        }

        // An inform, or a sender in search of us: we are the authority. Else a trap, and the sender is its own (RFC 3414 §1.5.1).
        if (frame.EngineId.IsEmpty || frame.EngineId.SequenceEqual(_self.EngineId.Span))
        {
            return ReadInform(datagram, from, output, out notification, out answer);
        }

        if (!_users.TryGetValue(Encoding.UTF8.GetString(frame.User), out var user) || frame.Level != user.Level || frame.EngineId.Length < 5)
        {
            return NotificationFate.NotAuthentic;
        }

        var key = (Convert.ToHexString(frame.EngineId), user);
        var sender = _senders.GetValueOrDefault(key) ?? new UsmPeer(_keyMaker, _clock);
        var (_, _, _, keys) = sender.Now(new SnmpV3Security(user) { EngineId = frame.EngineId.ToArray() });
        if (frame.Level != SecurityLevel.NoAuthNoPriv && (!UsmMessage.IsAuthentic(frame, datagram, keys!) || !sender.IsTimely(frame.Boots, frame.Time, out _)))
        {
            return NotificationFate.NotAuthentic;
        }

        Remember(key, sender);
        var plain = frame.Level == SecurityLevel.AuthPriv ? new byte[UsmKeys.RoundUp(frame.Data.Length)] : [];
        return UsmMessage.TryOpen(frame, keys, plain, out var scoped) && scoped.Pdu.Type == PduType.TrapV2 && scoped.Pdu.TryDecode(out var pdu, out _)
            && TryMake(from, SnmpVersion.V3, pdu, user, out notification) ? NotificationFate.Accepted : NotificationFate.Malformed;
    }

    private NotificationFate ReadInform(Span<byte> datagram, IPEndPoint from, Span<byte> output, out SnmpNotification? notification, out int answer)
    {
        notification = null;
        if (!_self.TryOpen(datagram, output, out var request, out answer))
        {
            return NotificationFate.NotAuthentic;
        }

        if (request.Level != request.User!.Level)
        {
            return NotificationFate.NotAuthentic;
        }

        if (request.Pdu.Type != PduType.Inform || !TryMake(from, SnmpVersion.V3, request.Pdu, request.User, out notification))
        {
            return NotificationFate.Malformed;
        }

        answer = _self.Seal(request, new SnmpPdu(PduType.Response, request.Pdu.RequestId, request.Pdu.VarBinds), output);
        return NotificationFate.Accepted;
    }

    /// <summary>RFC 3416 §4.2.6: sysUpTime.0 and snmpTrapOID.0 come first.</summary>
    private static bool TryMake(IPEndPoint from, SnmpVersion version, SnmpPdu pdu, UsmUser? user, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SnmpNotification? notification)
    {
        notification = null;
        if (pdu.Type is not (PduType.TrapV2 or PduType.Inform)
            || pdu.VarBinds is not [{ Value: { Type: SnmpType.TimeTicks } upTime } first, { Value: { Type: SnmpType.ObjectIdentifier } trap } second, ..]
            || first.Oid != SystemMib.SysUpTime || second.Oid != SnmpTrapOid)
        {
            return false;
        }

        notification = new SnmpNotification(from, version, trap.Oid, UpTimeOf((uint)upTime.Number), [.. pdu.VarBinds.Skip(2)])
        {
            IsInform = pdu.Type == PduType.Inform,
            User = user,
        };
        return true;
    }

    private void Remember((string EngineId, UsmUser User) key, UsmPeer sender)
    {
        if (_senders.ContainsKey(key))
        {
            return;
        }

        // Only senders that proved themselves come this far; when there are too many of them all enrol again.
        if (_senders.Count >= MostSenders)
        {
            _senders.Clear();
        }

        _senders.Add(key, sender);
    }

    private bool IsHeard(ReadOnlySpan<byte> community)
    {
        var isHeard = _communities.Length == 0;
        foreach (var heard in _communities)
        {
            isHeard |= CryptographicOperations.FixedTimeEquals(heard, community);
        }

        return isHeard;
    }

    private static TimeSpan UpTimeOf(uint hundredths) => TimeSpan.FromMilliseconds(hundredths * 10.0);
}
