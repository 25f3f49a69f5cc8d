using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Ssh;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>The lab as a stranger meets it: OpenSSH's client, Net-SNMP's tools and the command line.</summary>
public sealed class SshLabTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-ssh-").FullName;
    private LabHost? _lab;

    private LabHost Lab => _lab ?? throw new InvalidOperationException("The lab was not started.");

    private SimSwitch First => Lab.Switches[0];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Require(LabHost.WhyNoSsh());
        _lab = await LabHost.StartAsync(new LabOptions { StateDirectory = _folder, Switches = 2, Buildings = 2, Nodes = 1 }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null) await _lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_session_through_sshd_configures_the_switch_that_was_connected_to()
    {
        var port = Lab.City.Services.First(s => s.Switch == Lab.Switches[1].Name).IfName;
        using var ssh = new SshClient(Lab, Lab.Switches[1]);
        await ssh.ReadToAsync($"<{Lab.Switches[1].Name}>$", Ct);
        await ssh.TypeAsync("system-view\r", Ct);
        await ssh.ReadToAsync(@"\]$", Ct);
        await ssh.TypeAsync($"interface {port}\r", Ct);
        await ssh.ReadToAsync(@"/\d+\]$", Ct);
        await ssh.TypeAsync("shutdown\r", Ct);
        // The device echoes what is typed, once, and ends lines with CRLF.
        Assert.EndsWith($"shutdown\r\n[{Lab.Switches[1].Name}-{port}]", await ssh.ReadToAsync(@"\r\n\[.*\]$", Ct), StringComparison.Ordinal);
        Assert.False(Lab.Control.State(Lab.Switches[1].Name, port).AdminUp);

        var write = Lab.WriteLog.WritesOf(Lab.Switches[1].Name).Single();
        Assert.Equal(("ssh", "shutdown"), (write.Channel, write.Line));
        Assert.Matches(@"^127\.0\.0\.1:\d+$", write.Client);
        Assert.Empty(Lab.WriteLog.WritesOf(First.Name));
    }

    [Fact]
    public async Task A_logout_ends_the_client_with_success()
    {
        using var ssh = new SshClient(Lab, First);
        await ssh.ReadToAsync(">$", Ct);
        await ssh.TypeAsync("quit\r", Ct);
        Assert.Equal(0, await ssh.ExitAsync(Ct));
        Assert.Equal(0, Lab.Control.State(First.Name).VtyInUse);
    }

    [Fact]
    public async Task A_dropped_session_is_a_reset_connection()
    {
        Lab.Control.Tell(First.Name, new Fault.Drop(DropMoment.After, new Regex("^system-view$")));
        using var ssh = new SshClient(Lab, First);
        await ssh.ReadToAsync(">$", Ct);
        await ssh.TypeAsync("system-view\r", Ct);
        Assert.Equal(255, await ssh.ExitAsync(Ct));
    }

    [Fact]
    public async Task An_unreachable_switch_refuses_and_comes_back()
    {
        Lab.Control.Tell(First.Name, new Fault.Unreachable());
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            var error = await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(First.Address, Lab.SshPort, Ct));
            Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
        }

        using (var neighbour = new SshClient(Lab, Lab.Switches[1])) await neighbour.ReadToAsync(">$", Ct);
        Lab.Control.Clear(First.Name);
        using var ssh = new SshClient(Lab, First);
        await ssh.ReadToAsync(">$", Ct);
    }

    [Fact]
    public async Task A_frozen_switch_is_a_black_hole_until_it_thaws()
    {
        Lab.Control.Tell(First.Name, new Fault.Freeze());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(First.Address, Lab.SshPort, Ct);
        var banner = new byte[4];
        var answer = socket.ReceiveAsync(banner, SocketFlags.None, Ct).AsTask();
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(0.5), Ct)));
        Lab.Control.Clear(First.Name);
        Assert.Equal(4, await answer);
        Assert.Equal("SSH-"u8.ToArray(), banner);
    }

    [Fact]
    public async Task The_host_key_is_the_one_announced_until_another_is_ordered()
    {
        Assert.Equal(Lab.HostKeySha256, await FingerprintAsync(First));
        Lab.Control.Tell(First.Name, new Fault.OtherHostKey());
        Assert.NotEqual(Lab.HostKeySha256, await FingerprintAsync(First));
        Assert.Equal(Lab.HostKeySha256, await FingerprintAsync(Lab.Switches[1]));
    }

    [Fact]
    public async Task Forwarding_is_refused()
    {
        var (_, error) = await RunAsync("ssh", [.. SshClient.Options(Lab), "-o", "ExitOnForwardFailure=yes", "-W", "127.0.0.1:22", $"{Lab.User}@{First.Address}"]);
        Assert.Contains("prohibited", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Net_snmp_reads_and_sets_what_the_terminal_shows()
    {
        Require(Tools.Find("snmpget") is null ? "snmpget is not installed (Debian package snmp)." : null);
        var port = Lab.Control.State(First.Name, Lab.City.Services.First(s => s.Switch == First.Name).IfName);
        var agent = $"{First.Address}:{Lab.SnmpPort}";
        var (alias, _) = await RunAsync("snmpget", ["-v2c", "-c", Lab.ReadCommunity, "-Oqv", agent, $"1.3.6.1.2.1.31.1.1.1.18.{port.IfIndex}"]);
        Assert.Equal($"\"{port.Description}\"", alias.Trim());
        await RunAsync("snmpset", ["-v2c", "-c", Lab.WriteCommunity, agent, $"1.3.6.1.2.1.2.2.1.7.{port.IfIndex}", "i", "2"]);
        Assert.False(Lab.Control.State(First.Name, port.IfName).AdminUp);
        var (names, _) = await RunAsync("snmpbulkwalk", ["-v2c", "-c", Lab.ReadCommunity, "-Oqv", agent, "1.3.6.1.2.1.31.1.1.1.1"]);
        Assert.Equal(First.Model.Interfaces.Count, names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Two_labs_run_beside_each_other()
    {
        await using var other = await LabHost.StartAsync(new LabOptions { StateDirectory = Path.Combine(_folder, "other one"), Switches = 2, Buildings = 2, Nodes = 1 }, Ct);
        Assert.NotEqual((Lab.SnmpPort, Lab.SshPort), (other.SnmpPort, other.SshPort));
        using var ssh = new SshClient(other, other.Switches[0]);
        await ssh.ReadToAsync(">$", Ct);
        Assert.Equal((0, 1), (Lab.Control.State(First.Name).VtyInUse, other.Control.State(First.Name).VtyInUse));
    }

    [Fact]
    public async Task The_command_runs_a_lab_says_where_it_is_and_ends_with_its_input()
    {
        var command = Path.Combine(AppContext.BaseDirectory, "devicelab.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [command, "run", "--switches", "2", "--buildings", "2", "--state", Path.Combine(_folder, "run")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var ready = JsonDocument.Parse(await process.StandardOutput.ReadLineAsync(Ct) ?? "").RootElement;
        Assert.Equal(2, ready.GetProperty("switches").GetInt32());
        var control = ready.GetProperty("control").GetString()!;
        await RunAsync("dotnet", [command, "tell", "--control", control, "sw-b001-1", "port", "GigabitEthernet0/0/1", "description", "by hand"]);
        var (state, _) = await RunAsync("dotnet", [command, "state", "--control", control, "sw-b001-1", "GigabitEthernet0/0/1"]);
        Assert.Equal("by hand", JsonDocument.Parse(state).RootElement.GetProperty("description").GetString());

        process.StandardInput.Close();
        await process.WaitForExitAsync(Ct);
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(control));
    }

    /// <summary>At home a missing tool skips; where everything is required it fails.</summary>
    private static void Require(string? reason)
    {
        if (reason is null) return;
        if (Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1") Assert.Fail(reason);
        Assert.Skip(reason);
    }

    private async Task<string> FingerprintAsync(SimSwitch device)
    {
        var (_, text) = await RunAsync("ssh", ["-v", .. SshClient.Options(Lab), "-o", "BatchMode=yes", "-o", "PreferredAuthentications=none", $"{Lab.User}@{device.Address}"]);
        return Regex.Match(text, "Server host key: ssh-ed25519 (SHA256:[A-Za-z0-9+/]+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
    }

    private static async Task<(string Output, string Error)> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Ct);
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (output, await error);
    }
}
