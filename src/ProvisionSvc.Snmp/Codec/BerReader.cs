using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>Reads BER elements one after the other. Never throws on what a peer sent, never allocates.</summary>
/// <remarks>
/// Strict: definite lengths only (RFC 3417 §8 (1)), an element lies wholly inside its parent, one-octet tags.
/// Lenient, because real agents do it and nothing can follow from it: lengths in more octets than needed, integers padded or empty.
/// </remarks>
public ref struct BerReader(ReadOnlySpan<byte> data)
{
    private const byte LongForm = 0x80;
    private const byte MultiOctetTag = 0x1F;
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly bool IsAtEnd => _position == _data.Length;

    /// <summary>What was not read yet.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _data[_position..];

    /// <summary>The next element, whatever its tag.</summary>
    [MethodImpl(Hot.Path)]
    public bool TryRead(out byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        tag = 0;
        var rest = _data[_position..];
        if (rest.Length < 2 || (rest[0] & MultiOctetTag) == MultiOctetTag)
        {
            return false;
        }

        var header = 2;
        uint length = rest[1];
        if (length >= LongForm)
        {
            // X.690 §8.1.3.5; 0x80 would be the indefinite form. Four octets can say more than any datagram holds.
            var octets = (int)(length - LongForm);
            if (octets is 0 or > 4 || rest.Length < header + octets)
            {
                return false;
            }

            length = 0;
            foreach (var octet in rest.Slice(header, octets))
            {
                length = (length << 8) | octet;
            }

            header += octets;
        }

        if (length > (uint)(rest.Length - header))
        {
            return false;
        }

        tag = rest[0];
        content = rest.Slice(header, (int)length);
        _position += header + (int)length;
        return true;
    }

    /// <summary>The next element, which must have this tag.</summary>
    public bool TryRead(byte expectedTag, out ReadOnlySpan<byte> content) => TryRead(out var tag, out content) && tag == expectedTag;

    /// <summary>The next element, an INTEGER of 32 bits as the header fields are (RFC 3416 §3).</summary>
    public bool TryReadInt32(out int value)
    {
        value = 0;
        if (!TryRead((byte)SnmpType.Integer32, out var content) || !TryParseSigned(content, out var number) || number != (int)number)
        {
            return false;
        }

        value = (int)number;
        return true;
    }

    /// <summary>Two's complement of up to 8 octets (X.690 §8.3); no octets read as 0, as Net-SNMP does.</summary>
    [MethodImpl(Hot.Path)]
    public static bool TryParseSigned(ReadOnlySpan<byte> content, out long value)
    {
        value = content is [>= 0x80, ..] ? -1 : 0;
        if (content.Length > 8)
        {
            return false;
        }

        foreach (var octet in content)
        {
            value = (value << 8) | octet;
        }

        return true;
    }

    /// <summary>An unsigned number up to <paramref name="maximum"/>. Agents leave out the leading zero octet: the sign bit counts as a bit of the value.</summary>
    [MethodImpl(Hot.Path)]
    public static bool TryParseUnsigned(ReadOnlySpan<byte> content, ulong maximum, out ulong value)
    {
        value = 0;
        foreach (var octet in content)
        {
            if (value >> 56 != 0)
            {
                return false; // more than 64 bits, whatever zeros came before
            }

            value = (value << 8) | octet;
        }

        return value <= maximum;
    }

    /// <summary>How many sub-identifiers an OID's content holds, without looking whether it is valid.</summary>
    internal static int CountArcs(ReadOnlySpan<byte> content)
    {
        var count = 1; // the first octet group holds two
        foreach (var octet in content)
        {
            count += octet < 0x80 ? 1 : 0;
        }

        return Math.Max(2, count);
    }

    /// <summary>An OID's content (X.690 §8.19): sub-identifiers up to 2^32-1, at most 128; no octets read as 0.0, as Net-SNMP does.</summary>
    [MethodImpl(Hot.Path)]
    public static bool TryParseOid(ReadOnlySpan<byte> content, Span<uint> arcs, out int count)
    {
        count = 2;
        if (content.IsEmpty)
        {
            arcs[..2].Clear();
            return true;
        }

        count = 0;
        ulong arc = 0;
        foreach (var octet in content)
        {
            arc = (arc << 7) | (octet & 0x7Fu);
            if (arc > uint.MaxValue + 80UL)
            {
                return false;
            }

            if (octet >= 0x80)
            {
                continue;
            }

            if (count == 0)
            {
                // X.690 §8.19.4: the first two are sent as 40 * first + second, where second may be large only under 2.
                var first = (uint)Math.Min(arc / 40, 2);
                arcs[count++] = first;
                arc -= 40 * first;
            }

            if (count == arcs.Length || arc > uint.MaxValue)
            {
                return false;
            }

            arcs[count++] = (uint)arc;
            arc = 0;
        }

        return content[^1] < 0x80;
    }
}
