using System.Globalization;
using System.Net;
using System.Text;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Recordings;

/// <summary>
/// Reads snmpsim's recordings: <c>OID|TAG|VALUE</c> to a line, the tag a BER tag in decimal with x for hexadecimal or e for escaped values. Leading dots,
/// disorder, doubled OIDs and odd numbers of hex digits are taken as they are met in the field; what no agent could send is left out and named.
/// </summary>
public static class SnmprecFile
{
    public const string Extension = ".snmprec";

    public static async Task<Recording> ReadAsync(string path, CancellationToken ct) =>
        // Octets of a plain value are the file's own octets: Latin-1 keeps each as one character.
        Parse(Path.GetFileNameWithoutExtension(path), await File.ReadAllTextAsync(path, Encoding.Latin1, ct));

    public static Recording Parse(string name, string text)
    {
        var (variables, skipped) = (new List<VarBind>(), new List<SkippedLine>());
        foreach (var (line, number) in text.Split('\n').Select((line, i) => (line.EndsWith('\r') ? line[..^1] : line, i + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            try
            {
                variables.Add(ParseLine(line));
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                skipped.Add(new(number, e.Message));
            }
        }

        return new(name, variables, skipped);
    }

    private static VarBind ParseLine(string line)
    {
        var parts = line.Split('|', 3);
        if (parts.Length < 3)
        {
            throw new FormatException("It is not OID|TAG|VALUE.");
        }

        var oid = ParseOid(parts[0].Trim());
        var tag = parts[1].Trim();
        return tag.Contains(':', StringComparison.Ordinal)
            ? throw new FormatException($"Tag {tag} asks for a variation module; recordings are served as they are.")
            : new VarBind(oid, ParseValue(tag, parts[2]));
    }

    private static SnmpValue ParseValue(string tag, string value) => tag switch
    {
        "2" => SnmpValue.Integer32(int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        "5" => SnmpValue.Null,
        "6" => SnmpValue.ObjectIdentifier(ParseOid(value)),
        "64" => SnmpValue.IpAddress(IPAddress.TryParse(value, out var address) ? RequireV4(address) : throw new FormatException($"\"{value}\" is not an address.")),
        "64x" => SnmpValue.IpAddress(Hex(value) is { Length: 4 } octets ? new IPAddress(octets) : throw new FormatException($"\"{value}\" is not an address of 4 octets.")),
        "65" => SnmpValue.Counter32(Unsigned(value)),
        "66" or "71" => SnmpValue.Gauge32(Unsigned(value)),
        "67" => SnmpValue.TimeTicks(Unsigned(value)),
        "70" => SnmpValue.Counter64(ulong.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)),
        "4" or "4x" or "4e" => SnmpValue.OctetString(Octets(tag, value)),
        "68" or "68x" or "68e" => SnmpValue.Opaque(Octets(tag, value)),
        _ => throw new FormatException($"Tag {tag} is none that a variable can have."),
    };

    private static Oid ParseOid(string text)
    {
        var oid = Oid.TryParse(text, out var parsed) ? parsed : throw new FormatException($"\"{text}\" is not an OID.");

        // X.690 §8.19.4: the first two sub-identifiers travel as one.
        return oid.Length >= 2 && (oid[0] == 2 || (oid[0] < 2 && oid[1] <= 39)) ? oid : throw new FormatException($"{oid} cannot be sent as an OID.");
    }

    private static IPAddress RequireV4(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
        ? address : throw new FormatException($"{address} is not an IPv4 address.");

    private static uint Unsigned(string value) => uint.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static byte[] Octets(string tag, string value) => tag[^1] switch
    {
        'x' => Hex(value),
        'e' => Unescaped(value),
        _ => Encoding.Latin1.GetBytes(value),
    };

    /// <summary>The last octet of an odd number of digits gets a 0, as snmpsim does it.</summary>
    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Length % 2 == 0 ? digits : digits + "0");

    /// <summary>Escapes of Python's string literals, without the octal ones.</summary>
    private static byte[] Unescaped(string text)
    {
        var octets = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                octets.Add((byte)text[i]);
                continue;
            }

            var escape = ++i < text.Length ? text[i] : throw new FormatException("The value ends in the middle of an escape.");
            if (escape == 'x')
            {
                octets.AddRange(i + 2 < text.Length ? Convert.FromHexString(text.AsSpan(i + 1, 2)) : throw new FormatException("The value ends in the middle of an escape."));
                i += 2;
            }
            else
            {
                octets.Add(Escape(escape));
            }
        }

        return [.. octets];
    }

    private static byte Escape(char letter) => letter switch
    {
        '\\' or '\'' or '"' => (byte)letter,
        'a' => 7,
        'b' => 8,
        't' => 9,
        'n' => 10,
        'v' => 11,
        'f' => 12,
        'r' => 13,
        _ => throw new FormatException($"\\{letter} is not an escape."),
    };
}
