using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ProvisionSvc.Snmp;

/// <summary>Messages of v1 and v2c (and the PDUs of v3) from and to datagrams, for a manager and for an agent (RFC 3417 §8).</summary>
public static class SnmpMessageCodec
{
    private const byte Sequence = 0x30;

    /// <summary>Reads one datagram. Never throws; <paramref name="error"/> says what is wrong with it.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out SnmpMessage? message, [NotNullWhen(false)] out string? error)
    {
        message = null;
        if (!SnmpFrame.TryRead(datagram, out var frame, out error) || !frame.Pdu.TryDecode(out var pdu, out error))
        {
            error ??= "damaged";
            return false;
        }

        message = new SnmpMessage(frame.Version, frame.Community.ToArray(), pdu);
        return true;
    }

    public static void Encode(SnmpMessage message, IBufferWriter<byte> output)
    {
        var size = message.Community.Length + 64;
        foreach (var varBind in message.Pdu.VarBinds)
        {
            size += BerWriter.SizeOf(varBind.Oid) + BerWriter.SizeOf(varBind.Value.Oid) + varBind.Value.Octets.Length + 24;
        }

        if (!TryEncode(message, output.GetSpan(size), out var written))
        {
            throw new InvalidOperationException($"{message} did not fit into {size} octets.");
        }

        output.Advance(written);
    }

    /// <summary>Writes the message at the start of <paramref name="destination"/>; false when it does not fit (an agent answers tooBig then).</summary>
    public static bool TryEncode(SnmpMessage message, Span<byte> destination, out int written)
    {
        if (message.Version == SnmpVersion.V3)
        {
            throw new ArgumentException("v3 has no communities: its messages are sealed by UsmAuthority or the client.", nameof(message));
        }

        var writer = new BerWriter(destination);
        WritePdu(ref writer, message.Pdu, message.Pdu.RequestId);
        writer.WriteOctets((byte)SnmpType.OctetString, message.Community.Span);
        writer.WriteSigned((byte)SnmpType.Integer32, (int)message.Version);
        writer.WriteHeader(Sequence, 0);

        written = writer.Overflowed ? 0 : writer.Length;
        if (!writer.Overflowed)
        {
            writer.Written.CopyTo(destination);
        }

        return !writer.Overflowed;
    }

    /// <summary>A PDU (RFC 3416 §3) with this request-id, which is not always that of the record: each attempt has its own.</summary>
    internal static void WritePdu(ref BerWriter writer, SnmpPdu pdu, int requestId)
    {
        var mark = writer.Length;
        var (first, second) = pdu.Type == PduType.GetBulk ? (pdu.NonRepeaters, pdu.MaxRepetitions) : ((int)pdu.ErrorStatus, pdu.ErrorIndex);
        for (var i = pdu.VarBinds.Count - 1; i >= 0 && !writer.Overflowed; i--)
        {
            WriteVarBind(ref writer, pdu.VarBinds[i]);
        }

        EndPdu(ref writer, pdu.Type, requestId, first, second, mark);
    }

    /// <summary>Everything that stands before the varbinds written since <paramref name="mark"/>.</summary>
    internal static void EndPdu(ref BerWriter writer, PduType type, int requestId, int first, int second, int mark)
    {
        writer.WriteHeader(Sequence, mark);
        writer.WriteSigned((byte)SnmpType.Integer32, second);
        writer.WriteSigned((byte)SnmpType.Integer32, first);
        writer.WriteSigned((byte)SnmpType.Integer32, requestId);
        writer.WriteHeader((byte)type, mark);
    }

    private static void WriteVarBind(ref BerWriter writer, VarBind varBind)
    {
        var mark = writer.Length;
        WriteValue(ref writer, varBind.Value);
        writer.WriteOid((byte)SnmpType.ObjectIdentifier, varBind.Oid);
        writer.WriteHeader(Sequence, mark);
    }

    private static void WriteValue(ref BerWriter writer, SnmpValue value)
    {
        var tag = (byte)value.Type;
        switch (value.Type)
        {
            case SnmpType.Integer32 or SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks:
                writer.WriteSigned(tag, value.Number);
                break;
            case SnmpType.Counter64:
                writer.WriteUnsigned(tag, unchecked((ulong)value.Number));
                break;
            case SnmpType.OctetString or SnmpType.Opaque:
                writer.WriteOctets(tag, value.Octets.Span);
                break;
            case SnmpType.ObjectIdentifier:
                writer.WriteOid(tag, value.Oid);
                break;
            case SnmpType.IpAddress:
                Span<byte> address = stackalloc byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(address, unchecked((uint)value.Number));
                writer.WriteOctets(tag, address);
                break;
            case SnmpType.None:
                throw new ArgumentException("A varbind without a value cannot be sent; use SnmpValue.Null.", nameof(value));
            default:
                writer.WriteOctets(tag, []);
                break;
        }
    }
}
