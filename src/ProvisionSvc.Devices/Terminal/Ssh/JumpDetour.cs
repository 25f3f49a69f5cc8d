using System.Net;
using Renci.SshNet;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>
/// Through a jump host, by direct-tcpip (RFC 4254 §7.2): a connection of its own per session, whose host key is pinned like any device's. What passes is
/// the device's own SSH, so the jump host learns neither credential nor lines.
/// </summary>
internal sealed class JumpDetour(TerminalEndpoint jump, IPEndPoint device, TimeSpan timeout) : IDetour
{
    private SshClient? _client;
    private ForwardedPortLocal? _port;
    private SessionTap? _tap;

    public IPEndPoint Entrance => new(IPAddress.Loopback, (int)(_port ?? throw new InvalidOperationException("The way has not been opened.")).BoundPort);

    public int LocalPort => _tap?.LocalPort ?? 0;

    public async Task OpenAsync(TimeSpan deadline, CancellationToken ct)
    {
        var attempt = await SshAttempt.PrepareAsync(jump.SwitchName, new(jump.Address, jump.Port), jump.Way, SshConnector.Authentication(jump), timeout, deadline, ct);
        attempt.Offer([]);
        attempt.Trust(jump.HostKeySha256);
        _tap = attempt.Tap;
        (_client, _port) = await attempt.RunAsync(
            client =>
            {
                var port = new ForwardedPortLocal(IPAddress.Loopback.ToString(), 0, device.Address.ToString(), (uint)device.Port);
                client.AddForwardedPort(port);
                port.Start();
                return (client, port);
            },
            deadline, ct);
    }

    public void Leave()
    {
        _port?.Dispose();
        _client?.Dispose();
    }

    public void Dispose() => _tap?.Cut();
}
