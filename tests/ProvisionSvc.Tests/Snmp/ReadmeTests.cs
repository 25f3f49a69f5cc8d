using System.Net;
using System.Runtime.CompilerServices;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>The README's example is this file's: it compiles, and it runs against an agent.</summary>
public class ReadmeTests
{
    private static readonly Mib Mib = new([new VarBind(IfMib.IfName.Append(7), SnmpValue.OctetString("Gi0/7")), new VarBind(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(1))]);

    [Fact]
    public async Task The_example_runs()
    {
        await using var agent = new ScriptedAgent(Mib);
        var said = new StringWriter();
        await ExampleAsync(agent.EndPoint, "lab", said, TestContext.Current.CancellationToken);

        Assert.Equal(["7 Gi0/7 up", "complete"], said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_example_is_the_one_in_the_README()
    {
        var source = File.ReadAllText(Here());
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "ProvisionSvc.Snmp", "README.md"));

        Assert.Equal(Lines(Between(source, "// README {", "// }")), Lines(Between(readme, "```csharp", "```")));
    }

    private static async Task ExampleAsync(IPEndPoint endPoint, string community, TextWriter output, CancellationToken ct)
    {
        // README {
        await using var client = new SnmpClient();
        var target = new SnmpTarget(endPoint) { Community = community }; // v3: Security = new SnmpV3Security(new UsmUser(…))

        var ports = await client.ReadTableAsync(target, [IfMib.IfName, IfMib.IfAdminStatus], SnmpReadLimits.Default, ct);
        foreach (var row in ports.Rows)
        {
            output.WriteLine($"{row.Index} {row[0].Text} {(row[1].TryGetInt64(out var status) && status == 1 ? "up" : "down")}");
        }

        output.WriteLine(ports.End); // "complete", or why not: a port that is missing from an incomplete table may well exist
        await client.SetAsync(target, [new VarBind(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(2))], ct);
        // }
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf('\n', text.IndexOf(start + "\n", StringComparison.Ordinal));
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
