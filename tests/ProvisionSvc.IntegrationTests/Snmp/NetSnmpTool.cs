using System.Diagnostics;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>Net-SNMP's command line tools: snmpget, snmpset, snmpbulkwalk …</summary>
internal static class NetSnmpTool
{
    public static async Task<string[]> RunAsync(string tool, params string[] arguments)
    {
        var program = Path.Combine("/usr/bin", tool);
        if (!File.Exists(program))
        {
            var reason = $"{program} is missing: install Debian's package snmp (eng/setup.sh does).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1", reason);
            Assert.Fail(reason);
        }

        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MIBS"] = "" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. (await output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
