using System.Text;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>A value of SNMP as a person reads it and as a program can still use it.</summary>
internal static class AgentValue
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static VariableView View(VarBind variable)
    {
        var (oid, value) = (variable.Oid, variable.Value);
        var known = MibNames.VariableOf(oid);
        var name = known is null ? null : $"{known.Name}{(oid.Length > known.Oid.Length ? $".{oid.Slice(known.Oid.Length)}" : "")}";
        var (text, label, hex) = Text(value, known);
        return new(oid.ToString(), name, EnumText.Of(value.Type), text, label, hex);
    }

    private static (string? Text, string? Label, string? Hex) Text(SnmpValue value, MibObject? known)
    {
        switch (value.Type)
        {
            case SnmpType.OctetString:
                return Octets(value.Octets.Span, known is { IsOctets: true });
            case SnmpType.Opaque:
                var hex = Convert.ToHexString(value.Octets.Span);
                return (value.TryGetDouble(out var number) ? number.ToString("R") : Colons(value.Octets.Span), null, hex);
            case SnmpType.ObjectIdentifier:
                return (value.Oid.ToString(), null, null);
            case SnmpType.IpAddress:
                return (value.TryGetIpAddress(out var address) ? address.ToString() : null, null, null);
            case SnmpType.TimeTicks when value.TryGetInt64(out var hundredths):
                return ($"{hundredths}", $"{TimeSpan.FromMilliseconds(hundredths * 10):d\\d\\ hh\\:mm\\:ss}", null);
            case SnmpType.Counter64 when value.TryGetUInt64(out var counter):
                return ($"{counter}", null, null);
            default:
                return value.TryGetInt64(out var signed) ? ($"{signed}", known?.Labels.GetValueOrDefault(signed), null) : (null, null, null);
        }
    }

    private static (string Text, string? Label, string? Hex) Octets(ReadOnlySpan<byte> octets, bool areNoText)
    {
        // Some agents end their strings with NUL octets: shown without them, and exactly in hex.
        var text = octets.TrimEnd((byte)0);
        if (areNoText || Decode(text) is not { } decoded || !decoded.All(c => !char.IsControl(c) || c is '\r' or '\n' or '\t'))
        {
            return (Colons(octets), null, octets.IsEmpty ? null : Convert.ToHexString(octets));
        }

        return (decoded, null, text.Length < octets.Length ? Convert.ToHexString(octets) : null);
    }

    private static string? Decode(ReadOnlySpan<byte> octets)
    {
        try
        {
            return Strict.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return null; // not UTF-8: octets
        }
    }

    private static string Colons(ReadOnlySpan<byte> octets) => string.Join(':', Convert.ToHexString(octets).Chunk(2).Select(pair => new string(pair)));
}
