using System.Text;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>The recordings of real switches, read a second time in the test's own way: <c>OID tag octets</c>.</summary>
internal static class RecordedSwitches
{
    /// <summary>Skips the test, or fails it, where the recordings are absent.</summary>
    public static string Folder()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "ProvisionSvc.sln")))
        {
            root = root.Parent;
        }

        var data = Environment.GetEnvironmentVariable("PROVISION_DEVICEDATA") ?? Path.Combine(root?.FullName ?? ".", "..", "shared", "devicedata");
        var folder = Path.Combine(data, "snmprec");
        Requires.That(Directory.Exists(folder), $"there are no recordings in {folder}; set PROVISION_DEVICEDATA.");
        return folder;
    }

    public static IReadOnlyList<string> Files() => [.. Directory.GetFiles(Folder(), "*.snmprec").Order(StringComparer.Ordinal)];

    /// <param name="trimmed">As snmpsim reads lines: without blanks at their ends.</param>
    public static IReadOnlyList<string> Lines(string file, bool trimmed) =>
    [
        .. File.ReadLines(file, Encoding.Latin1).Where(line => line.Length > 0).Select(line => (trimmed ? line.Trim() : line).Split('|', 3))
            .Select(p => p[1] switch
            {
                "4x" => $"{p[0]} 4 {p[2].ToUpperInvariant()}",
                "4" => $"{p[0]} 4 {Convert.ToHexString(Encoding.Latin1.GetBytes(p[2]))}",
                _ => $"{p[0]} {p[1]} {p[2].TrimStart('.')}",
            }),
    ];

    public static string Line(VarBind variable) => $"{variable.Oid} {(int)variable.Value.Type} {variable.Value switch
    {
        { Type: SnmpType.OctetString } octets => Convert.ToHexString(octets.Octets.Span),
        { Type: SnmpType.ObjectIdentifier } oid => oid.Oid.ToString(),
        { Type: SnmpType.Null } => "",
        var other when other.TryGetIpAddress(out var address) => address.ToString(),
        var other when other.TryGetInt64(out var signed) => signed.ToString(),
        var other when other.TryGetUInt64(out var large) => large.ToString(),
        var other => other.ToString(),
    }}";

    /// <summary>The first difference in a few words; null where there is none. Whole lists would fill the screen.</summary>
    public static string? Difference(IReadOnlyList<string> expected, IReadOnlyList<string> read)
    {
        var at = expected.Zip(read).TakeWhile(pair => pair.First == pair.Second).Count();
        return at == expected.Count && at == read.Count ? null
            : $"{read.Count} variables of {expected.Count}; at {at}: \"{read.ElementAtOrDefault(at)}\" instead of \"{expected.ElementAtOrDefault(at)}\"";
    }
}
