using System.Net;
using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>One attempt to connect: algorithms, host key, login, and every way in which it can fail as a <see cref="DeviceException"/>.</summary>
internal sealed class SshAttempt
{
    private readonly string _name;
    private readonly ConnectionInfo _connection;
    private readonly AuthenticationMethod[] _authentication;
    private string? _trusted;

    private SshAttempt(string name, IPEndPoint entrance, IDetour? detour, AuthenticationMethod[] authentication, TimeSpan timeout)
    {
        _name = name;
        _authentication = authentication;
        Tap = new SessionTap { Detour = detour };
        _connection = new ConnectionInfo(entrance.Address.ToString(), entrance.Port, authentication[0].Username, authentication)
        {
            Timeout = timeout,
            ChannelCloseTimeout = TimeSpan.FromMilliseconds(500),
        };
    }

    public SessionTap Tap { get; }

    /// <summary>The host key that the device showed, as <c>SHA256:base64</c>.</summary>
    public string? ShownKey { get; private set; }

    /// <summary>Opens the way to the device, where it takes one; nothing is said to the device itself yet.</summary>
    public static async Task<SshAttempt> PrepareAsync(
        string name, IPEndPoint device, AccessWay? way, AuthenticationMethod[] authentication, TimeSpan timeout, TimeSpan deadline, CancellationToken ct)
    {
        var detour = way switch
        {
            { Jump: { } jump } => new JumpDetour(jump with { Way = way with { Jump = null } }, device, timeout),
            { Source: { } source } => new SourceRelay(source, device),
            _ => default(IDetour),
        };
        try
        {
            await (detour?.OpenAsync(timeout < deadline ? timeout : deadline, ct) ?? Task.CompletedTask);
            return new($"{name} ({device})", detour?.Entrance ?? device, detour, authentication, timeout);
        }
        catch
        {
            detour?.Dispose();
            throw;
        }
    }

    public void Offer(IReadOnlyList<string> legacy) => SshAlgorithms.Offer(_connection, legacy);

    public void OfferEverything() => SshAlgorithms.OfferEverything(_connection);

    /// <summary>The one key that is accepted; null: none.</summary>
    public void Trust(string? hostKey) => _trusted = hostKey;

    /// <summary>
    /// Connects, and makes what is wanted of the client. On a thread of its own: SSH.NET blocks all through the handshake, and some dozens of
    /// silent devices would otherwise hold the thread pool. When nobody waits any more the socket is closed, and the thread ends by that.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<SshClient, T> use, TimeSpan deadline, CancellationToken ct)
    {
        Tap.Attach(_connection);
        var run = Task.Factory.StartNew(() => Run(use), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await run.WaitAsync(deadline, ct);
        }
        catch (TimeoutException e)
        {
            throw new DeviceException(DeviceFault.Timeout, $"{_name}: no session within {deadline.TotalSeconds:0.#} s.", e);
        }
        finally
        {
            if (!run.IsCompletedSuccessfully)
            {
                Tap.Cut();
                _ = run.ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
            }
        }
    }

    private T Run<T>(Func<SshClient, T> use)
    {
        var client = new SshClient(_connection);
        client.HostKeyReceived += (_, e) => e.CanTrust = Accepts("SHA256:" + e.FingerPrintSHA256);
        try
        {
            client.Connect();
            return use(client);
        }
        catch (Exception e)
        {
            client.Dispose();
            throw Explain(e);
        }
        finally
        {
            Array.ForEach(_authentication, method => method.Dispose());
        }
    }

    private bool Accepts(string shown)
    {
        ShownKey = shown;
        return shown == _trusted;
    }

    private DeviceException Explain(Exception e)
    {
        if (ShownKey is not null && _trusted is null)
        {
            return new DeviceException(DeviceFault.HostKeyUnknown, $"{_name} shows the host key {ShownKey}, and none is trusted yet.", e);
        }

        if (ShownKey is not null && ShownKey != _trusted)
        {
            return new DeviceException(DeviceFault.HostKeyChanged, $"{_name} shows the host key {ShownKey}, but {_trusted} is trusted.", e);
        }

        return e switch
        {
            DeviceException known => known,
            SshAuthenticationException => new DeviceException(DeviceFault.AuthenticationFailed, $"{_name} refused the login of \"{_connection.Username}\": {e.Message}", e),
            SshOperationTimeoutException => new DeviceException(DeviceFault.Timeout, $"{_name} did not answer within {_connection.Timeout.TotalSeconds:0.#} s.", e),
            SocketException => new DeviceException(DeviceFault.Unreachable, $"{_name} cannot be reached: {e.Message}", e),
            SshConnectionException closed => new DeviceException(FaultOf(closed.DisconnectReason), $"{_name}: {e.Message}", e),
            SshException => new DeviceException(DeviceFault.SessionLimit, $"{_name} gives no shell: {e.Message}", e),
            _ => new DeviceException(DeviceFault.Unreachable, $"{_name}: the connection broke while it was opened: {e.Message}", e),
        };
    }

    private static DeviceFault FaultOf(DisconnectReason reason) => reason switch
    {
        DisconnectReason.KeyExchangeFailed or DisconnectReason.ProtocolError or DisconnectReason.MacError
            or DisconnectReason.ProtocolVersionNotSupported or DisconnectReason.CompressionError => DeviceFault.Protocol,
        DisconnectReason.NoMoreAuthenticationMethodsAvailable or DisconnectReason.IllegalUserName => DeviceFault.AuthenticationFailed,
        DisconnectReason.TooManyConnections => DeviceFault.SessionLimit,
        _ => DeviceFault.Unreachable,
    };
}
