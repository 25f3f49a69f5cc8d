using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ProvisionSvc.DeviceLab.Recordings;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Snmp;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>Recordings of real switches, served by DeviceLab and by snmpsim and read in full by our manager: what is read equals the file.</summary>
public sealed class RecordedSwitchTests : IAsyncLifetime
{
    private static readonly Oid Everything = new(1);

    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task Every_recording_served_by_DeviceLab_is_read_as_its_file()
    {
        await using var host = await RecordingHost.StartAsync(new RecordingOptions { Directory = RecordedSwitches.Folder() }, Ct);

        Assert.Equal(RecordedSwitches.Files().Count, host.Agents.Count);
        foreach (var (agent, file) in host.Agents.Zip(RecordedSwitches.Files()))
        {
            Assert.Empty(agent.Recording.Skipped);
            await AssertWalkAsync(file, new SnmpTarget(agent.EndPoint) { Community = host.Community }, trimmed: false);
        }
    }

    [Fact]
    public async Task Every_recording_is_read_in_version_1_but_for_its_Counter64()
    {
        await using var host = await RecordingHost.StartAsync(new RecordingOptions { Directory = RecordedSwitches.Folder() }, Ct);

        foreach (var (agent, file) in host.Agents.Zip(RecordedSwitches.Files()))
        {
            await AssertWalkAsync(
                file, new SnmpTarget(agent.EndPoint) { Community = host.Community, Version = SnmpVersion.V1 }, trimmed: false, line => !line.Contains(" 70 ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Net_SNMPs_own_walk_finds_as_many_variables()
    {
        await using var host = await RecordingHost.StartAsync(new RecordingOptions { Directory = RecordedSwitches.Folder() }, Ct);
        var agent = host.Agents.MinBy(a => a.Recording.Variables.Count)!;

        var walked = await NetSnmpTool.RunAsync("snmpbulkwalk", "-v2c", "-c", host.Community, "-On", "-Oq", agent.EndPoint.ToString(), ".1");

        Assert.Equal(
            agent.Recording.Variables.Select(v => $".{v.Oid}"),
            walked.Where(line => line.StartsWith(".1.", StringComparison.Ordinal) && !line.EndsWith("(It is past the end of the MIB tree)", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Every_recording_served_by_snmpsim_is_read_as_its_file()
    {
        await using var snmpsim = await SnmpSim.StartAsync(RecordedSwitches.Files(), Ct);

        foreach (var file in RecordedSwitches.Files())
        {
            // It drops blanks at the ends of lines.
            await AssertWalkAsync(file, snmpsim.Target(Path.GetFileNameWithoutExtension(file)), trimmed: true);
        }
    }

    [Fact]
    public async Task The_command_says_where_every_agent_is_and_ends_with_its_input()
    {
        var folder = RecordedSwitches.Folder();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "devicelab.dll"), "serve", "--recordings", folder, "--base", "127.2.9.0"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            using var ready = JsonDocument.Parse(await process.StandardOutput.ReadLineAsync(Ct) ?? "null");
            var agents = ready.RootElement.GetProperty("agents").EnumerateArray().ToList();
            Assert.Equal(RecordedSwitches.Files().Select(Path.GetFileNameWithoutExtension), agents.Select(a => a.GetProperty("name").GetString()));

            var endPoint = new IPEndPoint(IPAddress.Parse(agents[0].GetProperty("address").GetString()!), ready.RootElement.GetProperty("snmpPort").GetInt32());
            var system = await _client.WalkAsync(
                new SnmpTarget(endPoint) { Community = ready.RootElement.GetProperty("community").GetString()! }, Oid.Parse("1.3.6.1.2.1.1"), SnmpReadLimits.Default, Ct);
            Assert.True(system.Complete);
            Assert.NotEmpty(system.VarBinds);

            process.StandardInput.Close();
            await process.WaitForExitAsync(Ct);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private async Task AssertWalkAsync(string file, SnmpTarget target, bool trimmed, Func<string, bool>? counts = null)
    {
        var walk = await _client.WalkAsync(target, Everything, SnmpReadLimits.Default, Ct);

        Assert.True(walk.Complete, $"{Path.GetFileName(file)}: {walk.End}");
        var difference = RecordedSwitches.Difference([.. RecordedSwitches.Lines(file, trimmed).Where(counts ?? (_ => true))], [.. walk.VarBinds.Select(RecordedSwitches.Line)]);
        Assert.True(difference is null, $"{Path.GetFileName(file)}: {difference}");
    }
}
