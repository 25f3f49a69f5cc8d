using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Core;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;

namespace ProvisionSvc.IntegrationTests.Terminal;

public sealed class TerminalOverSshTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static readonly SshConnector Connector = new(TimeProvider.System);
    private static readonly TerminalDialect Impatient = SshdFixture.VrpDialect with { LineDeadline = TimeSpan.FromSeconds(1) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shell_answers_line_by_line()
    {
        await using var session = await Connector.OpenAsync(sshd.Shell.Endpoint(), SshdFixture.ShellDialect, Ct);
        Assert.Equal("one\ntwo\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("printf 'one\\ntwo\\n'", Ct)).Output);
        Assert.StartsWith("exit status 3", Assert.IsType<LineResult.Rejected>(await session.SendAsync("(exit 3)", Ct)).Reason);
        Assert.Equal("12\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("echo $((3*4))", Ct)).Output);
        Assert.InRange(session.LocalPort, 1, 65535);
    }

    [Fact]
    public async Task A_vrp_like_command_line_is_configured_and_saved()
    {
        await using var session = await Connector.OpenAsync(sshd.Vrp.Endpoint(), SshdFixture.VrpDialect, Ct);
        Assert.Equal("SW-01", session.Host);
        Assert.Contains("max number of VTY users is 10", session.Banner);
        foreach (var line in new[] { "system-view", "interface GigabitEthernet0/0/1", "description C-1007", "undo shutdown", "return" })
        {
            Assert.IsType<LineResult.Confirmed>(await session.SendAsync(line, Ct));
        }

        Assert.Equal("Error: Unrecognized command found at '^' position.", Assert.IsType<LineResult.Rejected>(await session.SendAsync("nonsense", Ct)).Reason);
        Assert.Equal(
            " description <SW-01>\n description #\n<SW-01> is a switch\n#\n",
            Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display description", Ct)).Output);
        var saved = await session.SendAsync("save", Ct, dialogues: [new Dialogue(@"\[Y/N\]:", "Y")]);
        Assert.Contains("Save the configuration successfully.", Assert.IsType<LineResult.Confirmed>(saved).Output);
    }

    [Fact]
    public async Task A_session_ends_with_a_clean_logout()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        await using (var session = await Connector.OpenAsync(device.Endpoint(), SshdFixture.VrpDialect, Ct))
        {
            await session.SendAsync("system-view", Ct);
        }

        Assert.Equal(["screen-length 0 temporary", "system-view", "return", "quit"], await File.ReadAllLinesAsync(Path.Combine(device.Directory, "executed"), Ct));
    }

    [Fact]
    public async Task The_first_choice_is_curve25519_and_modern_ciphers()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        await (await Connector.OpenAsync(device.Endpoint(), SshdFixture.VrpDialect, Ct)).DisposeAsync();
        Assert.Contains("kex: algorithm: curve25519-sha256", device.Log);
        Assert.Contains("cipher: aes128-gcm@openssh.com", device.Log);
    }

    [Fact]
    public async Task An_old_algorithm_is_used_only_by_a_family_that_names_it()
    {
        await using var device = await SshdFixture.StartVrpAsync("KexAlgorithms diffie-hellman-group14-sha1", "Ciphers aes128-cbc", "MACs hmac-sha1");
        var refused = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(device.Endpoint(), SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.Protocol, false), (refused.Fault, refused.IsTransient));
        var old = SshdFixture.VrpDialect with { LegacyAlgorithms = ["diffie-hellman-group14-sha1", "aes128-cbc", "hmac-sha1"] };
        await using var session = await Connector.OpenAsync(device.Endpoint(), old, Ct);
        Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display version", Ct));
        Assert.Equal(device.HostKey, await Connector.ReadHostKeyAsync(new(IPAddress.Loopback, device.Port), null, Ct));
    }

    [Fact]
    public async Task A_session_comes_from_the_source_address_that_it_was_given()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        await using var session = await Connector.OpenAsync(device.Endpoint() with { Way = new(IPAddress.Parse("127.0.0.77"), null) }, SshdFixture.VrpDialect, Ct);
        Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display version", Ct));
        Assert.Contains($"Connection from 127.0.0.77 port {session.LocalPort} ", device.Log);

        var elsewhere = device.Endpoint() with { Way = new(IPAddress.Parse("192.0.2.1"), null) };
        Assert.Equal(DeviceFault.Unreachable, (await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(elsewhere, SshdFixture.VrpDialect, Ct))).Fault);
    }

    [Fact]
    public async Task A_host_key_is_read_without_any_attempt_to_log_in()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        Assert.Equal(device.HostKey, await Connector.ReadHostKeyAsync(new(IPAddress.Loopback, device.Port), null, Ct));
        Assert.DoesNotContain("userauth-request", device.Log);
    }

    [Fact]
    public async Task Another_or_an_unknown_host_key_is_refused_before_any_authentication()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        var changed = device.Endpoint() with { HostKeySha256 = sshd.Vrp.HostKey };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(changed, SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.HostKeyChanged, false), (failure.Fault, failure.IsTransient));
        Assert.Contains(device.HostKey, failure.Message);

        var unknown = device.Endpoint() with { HostKeySha256 = null };
        failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(unknown, SshdFixture.VrpDialect, Ct));
        Assert.Equal(DeviceFault.HostKeyUnknown, failure.Fault);
        Assert.DoesNotContain("userauth-request", device.Log);
    }

    [Fact]
    public async Task A_refused_key_is_one_attempt_and_an_authentication_failure()
    {
        await using var device = await SshdFixture.StartVrpAsync();
        var stranger = device.Endpoint() with { Login = sshd.Vrp.Login };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(stranger, SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.AuthenticationFailed, false), (failure.Fault, failure.IsTransient));
        Assert.Equal(1, device.AuthenticationAttempts);
    }

    [Fact]
    public async Task A_refused_password_is_tried_in_one_way_only()
    {
        await using var device = await SshdFixture.StartVrpAsync("PasswordAuthentication yes", "KbdInteractiveAuthentication yes");
        var wrong = device.Endpoint() with { Login = new TerminalLogin(Environment.UserName, new Secret("wrong-canary")) };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(wrong, SshdFixture.VrpDialect, Ct));
        Assert.Equal(DeviceFault.AuthenticationFailed, failure.Fault);
        Assert.DoesNotContain("wrong-canary", failure.ToString());
        Assert.Equal(1, device.AuthenticationAttempts);
    }

    /// <summary>T19: no call of the connector tries twice, whatever it is given and whatever comes of it.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task One_call_is_one_attempt_to_authenticate(bool right, bool key)
    {
        await using var device = await SshdFixture.StartVrpAsync("PasswordAuthentication yes", "KbdInteractiveAuthentication yes", "MaxAuthTries 20");
        var login = key ? (right ? device.Login : sshd.Vrp.Login) : new TerminalLogin(Environment.UserName, new Secret("wrong-canary"));
        for (var call = 1; call <= 3; call++)
        {
            try
            {
                await (await Connector.OpenAsync(device.Endpoint() with { Login = login }, SshdFixture.VrpDialect, Ct)).DisposeAsync();
                Assert.True(right && key);
            }
            catch (DeviceException failure)
            {
                Assert.Equal((DeviceFault.AuthenticationFailed, false), (failure.Fault, right && key));
            }

            Assert.Equal(call, device.AuthenticationAttempts);
        }
    }

    [Fact]
    public async Task Nobody_at_the_address_is_Unreachable()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, but not listening.
        var nobody = sshd.Vrp.Endpoint() with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(nobody, SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.Unreachable, true), (failure.Fault, failure.IsTransient));
    }

    [Fact]
    public async Task A_peer_that_accepts_and_says_nothing_is_left_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var silent = sshd.Vrp.Endpoint() with { Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        var connector = new SshConnector(TimeProvider.System) { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => connector.OpenAsync(silent, SshdFixture.VrpDialect, Ct));
        Assert.Equal(DeviceFault.Timeout, failure.Fault);

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var opening = Connector.OpenAsync(silent, SshdFixture.VrpDialect, cancel.Token);
        await cancel.CancelAsync();
        var since = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(5), "A cancelled attempt was waited for.");
    }

    [Fact]
    public async Task A_cut_connection_is_Unknown_at_once()
    {
        await using var wire = new FaultyWire(sshd.Vrp.Port);
        await using var session = await Connector.OpenAsync(sshd.Vrp.Endpoint() with { Port = wire.Port }, SshdFixture.VrpDialect, Ct);
        var sending = session.SendAsync("silence", Ct, TimeSpan.FromMinutes(1));
        await Task.Delay(100, Ct);
        var since = Stopwatch.GetTimestamp();
        wire.Cut();
        Assert.IsType<LineResult.Unknown>(await sending);
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "A cut connection was waited for.");
        Assert.StartsWith("not sent", Assert.IsType<LineResult.Unknown>(await session.SendAsync("system-view", Ct)).Why);
    }

    [Fact]
    public async Task A_device_that_dies_after_a_line_leaves_it_Unknown()
    {
        await using var session = await Connector.OpenAsync(sshd.Vrp.Endpoint(), SshdFixture.VrpDialect, Ct);
        Assert.IsType<LineResult.Unknown>(await session.SendAsync("die", Ct));
    }

    [Fact]
    public async Task A_half_open_peer_is_left_at_the_deadline_and_nothing_stays_open()
    {
        await using var wire = new FaultyWire(sshd.Vrp.Port);
        var session = await Connector.OpenAsync(sshd.Vrp.Endpoint() with { Port = wire.Port }, Impatient, Ct);
        wire.GoSilent();
        Assert.Contains("not echoed within 1 s", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display version", Ct)).Why);
        var since = Stopwatch.GetTimestamp();
        await session.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "Disposing waited for a silent peer.");
        Assert.False(await Connections.IsOpenAsync(session.LocalPort, Ct));
    }

    [Fact]
    public async Task A_session_at_rest_with_a_half_open_peer_is_disposed_in_time()
    {
        await using var wire = new FaultyWire(sshd.Vrp.Port);
        var session = await Connector.OpenAsync(sshd.Vrp.Endpoint() with { Port = wire.Port }, Impatient, Ct);
        wire.GoSilent();
        var since = Stopwatch.GetTimestamp();
        await session.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "Disposing waited for a silent peer.");
        Assert.False(await Connections.IsOpenAsync(session.LocalPort, Ct));
    }

    [Fact]
    public async Task A_flood_ends_the_session_and_fills_no_memory()
    {
        await (await Connector.OpenAsync(sshd.Vrp.Endpoint(), SshdFixture.VrpDialect, Ct)).DisposeAsync();
        var before = Environment.WorkingSet;
        for (var again = 0; again < 5; again++)
        {
            await using var session = await Connector.OpenAsync(sshd.Vrp.Endpoint(), SshdFixture.VrpDialect, Ct);
            Assert.IsType<LineResult.Unknown>(await session.SendAsync("display flood", Ct, TimeSpan.FromSeconds(30)));
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64L * 1024 * 1024);
    }

    [Fact]
    public async Task A_flood_while_nobody_listens_is_cut_off_too()
    {
        await using var device = await Sshd.StartAsync("exec dash flood.sh");
        await File.WriteAllTextAsync(Path.Combine(device.Directory, "flood.sh"), "printf '<SW-01>'; read -r a; printf '<SW-01>'; sleep 0.2; exec yes flooding", Ct);
        await using var session = await Connector.OpenAsync(device.Endpoint(), SshdFixture.VrpDialect, Ct);
        var before = Environment.WorkingSet;
        await Task.Delay(2000, Ct);
        Assert.StartsWith("not sent", Assert.IsType<LineResult.Unknown>(await session.SendAsync("display version", Ct)).Why);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 64L * 1024 * 1024);
    }
}
