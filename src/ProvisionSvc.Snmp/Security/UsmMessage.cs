using System.Buffers;

namespace ProvisionSvc.Snmp;

/// <summary>What stands in the clear in front of a v3 message's data.</summary>
internal readonly ref struct UsmHeader
{
    public int MsgId { get; init; }

    public SecurityLevel Level { get; init; }

    public bool IsReportable { get; init; }

    public ReadOnlySpan<byte> EngineId { get; init; }

    public int Boots { get; init; }

    public int Time { get; init; }

    public ReadOnlySpan<byte> User { get; init; }
}

/// <summary>Seals and opens v3 messages (RFC 3412 §6, RFC 3414 §3).</summary>
internal static class UsmMessage
{
    /// <summary>The largest message we take, told to the peer (RFC 3412 §6.3).</summary>
    private const int MaxSize = 65_507;
    private const byte OctetString = (byte)SnmpType.OctetString;
    private const byte Integer = (byte)SnmpType.Integer32;

    /// <summary>Puts context and SEQUENCE around the PDU that <paramref name="writer"/> holds.</summary>
    public static void EndScopedPdu(ref BerWriter writer, ReadOnlySpan<byte> contextEngineId, ReadOnlySpan<byte> contextName)
    {
        writer.WriteOctets(OctetString, contextName);
        writer.WriteOctets(OctetString, contextEngineId);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
    }

    /// <summary>Writes the message at the end of <paramref name="buffer"/> and says how long it is; 0 when it does not fit.</summary>
    public static int Seal(Span<byte> buffer, in UsmHeader header, UsmKeys? keys, ReadOnlySpan<byte> scopedPdu)
    {
        var writer = new BerWriter(buffer);
        Span<byte> salt = stackalloc byte[UsmKeys.SaltSize];
        var saltSize = 0;
        if (header.Level == SecurityLevel.AuthPriv)
        {
            var cipher = ArrayPool<byte>.Shared.Rent(UsmKeys.RoundUp(scopedPdu.Length));
            var size = keys!.CipherSize(scopedPdu.Length);
            keys.Encrypt(scopedPdu, header.Boots, header.Time, cipher.AsSpan(0, UsmKeys.RoundUp(scopedPdu.Length)), salt);
            writer.WriteOctets(OctetString, cipher.AsSpan(0, size));
            ArrayPool<byte>.Shared.Return(cipher);
            saltSize = salt.Length;
        }
        else
        {
            writer.WriteRaw(scopedPdu);
        }

        // Security parameters (RFC 3414 §2.4), from the last to the first.
        Span<byte> noMac = stackalloc byte[UsmHash.LargestHash];
        noMac.Clear();
        var macSize = header.Level == SecurityLevel.NoAuthNoPriv ? 0 : keys!.MacSize;
        var mark = writer.Length;
        writer.WriteOctets(OctetString, salt[..saltSize]);
        writer.WriteRaw(noMac[..macSize]);
        var macAt = writer.Length;
        writer.WriteHeader(OctetString, macAt - macSize);
        writer.WriteOctets(OctetString, header.User);
        writer.WriteSigned(Integer, header.Time);
        writer.WriteSigned(Integer, header.Boots);
        writer.WriteOctets(OctetString, header.EngineId);
        writer.WriteHeader(SnmpFrame.Sequence, mark);
        writer.WriteHeader(OctetString, mark);

        mark = writer.Length;
        writer.WriteSigned(Integer, V3Frame.UserSecurityModel);
        var flags = header.Level switch
        {
            SecurityLevel.AuthPriv => V3Frame.AuthFlag | V3Frame.PrivFlag,
            SecurityLevel.AuthNoPriv => V3Frame.AuthFlag,
            _ => 0,
        };
        writer.WriteOctets(OctetString, [(byte)(flags | (header.IsReportable ? V3Frame.ReportableFlag : 0))]);
        writer.WriteSigned(Integer, MaxSize);
        writer.WriteSigned(Integer, header.MsgId);
        writer.WriteHeader(SnmpFrame.Sequence, mark);
        writer.WriteSigned(Integer, (int)SnmpVersion.V3);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
        if (writer.Overflowed)
        {
            return 0;
        }

        if (macSize > 0)
        {
            Span<byte> mac = stackalloc byte[UsmHash.LargestHash];
            keys!.Authenticate(writer.Written, mac[..macSize]);
            mac[..macSize].CopyTo(buffer[^macAt..]);
        }

        return writer.Length;
    }

    /// <summary>
    /// The scoped PDU of a message whose authenticity was proven, decrypted into <paramref name="plain"/> where it is hidden. False when it cannot be:
    /// other keys, or damaged by somebody who has ours.
    /// </summary>
    public static bool TryOpen(in V3Frame frame, UsmKeys? keys, Span<byte> plain, out ScopedPdu scoped)
    {
        scoped = default;
        if (frame.Level != SecurityLevel.AuthPriv)
        {
            return ScopedPdu.TryRead(frame.Data, out scoped);
        }

        return keys!.TryDecrypt(frame.Data, frame.Boots, frame.Time, frame.Salt, plain) && ScopedPdu.TryRead(plain[..frame.Data.Length], out scoped);
    }

    /// <summary>Whether the message carries the proof its level promises. Its octets are used, and restored.</summary>
    public static bool IsAuthentic(in V3Frame frame, Span<byte> datagram, UsmKeys keys)
    {
        // The proof covers the message, not what an agent padded it with.
        _ = new BerReader(datagram).TryRead(SnmpFrame.Sequence, out var content);
        _ = ((ReadOnlySpan<byte>)datagram).Overlaps(content, out var start);
        return keys.IsAuthentic(datagram[..(start + content.Length)], frame.Mac);
    }
}
