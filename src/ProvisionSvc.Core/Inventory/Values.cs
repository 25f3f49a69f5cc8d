using System.Diagnostics.CodeAnalysis;

namespace ProvisionSvc.Core.Inventory;

/// <summary>A VLAN identifier, 1..4094 (IEEE 802.1Q).</summary>
public readonly record struct VlanId
{
    public VlanId(int value) => Value = value is >= 1 and <= 4094 ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A VLAN ID is 1..4094.");

    public int Value { get; }

    public override string ToString() => Value.ToString();
}

/// <summary>A data rate of 1 kbit/s or more; kbit/s is the unit in which switches take rates.</summary>
public readonly record struct Bandwidth : IComparable<Bandwidth>
{
    private Bandwidth(long kbps) => Kbps = kbps;

    /// <summary>The rate in kbit/s (1,000 bit/s).</summary>
    public long Kbps { get; }

    public decimal InMbps => Kbps / 1000m;

    /// <summary>What a rate in Mbit/s has to be, as a sentence for people.</summary>
    public const string Rule = "give 0.001 to 100000000 Mbit/s with three decimals at most.";

    private const long MaxKbps = 100_000_000_000;

    public static Bandwidth FromKbps(long kbps) => kbps is >= 1 and <= MaxKbps
        ? new(kbps)
        : throw new ArgumentOutOfRangeException(nameof(kbps), kbps, "A bandwidth is 1 kbit/s to 100 Tbit/s.");

    public static Bandwidth FromMbps(decimal mbps) => TryFromMbps(mbps, out var rate) ? rate : throw new ArgumentOutOfRangeException(nameof(mbps), mbps, Rule);

    /// <summary>False where the number is not a whole number of kbit/s within the range; nothing is rounded away.</summary>
    public static bool TryFromMbps(decimal mbps, out Bandwidth rate)
    {
        var fits = mbps is > 0 and <= MaxKbps / 1000 && mbps * 1000m % 1m == 0;
        rate = fits ? new((long)(mbps * 1000m)) : default;
        return fits;
    }

    public int CompareTo(Bandwidth other) => Kbps.CompareTo(other.Kbps);

    public static bool operator <(Bandwidth a, Bandwidth b) => a.Kbps < b.Kbps;

    public static bool operator >(Bandwidth a, Bandwidth b) => a.Kbps > b.Kbps;

    public static bool operator <=(Bandwidth a, Bandwidth b) => a.Kbps <= b.Kbps;

    public static bool operator >=(Bandwidth a, Bandwidth b) => a.Kbps >= b.Kbps;

    public override string ToString() => Kbps % 1000 == 0 ? $"{Kbps / 1000} Mbit/s" : $"{Kbps} kbit/s";
}

/// <summary>
/// The number of a sold line, and the only text of ours that a device ever shows (its ifAlias): 1..32 of ASCII letters, digits and <c>. _ -</c>,
/// beginning with a letter or digit. Nothing in it can end a line, ask for help or complete a word.
/// </summary>
public sealed record CircuitId
{
    public const int MaxLength = 32;

    private CircuitId(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="FormatException">The text is not a circuit id; the message says what is allowed.</exception>
    public static CircuitId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException(Rule(text));

    public static bool TryParse(string? text, [NotNullWhen(true)] out CircuitId? id)
    {
        id = text is { Length: >= 1 and <= MaxLength } && char.IsAsciiLetterOrDigit(text[0]) && text.All(IsAllowed) ? new(text) : null;
        return id is not null;
    }

    /// <summary>What is wrong with <paramref name="text"/>, with everything unprintable made visible.</summary>
    public static string Rule(string? text) =>
        $"\"{Visible(text)}\" is not a circuit id: 1 to {MaxLength} letters, digits, '.', '_' or '-', beginning with a letter or digit.";

    public override string ToString() => Value;

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    private static string Visible(string? text) =>
        string.Concat((text ?? "").Take(MaxLength + 8).Select(c => c is >= ' ' and < (char)0x7f ? c.ToString() : $"\\u{(int)c:x4}"));
}

/// <summary>ifAdminStatus as far as intents use it (RFC 2863).</summary>
public enum AdminStatus
{
    Up = 1,
    Down = 2,
    Testing = 3,
}

/// <summary>ifOperStatus (RFC 2863). 0 stands for "not answered".</summary>
public enum OperStatus
{
    NotAnswered = 0,
    Up = 1,
    Down = 2,
    Testing = 3,
    Unknown = 4,
    Dormant = 5,
    NotPresent = 6,
    LowerLayerDown = 7,
}

/// <summary>What a port is for. Only customer ports are ever written.</summary>
public enum PortRole
{
    Customer,
    Uplink,
    Reserved,
}

/// <summary>How far the service may go with a switch.</summary>
public enum SwitchMode
{
    /// <summary>Imported: polled, never written.</summary>
    Observe,

    /// <summary>Intents apply.</summary>
    Manage,

    /// <summary>Items wait, with an end.</summary>
    Maintenance,

    /// <summary>Needs a person.</summary>
    Locked,
}

/// <summary>A port by the names a person uses: <c>b01-sw1 GigabitEthernet0/0/7</c>.</summary>
public sealed record PortName(string Switch, string IfName)
{
    public override string ToString() => $"{Switch} {IfName}";
}
