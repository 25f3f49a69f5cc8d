using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Ssh;

/// <summary>
/// The TCP side of every switch: one listener at each switch's own address, all at one port, forwarding to sshd. It knows which
/// connection belongs to which switch and client, refuses for a switch that is unreachable, and can cut a connection with a reset.
/// </summary>
internal sealed class SshFront : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(int SshdPort, int LocalPort), FrontConnection> _connections = new();
    private readonly ConcurrentDictionary<SimSwitch, Socket> _listeners = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Sessions _tasks = new();
    private readonly Lock _gate = new();
    private readonly Func<SimSwitch, CancellationToken, Task<int>> _sshdPortFor;

    private SshFront(int port, Func<SimSwitch, CancellationToken, Task<int>> sshdPortFor) => (Port, _sshdPortFor) = (port, sshdPortFor);

    public int Port { get; }

    /// <param name="devices">The switches to listen for.</param>
    /// <param name="wishedPort">The port at every address; 0: one that is free at all of them.</param>
    /// <param name="sshdPortFor">Which sshd a switch shows: one sshd has one host key.</param>
    public static SshFront Open(IReadOnlyList<SimSwitch> devices, int wishedPort, Func<SimSwitch, CancellationToken, Task<int>> sshdPortFor)
    {
        for (var attempt = 1; ; attempt++)
        {
            var bound = new List<Socket>(devices.Count);
            try
            {
                var port = wishedPort;
                foreach (var device in devices)
                {
                    bound.Add(Listen(device, port));
                    port = ((IPEndPoint)bound[^1].LocalEndPoint!).Port;
                }

                var front = new SshFront(port, sshdPortFor);
                foreach (var (device, socket) in devices.Zip(bound)) front.Serve(device, socket);
                return front;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                foreach (var socket in bound) socket.Dispose();
                if (wishedPort != 0 || attempt == 50)
                {
                    throw new LabException($"TCP port {wishedPort} is in use at {devices[bound.Count].Address}: choose another --ssh-port or --base.", e);
                }
            }
        }
    }

    public FrontConnection? Find((int SshdPort, int LocalPort) connection) => _connections.GetValueOrDefault(connection);

    /// <summary>Follows the switch's reachability: no listener and no connections while it is unreachable.</summary>
    public void Refresh(SimSwitch device)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) return;
            if (!device.Faults.IsUnreachable)
            {
                if (!_listeners.ContainsKey(device)) Serve(device, Listen(device, Port));
                return;
            }

            if (_listeners.TryRemove(device, out var listener)) listener.Dispose();
        }

        foreach (var connection in _connections.Values.Where(c => c.Device == device)) connection.Abort();
    }

    private static Socket Listen(SimSwitch device, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(device.Address, port));
            socket.Listen(128);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Serve(SimSwitch device, Socket listener)
    {
        _listeners[device] = listener;
        _tasks.Add(AcceptAsync(device, listener, _stop.Token));
    }

    private async Task AcceptAsync(SimSwitch device, Socket listener, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(ct);
                _tasks.Add(ForwardAsync(device, client, ct));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The listener was closed: the switch became unreachable, or the lab stops.
        }
    }

    private async Task ForwardAsync(SimSwitch device, Socket client, CancellationToken ct)
    {
        using var inner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var connection = new FrontConnection(device, client, inner);
        (int, int)? key = null;
        try
        {
            var sshdPort = await _sshdPortFor(device, ct);
            // Bound before it is connected, so that the relay cannot arrive before its connection is known.
            inner.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            key = (sshdPort, ((IPEndPoint)inner.LocalEndPoint!).Port);
            _connections[key.Value] = connection;
            await inner.ConnectAsync(IPAddress.Loopback, sshdPort, ct);
            await connection.RunAsync(ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One of the two ends has gone or was cut; the other is closed with it.
        }
        finally
        {
            if (key is { } known) _connections.TryRemove(known, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _stop.Cancel();
        foreach (var listener in _listeners.Values) listener.Dispose();
        foreach (var connection in _connections.Values) connection.Abort();
        await _tasks.EndAsync();
        _stop.Dispose();
    }
}

/// <summary>One client's connection to one switch.</summary>
internal sealed class FrontConnection(SimSwitch device, Socket client, Socket inner) : IDisposable
{
    private static readonly TimeSpan FrozenLook = TimeSpan.FromMilliseconds(50);

    private int _closed;

    public SimSwitch Device => device;

    /// <summary>The client's end as the service sees it: the join between the lab's log and the service's journal.</summary>
    public string Client { get; } = client.RemoteEndPoint?.ToString() ?? "";

    public async Task RunAsync(CancellationToken ct)
    {
        client.NoDelay = inner.NoDelay = true;
        await Task.WhenAll(PumpAsync(client, inner, ct), PumpAsync(inner, client, ct));
    }

    /// <summary>Resets the client's connection: no goodbye at any layer.</summary>
    public void Abort() => Close(reset: true);

    private async Task PumpAsync(Socket from, Socket to, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, ct) is > 0 and var length)
            {
                while (device.Faults.IsFrozen) await Task.Delay(FrozenLook, ct);
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None, ct);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            // A broken direction ends the other one too, which would otherwise wait for ever.
            Close(reset: true);
            throw;
        }
    }

    private void Close(bool reset)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        if (reset) client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        inner.Dispose();
    }

    public void Dispose() => Close(reset: false);
}
