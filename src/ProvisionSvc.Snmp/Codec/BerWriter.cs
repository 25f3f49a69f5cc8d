using System.Runtime.CompilerServices;
using System.Buffers.Binary;
using System.Numerics;

namespace ProvisionSvc.Snmp;

/// <summary>Writes BER from the end of a buffer towards its start, so that every length is known when it is written and is minimal.</summary>
/// <remarks>What comes last is written first. A full buffer is remembered in <see cref="Overflowed"/>; nothing is thrown.</remarks>
public ref struct BerWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _start = buffer.Length;

    public bool Overflowed { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[_start..];

    /// <summary>How many octets were written so far; the mark to give to <see cref="WriteHeader"/> later.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>Puts tag and length in front of everything written since <paramref name="mark"/>.</summary>
    [MethodImpl(Hot.Path)]
    public void WriteHeader(byte tag, int mark)
    {
        var length = (uint)(Length - mark);
        if (length < 0x80)
        {
            WriteByte((byte)length);
        }
        else
        {
            var octets = 0;
            for (var rest = length; rest > 0; rest >>= 8, octets++)
            {
                WriteByte((byte)rest);
            }

            WriteByte((byte)(0x80 | octets));
        }

        WriteByte(tag);
    }

    public void WriteOctets(byte tag, scoped ReadOnlySpan<byte> octets)
    {
        var mark = Length;
        WriteRaw(octets);
        WriteHeader(tag, mark);
    }

    /// <summary>Octets that are BER already, or the tail of a content.</summary>
    [MethodImpl(Hot.Path)]
    internal void WriteRaw(scoped ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _start)
        {
            Overflowed = true;
            return;
        }

        _start -= octets.Length;
        octets.CopyTo(_buffer[_start..]);
    }

    /// <summary>A signed number in as few octets as two's complement allows (X.690 §8.3.2).</summary>
    [MethodImpl(Hot.Path)]
    public void WriteSigned(byte tag, long value)
    {
        var mark = Length;
        do
        {
            WriteByte((byte)value);
            value >>= 7; // keeps the sign bit of the octet just written in view
            var sign = value & 1;
            value >>= 1;
            if ((value == 0 && sign == 0) || (value == -1 && sign == 1))
            {
                break;
            }
        }
        while (true);
        WriteHeader(tag, mark);
    }

    /// <summary>An unsigned number: the same with a zero octet in front where the sign bit would be set.</summary>
    public void WriteUnsigned(byte tag, ulong value)
    {
        if (value <= long.MaxValue)
        {
            WriteSigned(tag, (long)value);
            return;
        }

        Span<byte> octets = stackalloc byte[9];
        octets[0] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(octets[1..], value);
        WriteOctets(tag, octets);
    }

    /// <summary>An OID (X.690 §8.19). An empty one is written as 0.0 and one of a single sub-identifier with a 0 behind it: shorter there is none.</summary>
    public void WriteOid(byte tag, Oid oid)
    {
        var mark = Length;
        var arcs = oid.Arcs;
        var first = arcs.Length > 0 ? arcs[0] : 0;
        var second = arcs.Length > 1 ? arcs[1] : 0;
        if (first > 2 || (first < 2 && second > 39))
        {
            throw new ArgumentException($"{oid} cannot be sent: an OID starts with 0.0-0.39, 1.0-1.39 or 2.", nameof(oid));
        }

        for (var i = arcs.Length - 1; i >= 2; i--)
        {
            WriteArc(arcs[i]);
        }

        WriteArc((first * 40UL) + second);
        WriteHeader(tag, mark);
    }

    private void WriteArc(ulong arc)
    {
        WriteByte((byte)(arc & 0x7F));
        for (arc >>= 7; arc > 0; arc >>= 7)
        {
            WriteByte((byte)(0x80 | arc));
        }
    }

    private void WriteByte(byte value)
    {
        if (_start == 0)
        {
            Overflowed = true;
            return;
        }

        _buffer[--_start] = value;
    }

    /// <summary>At least as many octets as an OID takes with its header.</summary>
    internal static int SizeOf(Oid oid)
    {
        var size = 12;
        foreach (var arc in oid.Arcs)
        {
            size += 1 + ((BitOperations.Log2(arc | 1) + 6) / 7);
        }

        return size;
    }
}
