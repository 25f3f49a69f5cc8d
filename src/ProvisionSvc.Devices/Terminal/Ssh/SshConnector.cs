using System.Net;
using System.Text;
using ProvisionSvc.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>Opens terminal sessions over SSH.</summary>
public sealed class SshConnector(TimeProvider clock) : ITerminalConnector
{
    /// <summary>How long the TCP connection and each step of the SSH handshake may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct)
    {
        if (endpoint.HostKeySha256 is null)
        {
            throw new DeviceException(DeviceFault.HostKeyUnknown, $"{endpoint.SwitchName}: no host key is trusted yet; look at the switch's key and trust it first.");
        }

        var attempt = await SshAttempt.PrepareAsync(
            endpoint.SwitchName, new(endpoint.Address, endpoint.Port), endpoint.Way, Authentication(endpoint), ConnectTimeout, dialect.LoginDeadline, ct);
        attempt.Offer(dialect.LegacyAlgorithms);
        attempt.Trust(endpoint.HostKeySha256);
        var transport = await attempt.RunAsync(client => SshTransport.Open(client, attempt.Tap, dialect), dialect.LoginDeadline, ct);
        return await TerminalSession.LoginAsync(transport, endpoint, dialect, clock, ct);
    }

    public async Task<string> ReadHostKeyAsync(IPEndPoint device, AccessWay? way, CancellationToken ct)
    {
        var attempt = await SshAttempt.PrepareAsync("The device", device, way, [new NoneAuthenticationMethod("nobody")], ConnectTimeout, ConnectTimeout, ct);
        attempt.OfferEverything();
        attempt.Trust(null);
        try
        {
            await attempt.RunAsync(_ => true, ConnectTimeout * 2, ct);
        }
        catch (DeviceException e) when (e.Fault is DeviceFault.HostKeyUnknown)
        {
            return attempt.ShownKey ?? throw new DeviceException(DeviceFault.Protocol, $"{device} showed no host key.", e);
        }

        throw new DeviceException(DeviceFault.Protocol, $"{device} went on although its key was refused.");
    }

    /// <summary>A key of one method and one attempt: a wrong password tried in two ways counts twice towards a lock-out (T19).</summary>
    public static AuthenticationMethod[] Authentication(TerminalEndpoint endpoint)
    {
        var login = endpoint.Login;
        if (login.PrivateKey is { } key)
        {
            return [new PrivateKeyAuthenticationMethod(login.User, KeyFile(endpoint.SwitchName, key, login.KeyPassphrase))];
        }

        if (login.Password is not { } password)
        {
            throw new DeviceException(DeviceFault.AuthenticationFailed, $"{endpoint.SwitchName}: the credential of \"{login.User}\" has neither a key nor a password.");
        }

        var once = new OnceOnly();
        var asked = new KeyboardInteractiveAuthenticationMethod(login.User);
        asked.AuthenticationPrompt += (_, e) =>
        {
            foreach (var prompt in e.Prompts)
            {
                prompt.Response = prompt.IsEchoed ? "" : password.Reveal();
            }
        };
        return [once.Wrap(new PasswordAuthenticationMethod(login.User, password.Reveal())), once.Wrap(asked)];
    }

    private static PrivateKeyFile KeyFile(string switchName, Secret key, Secret? passphrase)
    {
        try
        {
            return new PrivateKeyFile(new MemoryStream(Encoding.ASCII.GetBytes(key.Reveal())), passphrase?.Reveal());
        }
        catch (Exception e) when (e is SshException or NotSupportedException or FormatException or ArgumentException)
        {
            throw new DeviceException(DeviceFault.AuthenticationFailed, $"{switchName}: the credential's private key cannot be read: {e.Message}", e);
        }
    }
}
