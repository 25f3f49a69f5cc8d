using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ProvisionSvc.Snmp;

/// <summary>An object identifier: up to 128 sub-identifiers of 32 bits (RFC 2578 §3.5). Slices share memory; comparing allocates nothing.</summary>
/// <remarks>A slice such as a row's index is an <see cref="Oid"/> too, although it could not stand alone on the wire.</remarks>
public readonly struct Oid : IEquatable<Oid>, IComparable<Oid>
{
    /// <summary>RFC 2578 §3.5: at most 128 sub-identifiers.</summary>
    public const int MaxLength = 128;

    private readonly uint[]? _arcs;
    private readonly int _offset;
    private readonly int _length;

    public Oid(params ReadOnlySpan<uint> arcs)
        : this(arcs.ToArray(), 0, arcs.Length)
    {
        if (arcs.Length > MaxLength)
        {
            throw new ArgumentException($"An OID has at most {MaxLength} sub-identifiers (RFC 2578 §3.5), not {arcs.Length}.", nameof(arcs));
        }
    }

    /// <summary>Takes part of an array that nobody changes any more.</summary>
    internal Oid(uint[] shared, int offset, int length) => (_arcs, _offset, _length) = (shared, offset, length);

    public static Oid Empty => default;

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<uint> Arcs => new(_arcs, _offset, _length);

    public uint this[int index] => Arcs[index];

    /// <summary>The part from <paramref name="start"/> on, sharing memory: the row index behind a column is <c>oid.Slice(column.Length)</c>.</summary>
    public Oid Slice(int start) => Slice(start, _length - start);

    public Oid Slice(int start, int length)
    {
        _ = Arcs.Slice(start, length); // the span checks the bounds
        return length == 0 ? Empty : new Oid(_arcs!, _offset + start, length);
    }

    public Oid Append(params ReadOnlySpan<uint> arcs) => new([.. Arcs, .. arcs]);

    public Oid Append(Oid suffix) => Append(suffix.Arcs);

    public bool StartsWith(Oid prefix) => Arcs.StartsWith(prefix.Arcs);

    /// <summary>Lexicographical order of the sub-identifiers (RFC 3416 §4.2.2), the order in which agents walk.</summary>
    public int CompareTo(Oid other) => Compare(Arcs, other.Arcs);

    /// <summary>The order of sub-identifiers. The framework's generic comparison would be compiled anew in every process, and run slowly at first.</summary>
    internal static int Compare(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        var both = Math.Min(left.Length, right.Length);
        for (var i = 0; i < both; i++)
        {
            if (left[i] != right[i])
            {
                return left[i] < right[i] ? -1 : 1;
            }
        }

        return left.Length - right.Length;
    }

    public bool Equals(Oid other) => Arcs.SequenceEqual(other.Arcs);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Oid other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(Arcs));
        return hash.ToHashCode();
    }

    public static bool operator ==(Oid left, Oid right) => left.Equals(right);

    public static bool operator !=(Oid left, Oid right) => !left.Equals(right);

    public static bool operator <(Oid left, Oid right) => left.CompareTo(right) < 0;

    public static bool operator >(Oid left, Oid right) => left.CompareTo(right) > 0;

    public static bool operator <=(Oid left, Oid right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Oid left, Oid right) => left.CompareTo(right) >= 0;

    /// <summary>Reads "1.3.6.1" or ".1.3.6.1".</summary>
    public static Oid Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var oid) ? oid : throw new FormatException($"\"{text}\" is not an OID: numbers up to 2^32-1 separated by dots.");

    public static bool TryParse(ReadOnlySpan<char> text, out Oid oid)
    {
        oid = Empty;
        if (text is ['.', .. var rest])
        {
            text = rest;
        }

        Span<uint> arcs = stackalloc uint[MaxLength];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (count == MaxLength || !uint.TryParse(text[part], System.Globalization.NumberStyles.None, null, out arcs[count++]))
            {
                return false;
            }
        }

        oid = new Oid(arcs[..count]);
        return true;
    }

    public override string ToString() => string.Join('.', Arcs.ToArray());
}
