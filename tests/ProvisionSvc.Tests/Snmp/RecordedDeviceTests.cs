using System.Globalization;
using System.Net;
using System.Text;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Recordings of real switches, served by an agent and read in full: what is read equals the file.</summary>
public sealed class RecordedDeviceTests : IAsyncLifetime
{
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Every_recording_is_walked_and_equals_its_file()
    {
        foreach (var (name, mib) in Recordings())
        {
            await using var agent = new ScriptedAgent(mib);
            var walk = await _client.WalkAsync(agent.Target with { Retries = 3 }, new Oid(1), SnmpReadLimits.Default, Ct);

            Assert.True(walk.Complete, $"{name}: {walk.End}");
            Assert.True(mib.All.SequenceEqual(walk.VarBinds), name);
        }
    }

    [Fact]
    public async Task Every_recording_gives_its_interface_table_whatever_columns_it_lacks()
    {
        Oid[] columns = [IfMib.IfName, IfMib.IfAlias, IfMib.IfAdminStatus, IfMib.IfOperStatus, IfMib.IfHighSpeed, IfMib.IfHCInOctets, IfMib.IfHCOutOctets, IfMib.IfDescr];
        foreach (var (name, mib) in Recordings())
        {
            await using var agent = new ScriptedAgent(mib);
            foreach (var version in new[] { SnmpVersion.V2c, SnmpVersion.V1 })
            {
                var table = await _client.ReadTableAsync(agent.Target with { Retries = 3, Version = version }, columns, SnmpReadLimits.Default, Ct);

                Assert.True(table.Complete, $"{name}: {table.End}");
                var read = table.Rows.SelectMany(row => columns.Select((column, i) => new VarBind(column.Append(row.Index), row[i])))
                    .Where(cell => cell.Value.Type != SnmpType.None).OrderBy(cell => cell.Oid);
                Assert.True(mib.All.Where(v => columns.Any(v.Oid.StartsWith)).SequenceEqual(read), name);
            }
        }
    }

    private static IEnumerable<(string Name, Mib Mib)> Recordings()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("PROVISION_DEVICEDATA") ?? Path.Combine(RepositoryRoot(), "../shared/devicedata"), "snmprec");
        if (!Directory.Exists(folder) && Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") != "1")
        {
            Assert.Skip($"No recordings in {folder}; set PROVISION_DEVICEDATA.");
        }

        string[] files = [.. Directory.GetFiles(folder, "*.snmprec").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        return files.Select(file => (Path.GetFileName(file), new Mib(File.ReadLines(file, Encoding.Latin1).Where(line => line.Length > 0).Select(Parse)) { MaxMessage = 4_000 }));
    }

    /// <summary>One line: OID|TAG|VALUE; x behind the tag means hexadecimal.</summary>
    private static VarBind Parse(string line)
    {
        var parts = line.Split('|', 3);
        var value = parts[2];
        return new VarBind(Oid.Parse(parts[0]), parts[1] switch
        {
            "2" => SnmpValue.Integer32(int.Parse(value, CultureInfo.InvariantCulture)),
            "4" => SnmpValue.OctetString(Encoding.Latin1.GetBytes(value)),
            "4x" => SnmpValue.OctetString(Convert.FromHexString(value)),
            "5" => SnmpValue.Null,
            "6" => SnmpValue.ObjectIdentifier(Oid.Parse(value)),
            "64" => SnmpValue.IpAddress(IPAddress.Parse(value)),
            "65" => SnmpValue.Counter32(uint.Parse(value, CultureInfo.InvariantCulture)),
            "66" => SnmpValue.Gauge32(uint.Parse(value, CultureInfo.InvariantCulture)),
            "67" => SnmpValue.TimeTicks(uint.Parse(value, CultureInfo.InvariantCulture)),
            "70" => SnmpValue.Counter64(ulong.Parse(value, CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"Tag {parts[1]} in \"{line}\"."),
        });
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ProvisionSvc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("ProvisionSvc.sln is in no folder above the tests.");
    }
}
