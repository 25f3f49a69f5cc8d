using System.Diagnostics;
using System.Net;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;

namespace ProvisionSvc.IntegrationTests.Terminal;

/// <summary>Through a real OpenSSH server to another.</summary>
public sealed class JumpHostTests(JumpFixture hosts) : IClassFixture<JumpFixture>
{
    private static readonly SshConnector Connector = new(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_goes_through_the_jump_host_and_leaves_both()
    {
        await using var jump = await JumpFixture.StartJumpAsync();
        await using var device = await SshdFixture.StartVrpAsync();
        var session = await Connector.OpenAsync(Through(jump, device), SshdFixture.VrpDialect, Ct);
        await using (session)
        {
            Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display version", Ct));
            Assert.Contains($"Connection from 127.0.0.1 port {session.LocalPort} ", jump.Log);
            Assert.DoesNotContain($"Connection from 127.0.0.1 port {session.LocalPort} ", device.Log);
        }

        Assert.Contains($"server_request_direct_tcpip: originator 127.0.0.1", jump.Log);
        Assert.Equal(["screen-length 0 temporary", "display version", "return", "quit"], await File.ReadAllLinesAsync(Path.Combine(device.Directory, "executed"), Ct));
        Assert.False(await Connections.IsOpenAsync(session.LocalPort, Ct));
        Assert.Equal((1, 1), (jump.AuthenticationAttempts, device.AuthenticationAttempts));
    }

    [Fact]
    public async Task The_jump_host_is_reached_from_the_source_address()
    {
        await using var jump = await JumpFixture.StartJumpAsync();
        var endpoint = Through(jump, hosts.Device);
        await using var session = await Connector.OpenAsync(
            endpoint with { Way = endpoint.Way! with { Source = IPAddress.Parse("127.0.0.78") } }, SshdFixture.VrpDialect, Ct);
        Assert.Contains($"Connection from 127.0.0.78 port {session.LocalPort} ", jump.Log);
    }

    [Fact]
    public async Task A_device_s_key_is_read_through_the_jump_host()
    {
        var way = Through(hosts.Jump, hosts.Device).Way;
        Assert.Equal(hosts.Device.HostKey, await Connector.ReadHostKeyAsync(new(IPAddress.Loopback, hosts.Device.Port), way, Ct));
    }

    [Theory]
    [InlineData("SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", DeviceFault.HostKeyChanged)]
    [InlineData(null, DeviceFault.HostKeyUnknown)]
    public async Task Another_or_an_unknown_key_of_the_jump_host_is_refused_before_anything_is_said(string? pinned, DeviceFault fault)
    {
        await using var jump = await JumpFixture.StartJumpAsync();
        await using var device = await SshdFixture.StartVrpAsync();
        var endpoint = Through(jump, device);
        endpoint = endpoint with { Way = endpoint.Way! with { Jump = endpoint.Way.Jump! with { HostKeySha256 = pinned } } };

        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(endpoint, SshdFixture.VrpDialect, Ct));
        Assert.Equal((fault, false), (failure.Fault, failure.IsTransient));
        Assert.Contains("jump host", failure.Message);
        Assert.Equal((0, 0), (jump.AuthenticationAttempts, device.AuthenticationAttempts));
        Assert.DoesNotContain("Connection from", device.Log.Split('\n').Skip(JumpFixture.Probes(device)).Aggregate("", string.Concat));
    }

    /// <summary>T19.</summary>
    [Fact]
    public async Task A_login_that_the_jump_host_refuses_is_one_attempt_there_and_none_at_the_device()
    {
        await using var jump = await JumpFixture.StartJumpAsync();
        await using var device = await SshdFixture.StartVrpAsync();
        var endpoint = Through(jump, device);
        endpoint = endpoint with { Way = endpoint.Way! with { Jump = endpoint.Way.Jump! with { Login = hosts.Device.Login } } };

        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(endpoint, SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.AuthenticationFailed, false), (failure.Fault, failure.IsTransient));
        Assert.Contains("jump host", failure.Message);
        Assert.Equal((1, 0), (jump.AuthenticationAttempts, device.AuthenticationAttempts));
    }

    [Fact]
    public async Task Another_key_of_the_device_is_refused_through_a_jump_host_too()
    {
        var endpoint = Through(hosts.Jump, hosts.Device) with { HostKeySha256 = hosts.Jump.HostKey };
        Assert.Equal(DeviceFault.HostKeyChanged, (await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(endpoint, SshdFixture.VrpDialect, Ct))).Fault);
    }

    [Fact]
    public async Task A_device_that_the_jump_host_does_not_reach_is_Unreachable()
    {
        using var nobody = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // Bound, but not listening.
        var endpoint = Through(hosts.Jump, hosts.Device) with { Port = ((IPEndPoint)nobody.LocalEndPoint!).Port };
        var failure = await Assert.ThrowsAsync<DeviceException>(() => Connector.OpenAsync(endpoint, SshdFixture.VrpDialect, Ct));
        Assert.Equal((DeviceFault.Unreachable, true), (failure.Fault, failure.IsTransient));
    }

    [Fact]
    public async Task A_jump_host_that_falls_silent_ends_the_session_in_time()
    {
        await using var wire = new FaultyWire(hosts.Jump.Port);
        var endpoint = Through(hosts.Jump, hosts.Device);
        endpoint = endpoint with { Way = endpoint.Way! with { Jump = endpoint.Way.Jump! with { Port = wire.Port } } };
        var session = await Connector.OpenAsync(endpoint, SshdFixture.VrpDialect with { LineDeadline = TimeSpan.FromSeconds(1) }, Ct);
        wire.GoSilent();
        Assert.IsType<LineResult.Unknown>(await session.SendAsync("display version", Ct));
        var since = Stopwatch.GetTimestamp();
        await session.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "Disposing waited for a silent jump host.");
        Assert.False(await Connections.IsOpenAsync(session.LocalPort, Ct));
    }

    private static TerminalEndpoint Through(Sshd jump, Sshd device) => device.Endpoint() with { Way = new(null, jump.Endpoint("jump host")) };
}

/// <summary>A jump host and a device behind it, for tests that do not read their logs.</summary>
public sealed class JumpFixture : IAsyncLifetime
{
    public Sshd Jump { get; private set; } = null!;

    public Sshd Device { get; private set; } = null!;

    public static Task<Sshd> StartJumpAsync() => Sshd.StartAsync("exec false", "DisableForwarding no", "AllowTcpForwarding yes");

    /// <summary>How many lines the test's own look whether the server listens has left in its log.</summary>
    public static int Probes(Sshd server) => server.Log.Split('\n').TakeWhile(l => !l.Contains("Connection from", StringComparison.Ordinal)).Count() + 1;

    public async ValueTask InitializeAsync()
    {
        Jump = await StartJumpAsync();
        Device = await SshdFixture.StartVrpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Jump is not null)
        {
            await Jump.DisposeAsync();
        }

        if (Device is not null)
        {
            await Device.DisposeAsync();
        }
    }
}
