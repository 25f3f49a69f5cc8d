using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>One value of any SMIv2 type (RFC 2578 §7.1) or one of the exceptions that stand for a missing one (RFC 3416 §3).</summary>
public readonly struct SnmpValue : IEquatable<SnmpValue>
{
    private readonly object? _memory; // byte[] of an octet string, uint[] of an OID
    private readonly long _number;
    private readonly int _offset;
    private readonly int _length;

    private SnmpValue(SnmpType type, long number) => (Type, _number) = (type, number);

    private SnmpValue(SnmpType type, object? memory, int offset, int length) => (Type, _memory, _offset, _length) = (type, memory, offset, length);

    public SnmpType Type { get; }

    public static SnmpValue Null { get; } = new(SnmpType.Null, 0);

    public static SnmpValue NoSuchObject { get; } = new(SnmpType.NoSuchObject, 0);

    public static SnmpValue NoSuchInstance { get; } = new(SnmpType.NoSuchInstance, 0);

    public static SnmpValue EndOfMibView { get; } = new(SnmpType.EndOfMibView, 0);

    /// <summary>False for a hole, Null and the three exceptions.</summary>
    public bool HasValue => Type is not (SnmpType.None or SnmpType.Null) && !IsException;

    /// <summary>noSuchObject, noSuchInstance or endOfMibView.</summary>
    public bool IsException => Type >= SnmpType.NoSuchObject;

    public static SnmpValue Integer32(int value) => new(SnmpType.Integer32, value);

    public static SnmpValue Counter32(uint value) => new(SnmpType.Counter32, value);

    public static SnmpValue Gauge32(uint value) => new(SnmpType.Gauge32, value);

    public static SnmpValue TimeTicks(uint hundredths) => new(SnmpType.TimeTicks, hundredths);

    public static SnmpValue Counter64(ulong value) => new(SnmpType.Counter64, unchecked((long)value));

    public static SnmpValue OctetString(byte[] octets) => FromShared(SnmpType.OctetString, octets, 0, octets.Length);

    /// <summary>The text's UTF-8 octets.</summary>
    public static SnmpValue OctetString(string text) => OctetString(Encoding.UTF8.GetBytes(text));

    public static SnmpValue Opaque(byte[] octets) => FromShared(SnmpType.Opaque, octets, 0, octets.Length);

    public static SnmpValue ObjectIdentifier(Oid oid) => FromShared(oid.Arcs.ToArray(), 0, oid.Length);

    public static SnmpValue IpAddress(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[4];
        return address.TryWriteBytes(octets, out var written) && written == 4
            ? new SnmpValue(SnmpType.IpAddress, BinaryPrimitives.ReadUInt32BigEndian(octets))
            : throw new ArgumentException($"{address} is not an IPv4 address, the only kind of IpAddress (RFC 2578 §7.1.5).", nameof(address));
    }

    /// <summary>A number as the decoder found it: agents send Integer32 outside its range, such as an ifIndex above 2^31.</summary>
    internal static SnmpValue FromNumber(SnmpType type, long number) => new(type, number);

    internal static SnmpValue FromShared(SnmpType type, byte[] shared, int offset, int length) => new(type, shared, offset, length);

    internal static SnmpValue FromShared(uint[] shared, int offset, int length) => new(SnmpType.ObjectIdentifier, shared, offset, length);

    /// <summary>The octets of an OctetString or Opaque; empty for every other type.</summary>
    public ReadOnlyMemory<byte> Octets => _memory is byte[] octets ? octets.AsMemory(_offset, _length) : default;

    /// <summary>The OID of an ObjectIdentifier; empty for every other type.</summary>
    public Oid Oid => _memory is uint[] arcs ? new Oid(arcs, _offset, _length) : Oid.Empty;

    /// <summary>Any of the integer types as a signed number; false for a Counter64 above 2^63-1 and for what is no number.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _number;
        return IsNumber && (Type != SnmpType.Counter64 || _number >= 0);
    }

    /// <summary>Any of the integer types as an unsigned number; false for a negative Integer32 and for what is no number.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        value = unchecked((ulong)_number);
        return IsNumber && (Type == SnmpType.Counter64 || _number >= 0);
    }

    /// <summary>An integer type, or an Opaque float or double as Net-SNMP and others send them (draft-perkins-opaque-01).</summary>
    public bool TryGetDouble(out double value)
    {
        value = Type == SnmpType.Counter64 ? unchecked((ulong)_number) : _number;
        switch (Octets.Span)
        {
            case [0x9F, 0x78, 4, .. { Length: 4 } single] when Type == SnmpType.Opaque:
                value = BinaryPrimitives.ReadSingleBigEndian(single);
                return true;
            case [0x9F, 0x79, 8, .. { Length: 8 } twice] when Type == SnmpType.Opaque:
                value = BinaryPrimitives.ReadDoubleBigEndian(twice);
                return true;
            default:
                return IsNumber;
        }
    }

    public bool TryGetIpAddress([NotNullWhen(true)] out IPAddress? address)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, unchecked((uint)_number));
        address = Type == SnmpType.IpAddress ? new IPAddress(octets) : null;
        return address is not null;
    }

    /// <summary>The octets read as UTF-8; octets that are none become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Octets.Span);

    internal long Number => _number;

    private bool IsNumber => Type is SnmpType.Integer32 or SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks or SnmpType.Counter64;

    public bool Equals(SnmpValue other) => Type == other.Type && _number == other._number
        && Octets.Span.SequenceEqual(other.Octets.Span) && Oid.Equals(other.Oid);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SnmpValue other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Type);
        hash.Add(_number);
        hash.AddBytes(Octets.Span);
        hash.Add(Oid);
        return hash.ToHashCode();
    }

    public static bool operator ==(SnmpValue left, SnmpValue right) => left.Equals(right);

    public static bool operator !=(SnmpValue left, SnmpValue right) => !left.Equals(right);

    /// <summary>For messages and logs, with the type: <c>Integer32 2</c>, <c>OctetString "Gi0/1"</c>, <c>OctetString 0x00FF</c>.</summary>
    public override string ToString() => Type switch
    {
        SnmpType.OctetString when IsPrintable(Octets.Span) => $"OctetString \"{Encoding.ASCII.GetString(Octets.Span)}\"",
        SnmpType.OctetString or SnmpType.Opaque => $"{Type} 0x{Convert.ToHexString(Octets.Span)}",
        SnmpType.ObjectIdentifier => $"ObjectIdentifier {Oid}",
        SnmpType.IpAddress => TryGetIpAddress(out var address) ? $"IpAddress {address}" : "IpAddress",
        SnmpType.Counter64 => $"Counter64 {unchecked((ulong)_number)}",
        _ when IsNumber => $"{Type} {_number}",
        _ => Type.ToString(),
    };

    private static bool IsPrintable(ReadOnlySpan<byte> octets) => octets.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0;
}
